"""restore: fill an empty database from a backup, and prove that it is what was backed up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from approvals.backup.dumping import read_manifest
from approvals.backup.programs import BackupError
from approvals.backup.proof import as_owner, findings
from approvals.backup.restoring import restore
from config import env


class Command(BaseCommand):
    """Ends with 1 and every finding as a sentence when anything is off.

    With --prove-only nothing is restored: what is there is compared with the backup.
    """

    help = "Fill an empty database from a backup, and prove that it is what was backed up."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """From where, and against what of the witness."""
        parser.add_argument("folder", type=Path, help="what `backup` wrote")
        parser.add_argument(
            "--checkpoint",
            type=Path,
            action="append",
            default=[],
            help="a checkpoint of the witness's own copy; may be given again",
        )
        parser.add_argument(
            "--without-witness", action="store_true", help="the service has no witness"
        )
        parser.add_argument("--prove-only", action="store_true", help="restore nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore and prove. Raises CommandError."""
        line = env.text("WITNESS_PUBLIC_KEY")
        if not options["without_witness"] and not (options["checkpoint"] and line):
            raise CommandError(
                "Nothing says what the chain was: give --checkpoint with a file of the witness's "
                "own folder, and set WITNESS_PUBLIC_KEY to its public line."
            )
        try:
            manifest = read_manifest(options["folder"])
            if not options["prove_only"]:
                restore(options["folder"])
            as_owner()
            found = list(findings(manifest, options["checkpoint"], line))
        except BackupError as refusal:
            raise CommandError(str(refusal)) from refusal
        if found:
            said = "\n".join(f"- {finding}" for finding in found)
            raise CommandError(f"NOT IN ORDER. Do not serve this database.\n{said}")
        print(
            f"In order: {sum(manifest.rows.values())} rows up to event {manifest.last_event}, and "
            "every guard, right and file."
        )
