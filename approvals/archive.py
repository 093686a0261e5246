"""Copies of sealed documents for the archive: which are due, and making them anew.

The published file never changes. Each renewal is a file of its own in the store "archive" and a
row that names it; older copies stay.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.files.storage import storages
from django.db import connection
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from approvals.library import DocumentLost, StoreError, keep_file, read_file
from approvals.models import ArchivedDocument, SealedDocument
from approvals.sealing import SealingError, archive

# After so many refusals one after another an authority is away, and the rest can wait.
PATIENCE: Final = 3
_LOCK: Final = 0x5EA1_A2C4  # any number, the same for every run


@dataclass(frozen=True)
class Renewal:
    """What one run did: how many copies were due, how many were renewed, and why others not."""

    due: int
    renewed: int
    refusals: tuple[str, ...]


def renew_due() -> Renewal | None:
    """Renew every copy that is due. None where another run is at it.

    Raises SealingError where no timestamp authority is set.
    """
    if not settings.SEAL_TSA_URL:
        raise SealingError(
            f"{archive.WHAT} because no timestamp authority is set. Set SEAL_TSA_URL to one, and "
            "SEAL_TSA_CERTS_FILE to its root."
        )
    with _alone() as alone:
        return _renew_all(list(due(settings.SEAL_ARCHIVE_RENEW_DAYS))) if alone else None


def _renew_all(documents: list[SealedDocument]) -> Renewal:
    renewed, in_a_row, refusals = 0, 0, []
    for document in documents:
        try:
            renew(document)
        except (SealingError, DocumentLost, StoreError) as refusal:
            refusals.append(f"Document {document.digest}: {refusal}")
            in_a_row += 1
            if in_a_row == PATIENCE:
                break
        else:
            renewed, in_a_row = renewed + 1, 0
    return Renewal(len(documents), renewed, tuple(refusals))


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other run renews copies of this database; true for one at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        alone = bool(cursor.fetchone()[0])
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


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
