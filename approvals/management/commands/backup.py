"""backup: write the whole database into a new folder, with what a restored one must be equal to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from approvals.backup.dumping import back_up
from approvals.backup.programs import BackupError
from approvals.backup.proof import as_owner


class Command(BaseCommand):
    """Ends with 1 and a sentence when no backup was made; then the folder is not there either."""

    help = "Write a backup of the database into a new folder."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to."""
        parser.add_argument("folder", type=Path, help="a folder that is not there yet")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it. Raises CommandError."""
        try:
            as_owner()
            made = back_up(options["folder"])
        except BackupError as refusal:
            raise CommandError(str(refusal)) from refusal
        print(
            f"Backed up {sum(made.rows.values())} rows, up to event {made.last_event}, into "
            f"{options['folder']}. Now copy the files."
        )
