"""Load the sample cast and the sample decisions into an empty system."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from approvals.documents import RenderingError
from approvals.library import StoreError
from approvals.sample import cast as stage
from approvals.sample.load import load
from approvals.sealing import SealingError
from decisions.uploads.apart import NotLookedInto
from decisions.uploads.store import NotKept


class Command(BaseCommand):
    """Loads once. What is there already stays as it is, so it can be run at every start."""

    help = "Load the sample cast and the sample decisions, where they are missing."

    def add_arguments(self, parser: CommandParser) -> None:
        """The cast alone, for those who want to draft every paper themselves."""
        parser.add_argument(
            "--cast-only", action="store_true", help="Load the people and no papers."
        )
        parser.add_argument(
            "--next-number",
            type=int,
            default=None,
            metavar="N",
            help="With --cast-only: the number of the next PCD (1829 if not given).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError with a sentence outside a sample system or where it cannot load."""
        number: int | None = options["next_number"]
        if number is not None and not options["cast_only"]:
            raise CommandError("--next-number goes with --cast-only. Nothing was done.")
        try:
            stage.require_sample_system()
            password = stage.kept_password()
            cast = stage.assemble(password, next_number=number or stage.NEXT_NUMBER)
            if options["cast_only"]:
                self.stdout.write("The sample cast is there.")
                return
            for sentence in load(cast, password):
                self.stdout.write(sentence)
                self.stdout.flush()
        except stage.NotASampleSystem as refusal:
            raise CommandError(str(refusal)) from refusal
        except (SealingError, RenderingError, StoreError) as refusal:
            raise CommandError(f"A document could not be made. {refusal.sentence}") from refusal
        except (NotLookedInto, NotKept) as refusal:
            raise CommandError(f"A sample file could not be added. {refusal}") from refusal
