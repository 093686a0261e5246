"""A folder for the files of one test run, gone when the run ends."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile


def folder() -> str:
    """A new folder, removed when this process ends (and by no copy of it)."""
    made = tempfile.mkdtemp(prefix="countersign-test-")
    atexit.register(_remove, made, os.getpid())
    return made


def _remove(made: str, by: int) -> None:
    if os.getpid() == by:
        shutil.rmtree(made, ignore_errors=True)
