"""backup: write database and files into a new folder, with what a restored one must be equal to."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from approvals.backup.dumping import back_up
from approvals.backup.files import copy_files
from approvals.backup.programs import BackupError
from approvals.backup.proof import as_owner

INCOMPLETE: Final = ".incomplete"


class Command(BaseCommand):
    """Ends with 1 and a sentence when no backup was made; then the folder is not there either.

    So it does where files are missing. What could be kept is in a folder then that says so by its
    name: one lost file must not keep all others from being kept.
    """

    help = "Write a backup of the database and of the files of all stores into a new folder."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, and whether with files."""
        parser.add_argument("folder", type=Path, help="a folder that is not there yet")
        parser.add_argument(
            "--without-files", action="store_true", help="for stores that are kept in another way"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it. Raises CommandError."""
        folder: Path = options["folder"]
        try:
            as_owner()
            made = back_up(folder)
            copied = 0 if options["without_files"] else _with_files(folder)
        except BackupError as refusal:
            raise CommandError(str(refusal)) from refusal
        print(
            f"Backed up {sum(made.rows.values())} rows, up to event {made.last_event}, and "
            f"{copied} files into {folder}."
        )


def _with_files(folder: Path) -> int:
    """Copy the files into a backup; how many. Raises BackupError, and then it is no backup."""
    try:
        copied, missing = copy_files(folder)
    except BackupError:
        shutil.rmtree(folder)
        raise
    if not missing:
        return copied
    part = folder.with_name(f"{folder.name}{INCOMPLETE}")
    folder.rename(part)
    raise BackupError(
        f"{part} is no whole backup: files that the database names are not there. Are DATA_DIR and "
        "the stores those of the service?\n" + "\n".join(f"- {one}" for one in missing)
    )
