"""PostgreSQL's own programs that write and read a backup."""

from __future__ import annotations

import subprocess
from pathlib import Path

from config import env


class BackupError(Exception):
    """No backup was made, or none restored. Its text is a sentence for whoever runs the command."""


def run(name: str, *arguments: str | Path) -> None:
    """Run one of them. Raises BackupError with its last words, which hold no row of a table."""
    folder = env.text("PG_BIN")
    program = str(Path(folder) / name) if folder else name
    try:
        done = subprocess.run(  # noqa: S603 - a program of PostgreSQL's, with arguments of ours
            [program, *map(str, arguments)], capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise BackupError(
            f"{program} does not run: {error.strerror}. Install PostgreSQL's programs, of the "
            "server's version or newer, or name their folder by PG_BIN."
        ) from error
    if done.returncode != 0:
        said = [line for line in done.stderr.splitlines() if "error" in line.lower()]
        raise BackupError(f"{name} failed: {(said or ['it did not say why'])[0]}")
