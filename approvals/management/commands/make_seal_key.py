"""Make the key with which a developer's machine seals documents, or replace it by a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from approvals.sealing import SealingError, development

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """Makes the pair once; a second run finds it and changes nothing, unless told to replace it."""

    help = "Make the seal key and certificate of a developer's machine, where they are missing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--roll-over` replaces the pair; the old certificate is kept in SEAL_TRUST_FILE."""
        parser.add_argument(
            "--roll-over",
            action="store_true",
            help="Replace the pair by a new one; what the old one sealed stays genuine.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError in production, and when what is there cannot be used."""
        try:
            if options["roll_over"]:
                development.roll_over()
                self.stdout.write("Made a new seal key; the old certificate is still trusted.")
                return
            made = development.make_pair()
        except SealingError as refusal:
            raise CommandError(refusal.sentence) from refusal
        if made:
            self.stdout.write(f"Made the seal key: “{development.DEVELOPMENT_NAME}”.")
        else:
            self.stdout.write("The seal key is there; nothing to do.")
