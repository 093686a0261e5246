"""Make the key with which a developer's machine seals documents."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from approvals.sealing import SealingError, keys


class Command(BaseCommand):
    """Makes the pair once; a second run finds it and changes nothing."""

    help = "Make the seal key and certificate of a developer's machine, where they are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError in production, and when what is there cannot be used."""
        try:
            made = keys.make_development_pair()
        except SealingError as refusal:
            raise CommandError(refusal.sentence) from refusal
        if made:
            self.stdout.write(f"Made the seal key: “{keys.DEVELOPMENT_NAME}”.")
        else:
            self.stdout.write("The seal key is there; nothing to do.")
