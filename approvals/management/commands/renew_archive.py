"""Renew the archive copies of sealed documents before the proof in them runs out."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from approvals import archive
from approvals.library import DocumentLost, StoreError
from approvals.models import SealedDocument
from approvals.sealing import SealingError

# After so many refusals one after another, the authority is away and the rest can wait.
PATIENCE: Final = 3
_LOCK: Final = 0x5EA1_A2C4  # any number, the same for every run


class Command(BaseCommand):
    """Meant for a timer: a run with nothing to do changes nothing, and two at once do no harm."""

    help = "Renew archive copies that are missing or older than SEAL_ARCHIVE_RENEW_DAYS."

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError with a sentence when any copy could not be renewed."""
        if not settings.SEAL_TSA_URL:
            raise CommandError(
                "No archive copy was renewed because no timestamp authority is set. Set "
                "SEAL_TSA_URL to one, and SEAL_TSA_CERTS_FILE to its root."
            )
        if not _alone():
            self.stdout.write("Another run is renewing archive copies; nothing to do.")
            return
        try:
            self._renew(list(archive.due(settings.SEAL_ARCHIVE_RENEW_DAYS)))
        finally:
            _let_go()

    def _renew(self, documents: list[SealedDocument]) -> None:
        renewed, refused, in_a_row = 0, 0, 0
        for document in documents:
            try:
                archive.renew(document)
            except (SealingError, DocumentLost, StoreError) as refusal:
                refused, in_a_row = refused + 1, in_a_row + 1
                self.stderr.write(f"Document {document.digest}: {refusal}")
                if in_a_row == PATIENCE:
                    break
            else:
                renewed, in_a_row = renewed + 1, 0
        self.stdout.write(f"Archive copies renewed: {renewed} of {len(documents)} that were due.")
        if refused:
            raise CommandError(
                f"Archive copies not renewed: {len(documents) - renewed}. The reasons stand above; "
                "run this again when they are mended."
            )


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def _let_go() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
