"""Copies of sealed documents for the archive: which are due, and making them anew.

The published file never changes. Each renewal is a file of its own in the store "archive" and a
row that names it; older copies stay.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.core.files.storage import storages
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from approvals.library import DocumentLost, keep_file, read_file
from approvals.models import ArchivedDocument, SealedDocument
from approvals.sealing import archive


def due(days: int, *, now: datetime | None = None) -> QuerySet[SealedDocument]:
    """Sealed documents without an archive copy, or whose newest is `days` old; oldest first."""
    before = (now or timezone.now()) - timedelta(days=days)
    return (
        SealedDocument.objects.annotate(renewed_at=Max("archived__renewed_at"))
        .filter(Q(renewed_at=None) | Q(renewed_at__lte=before))
        .order_by("renewed_at", "pk")
    )


def renew(document: SealedDocument) -> ArchivedDocument:
    """Make a new archive copy from the newest there is, or else from the sealed document.

    Raises SealingError, DocumentLost or StoreError with a sentence; then nothing is written down.
    """
    newest = document.archived.order_by("-renewed_at", "-pk").first()
    made = archive.renew(read_file(document.digest) if newest is None else read_copy(newest.digest))
    digest = hashlib.sha256(made).hexdigest()
    keep_file("archive", digest, made)
    return ArchivedDocument.objects.create(document=document, digest=digest, size=len(made))


def read_copy(digest: str) -> bytes:
    """An archive copy as it was kept. Raises DocumentLost with a sentence."""
    try:
        with storages["archive"].open(f"{digest}.pdf") as kept:
            pdf: bytes = kept.read()
    except OSError as error:
        raise DocumentLost(
            "The archive copy is not among the files that were kept, or cannot be read. Put it "
            "back from the backup."
        ) from error
    if hashlib.sha256(pdf).hexdigest() != digest:
        raise DocumentLost(
            "The file of the archive copy was changed since it was kept. Put it back from the "
            "backup."
        )
    return pdf
