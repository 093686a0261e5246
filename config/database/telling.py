"""A cursor that tells PostgreSQL who acts before the first statement that needs to know.

`set_config(…, true)` lasts until the transaction ends, and a savepoint that is rolled back takes it
away again. So the connection remembers what the running transaction was told, and forgets it
whenever that may no longer be true. A statement outside any transaction is sent together with the
telling, in one round trip and, as PostgreSQL sees it, in one transaction.
"""

from __future__ import annotations

from typing import Any, Final, Self

import psycopg
from psycopg.pq import TransactionStatus

from config.database.acting import acting

SETTING: Final = "countersign.person"
_TELL: Final = f"SELECT set_config('{SETTING}', %s, true)"
_NOBODY: Final = ""


class TellingCursor(psycopg.Cursor[Any]):
    """A cursor that binds values on the server, and says who acts where that is news."""

    def execute(self, query: Any, params: Any = None, **how: Any) -> Self:
        """Run a statement for the person who acts."""
        news = None if _is_about_the_transaction(query) else _news(self.connection)
        if news is None:
            super().execute(query, params, **how)
        elif not _stands_alone(self.connection):
            _tell(self.connection, news)
            super().execute(query, params, **how)
        elif params is None:  # perhaps several statements in one text, which a pipeline cannot take
            with self.connection.transaction():
                _send(self.connection, news)
                super().execute(query, params, **how)
        else:
            with self.connection.pipeline():
                _send(self.connection, news)
                super().execute(query, params, **how)
        if self.statusmessage == "ROLLBACK":  # to a savepoint: what was said after it is undone
            _remember(self.connection, None)
        return self

    def executemany(self, query: Any, params_seq: Any, *, returning: bool = False) -> None:
        """Run a statement for many rows for the person who acts, in one transaction."""
        news = _news(self.connection)
        if news is None:
            super().executemany(query, params_seq, returning=returning)
            return
        with self.connection.transaction():
            _send(self.connection, news)
            super().executemany(query, params_seq, returning=returning)
        _remember(self.connection, None)


def _news(connection: psycopg.Connection[Any]) -> str | None:
    """What the transaction of the next statement has to be told first, or None for nothing."""
    status = connection.info.transaction_status
    if status == TransactionStatus.INERROR:
        return None  # it takes nothing but its end, or the way back to a savepoint
    person = acting()
    wanted = _NOBODY if person is None else str(person)
    if status == TransactionStatus.IDLE:
        _remember(connection, _NOBODY)
    return None if _remembered(connection) == wanted else wanted


def _is_about_the_transaction(query: Any) -> bool:
    """Whether PostgreSQL takes a statement only as the first one of its transaction."""
    return isinstance(query, str) and query.startswith("SET TRANSACTION")


def _stands_alone(connection: psycopg.Connection[Any]) -> bool:
    return connection.autocommit and connection.info.transaction_status == TransactionStatus.IDLE


def _tell(connection: psycopg.Connection[Any], news: str) -> None:
    _send(connection, news)
    _remember(connection, news)


def _send(connection: psycopg.Connection[Any], news: str) -> None:
    psycopg.Cursor(connection).execute(_TELL, [news])


def _remember(connection: psycopg.Connection[Any], told: str | None) -> None:
    """Keep what the running transaction was told; None where that is not known."""
    connection.countersign_told = told  # type: ignore[attr-defined]  # kept where it is true


def _remembered(connection: psycopg.Connection[Any]) -> str | None:
    return getattr(connection, "countersign_told", None)
