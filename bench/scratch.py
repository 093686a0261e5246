"""A database to measure in, which is gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connections

from config import env
from tests import database


@contextmanager
def scratch() -> Iterator[str]:
    """A migrated database of the tests' cluster, used as the staff process; gives its name."""
    name: str = settings.TEST_DATABASE
    database.create(name)
    try:
        database.migrate(name)
        database.connect("default", env.STAFF, name)
        yield name
    finally:
        connections.close_all()
        database.drop(name)
