"""Papers of two officers in every state, and which paper each row of each table hangs on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.db import connection

from accounts.models import User, today
from approvals import actions
from approvals.models import ArchivedDocument, DocumentRefusal, SealedDocument
from decisions.models import FileApproval, Paper
from decisions.states import State
from tests import stages
from tests.cast import Cast
from tests.public_file_world import says
from tests.uploading import with_confidential_file, with_file

# The paper of a row, for every table that is seen with its paper.
_OF_EDITION: Final = "SELECT e.paper_id FROM approvals_edition e WHERE e.id = t.edition_id"
WITH_ITS_PAPER: Final = dict.fromkeys(
    (
        "public.decisions_backgroundpaper",
        "public.decisions_contributor",
        "public.decisions_declaration",
        "public.decisions_event",
        "public.decisions_fileapproval",
        "public.decisions_fundingline",
        "public.decisions_reader",
        "public.decisions_recommendation",
        "public.decisions_section",
        "public.decisions_supportingdocument",
        "public.decisions_supportingfile",
        "public.decisions_version",
        "public.approvals_consultation",
        "public.approvals_edition",
        "public.approvals_notice",
        "public.approvals_signature",
        "conf.part_two_clearance",
    ),
    "t.paper_id",
) | {
    "public.decisions_paper": "t.id",
    "public.approvals_advice": (
        "SELECT c.paper_id FROM approvals_consultation c WHERE c.id = t.consultation_id"
    ),
    "public.approvals_reason": "SELECT e.paper_id FROM decisions_event e WHERE e.id = t.event_id",
    "public.approvals_outcome": (
        "SELECT s.paper_id FROM approvals_signature s WHERE s.id = t.signature_id"
    ),
    "public.approvals_assertion": (
        "SELECT s.paper_id FROM approvals_signature s WHERE s.id = t.signature_id"
    ),
    "public.approvals_sealeddocument": _OF_EDITION,
    "public.approvals_documentrefusal": _OF_EDITION,
    "public.approvals_publication": _OF_EDITION,
    "public.approvals_archiveddocument": (
        "SELECT e.paper_id FROM approvals_sealeddocument d "
        "JOIN approvals_edition e ON e.id = d.edition_id WHERE d.id = t.document_id"
    ),
    "register.register_embargo": "SELECT p.id FROM decisions_paper p WHERE p.slug = t.slug",
}
# Made by a passkey alone, which nobody holds here; its policy is compared with the outcomes'.
BY_PASSKEY: Final = "public.approvals_assertion"
# The paper of a row, for what only cleared people see of it.
OF_CLEARED: Final = {
    "conf.part_two": "t.paper_id",
    "conf.part_two_exemption": (
        "SELECT p.paper_id FROM conf.part_two p WHERE p.id = t.part_two_id"
    ),
    "conf.part_two_file": "t.paper_id",
    "conf.part_two_frozen": (
        "SELECT v.paper_id FROM decisions_version v WHERE v.id = t.version_id"
    ),
}


def add_files(paper: Paper, by: User, second: User) -> None:
    """A confidential file, and one for the public that a second person has approved."""
    with_confidential_file(paper, by, says("The prices"), "prices.pdf")
    file = with_file(paper, by, says("The fleet"))
    FileApproval.objects.create(paper=paper, digest=file.public_digest, approved_by=second)


def write(cast: Cast) -> None:
    """Papers of two officers in every state, with a row in every table that hangs on a paper."""
    for state in State:
        for by in (cast.olu, cast.oona):
            paper = stages.BY_STATE[state](cast, by=by, part_two=True)
            if state == State.DRAFT:
                line = {"label": "Platform", "amount": 1, "kind": "capital"}
                stages.change_rows(paper, "background-papers", by, [{"title": "A paper"}])
                stages.change_rows(paper, "supporting-documents", by, [{"title": "A map"}])
                stages.change_rows(paper, "funding", by, [line])
                add_files(paper, by, cast.saba)
    back = stages.endorsement(cast, part_two=True)
    actions.send_back(back.pk, by=cast.celia, reason="The sums do not add up.")
    waiting = stages.sealed(cast, part_two=True)
    stages.publish(
        waiting, cast.saba, until=today() + timedelta(days=9), reason="A bid.", owner=cast.saba
    )
    document = SealedDocument.objects.get(edition__paper=waiting)
    DocumentRefusal.objects.create(edition=document.edition, attempt=1, sentence="No room.")
    ArchivedDocument.objects.create(document=document, digest="a" * 64, size=1)


def rows(sql: str) -> set[tuple[Any, ...]]:
    """What a question in SQL is answered for whoever acts now."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return set(cursor.fetchall())
