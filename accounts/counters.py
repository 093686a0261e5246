"""The cache of all workers: an unlogged table, in which tries are counted and spent codes kept.

Django's own asks PostgreSQL five times to write one row, and makes room by dropping rows that still
count, so that whoever fills the table would be forgotten. This one writes in one statement, and
drops only what is over.
"""

from __future__ import annotations

import base64
import pickle
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
        pickled = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        written: list[str | datetime] = [key, base64.b64encode(pickled).decode("ascii"), expires]
        if not connection.in_atomic_block:  # else others might wait for what is swept here
            statement, written = _SWEEP + statement, [key, *written]
        with connection.cursor() as cursor:
            cursor.execute(statement.format(table=connection.ops.quote_name(self._name)), written)
            return bool(cursor.rowcount)
