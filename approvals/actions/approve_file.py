"""approve_file: a second person lets a file be published. It moves no paper, so it is no verb."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from approvals.actions.move import Refused
from approvals.public_files import why_cannot_approve
from decisions.history import record
from decisions.models import FileApproval, Paper


def approve_file(paper_id: int, file_id: int, *, by: User, digest: str) -> None:
    """Let a file be published, as this person saw it: `digest` is that of the rewritten file.

    Raises Refused with a sentence; then nothing is written.
    """
    with transaction.atomic():
        held = Paper.objects.select_for_update(of=("self",)).get(pk=paper_id)
        file = held.files.select_related("paper").filter(pk=file_id).first()
        if file is None or file.public_digest != digest:
            raise Refused("The file was removed meanwhile. Nothing was done.")
        refusal = why_cannot_approve(file, by)
        if refusal:
            raise Refused(refusal)
        FileApproval.objects.create(paper=held, digest=digest, approved_by=by)
        record(held, "approve_file", by, document=digest)
