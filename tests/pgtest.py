"""The pytest plugin that brings PostgreSQL and a data folder: `addopts = -p tests.pgtest`.

pytest-django reads the settings before any conftest.py, so where the database and the data are must
stand in the environment while plugins load. This is that moment, and this file does nothing else:
the test database itself is made by tests/conftest.py.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import tempfile

import pytest

from setup import devdb
from setup.sentences import SetupError

_open = contextlib.ExitStack()
atexit.register(_open.close)  # pytest does not unconfigure when its own configuration fails


def _is_worker() -> bool:
    """Whether this is a worker of pytest-xdist, which inherits the address from its parent."""
    return "PYTEST_XDIST_WORKER" in os.environ


def _bring_database() -> None:
    if os.environ.get("DATABASE_URL", "").strip():
        return
    try:
        os.environ["DATABASE_URL"] = _open.enter_context(devdb.session(test=True))
    except SetupError as refusal:
        raise pytest.UsageError(str(refusal)) from None
    # The other roles' addresses follow from the owner's, never from a database meant otherwise.
    for role in ("STAFF", "PUBLIC", "RENDERER", "MAILER", "WITNESS"):
        os.environ.pop(f"{role}_DATABASE_URL", None)


def _bring_data_folder() -> None:
    if not os.environ.get("DATA_DIR", "").strip():
        folder = tempfile.TemporaryDirectory(prefix="countersign-test-", ignore_cleanup_errors=True)
        os.environ["DATA_DIR"] = _open.enter_context(folder)


def pytest_unconfigure() -> None:
    """Delete the folder and leave the cluster when pytest ends; the last to leave stops it."""
    _open.close()


if not _is_worker():
    _bring_data_folder()
    _bring_database()
