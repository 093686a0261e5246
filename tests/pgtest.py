"""The pytest plugin that brings PostgreSQL. Loaded by `addopts = -p tests.pgtest`.

pytest-django reads the settings before any conftest.py, so the address of the database must stand
in the environment while plugins load. This is that moment, and this file does nothing else: the
test database itself is made by tests/conftest.py.
"""

from __future__ import annotations

import atexit
import contextlib
import os

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
    for name in ("STAFF_DATABASE_URL", "PUBLIC_DATABASE_URL"):
        os.environ.pop(name, None)


def pytest_unconfigure() -> None:
    """Leave the cluster when pytest ends; the last to leave stops it."""
    _open.close()


if not _is_worker():
    _bring_database()
