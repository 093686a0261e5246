"""What the architecture tests look at: the project's own files."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

from config.env import PROJECT


@cache
def committed_files() -> tuple[Path, ...]:
    """Every file of the project that is not ignored, in order."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=PROJECT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    paths = (PROJECT / name for name in sorted(listed.split("\0")) if name)
    return tuple(path for path in paths if path.is_file())


def files(*suffixes: str) -> list[Path]:
    """Those with one of these endings."""
    return [path for path in committed_files() if path.suffix in suffixes]


def name(path: Path) -> str:
    """How a file is called in a message."""
    return str(path.relative_to(PROJECT))
