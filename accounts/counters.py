"""The cache of all workers: an unlogged table, in which tries are counted and spent codes kept.

Django's own asks PostgreSQL five times to write one row, and makes room by dropping rows that still
count, so that whoever fills the table would be forgotten. This one writes in one statement, and
drops only what is over. Django's also unpickles what it reads, which runs whatever somebody with a
way into the table wrote there; here a value is JSON, and only that.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import connections, router

# For ever, as far as a column of time stamps goes.
_FOR_EVER: Final = datetime.max.replace(tzinfo=UTC)
_WRITE: Final = """
INSERT INTO {table} AS kept (cache_key, value, expires) VALUES (%s, %s, %s)
ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires
"""
_READ: Final = "SELECT cache_key, value FROM {table} WHERE cache_key = ANY(%s) AND expires >= now()"
_WHERE_OVER: Final = "WHERE kept.expires < now()"
# A few rows that are over, besides the one that is written, and none that anybody else holds.
_SWEEP: Final = """
WITH over AS (
  SELECT cache_key FROM {table} WHERE expires < now() AND cache_key <> %s
  ORDER BY expires LIMIT 10 FOR UPDATE SKIP LOCKED
), swept AS (
  DELETE FROM {table} WHERE cache_key IN (SELECT cache_key FROM over)
)
"""


class Counters(DatabaseCache):
    """Django's cache in a table, with one statement for each row that it writes."""

    def __init__(self, table: str, params: dict[str, Any]) -> None:
        super().__init__(table, params)
        self._name = table

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        """The values of those keys that have one which still counts."""
        asked = {self.make_and_validate_key(key, version=version): key for key in keys}
        connection = connections[router.db_for_read(self.cache_model_class)]
        with connection.cursor() as cursor:
            name = connection.ops.quote_name(self._name)
            cursor.execute(_READ.format(table=name), [list(asked)])
            return {asked[key]: json.loads(value) for key, value in cursor.fetchall()}

    def set(
        self,
        key: Any,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        """Write a row, whatever stood there."""
        self._write(_WRITE, self.make_and_validate_key(key, version=version), value, timeout)

    def add(
        self,
        key: Any,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        """Write a row unless there is one; of two who do it at once, one is told False.

        The second waits for the first one's transaction, and is let in where that is rolled back.
        """
        whole = self.make_and_validate_key(key, version=version)
        return self._write(_WRITE + _WHERE_OVER, whole, value, timeout)

    def _write(self, statement: str, key: str, value: Any, timeout: float | None) -> bool:
        connection = connections[router.db_for_write(self.cache_model_class)]
        until = self.get_backend_timeout(timeout)
        expires = _FOR_EVER if until is None else datetime.fromtimestamp(until, tz=UTC)
        written: list[str | datetime] = [key, json.dumps(value), expires]
        if not connection.in_atomic_block:  # else others might wait for what is swept here
            statement, written = _SWEEP + statement, [key, *written]
        with connection.cursor() as cursor:
            cursor.execute(statement.format(table=connection.ops.quote_name(self._name)), written)
            return bool(cursor.rowcount)
