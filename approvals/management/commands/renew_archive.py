"""Renew the archive copies of sealed documents before the proof in them runs out."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from approvals import archive
from approvals.sealing import SealingError


class Command(BaseCommand):
    """The worker does the same every night: a run with nothing to do changes nothing."""

    help = "Renew archive copies that are missing or older than SEAL_ARCHIVE_RENEW_DAYS."

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError with a sentence when any copy could not be renewed."""
        try:
            done = archive.renew_due()
        except SealingError as refusal:
            raise CommandError(refusal.sentence) from refusal
        if done is None:
            self.stdout.write("Another run is renewing archive copies; nothing to do.")
            return
        for refusal_said in done.refusals:
            self.stderr.write(refusal_said)
        self.stdout.write(f"Archive copies renewed: {done.renewed} of {done.due} that were due.")
        if done.refusals:
            raise CommandError(
                f"Archive copies not renewed: {done.due - done.renewed}. The reasons stand above; "
                "run this again when they are mended."
            )
