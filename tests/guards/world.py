"""A database with at least one row in every table that a guard of ours stands on."""

# ruff: noqa: S608 - every name in a statement here is one of PostgreSQL's own catalogue
from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

import psycopg

from accounts.models import today
from approvals import actions
from tests import stages
from tests.cast import Cast
from tests.guards.catalogue import THEIRS, Connection
from tests.tamper_world import make_history

# Rows that no act of the cast leaves: a document that was refused once, and one for the archive.
_BESIDES: Final = """
INSERT INTO approvals_documentrefusal (edition_id, attempt, refused_at, sentence)
  SELECT max(id), 1, now(), 'It could not be made.' FROM approvals_edition;
INSERT INTO approvals_archiveddocument (document_id, digest, size, renewed_at)
  SELECT max(id), repeat('a', 64), 1, now() FROM approvals_sealeddocument;
"""


def make_world(name: str, folder: Path) -> Cast:
    """Papers in every state, published and deferred, with Part 2, reasons, and checkpoints."""
    cast = make_history(name, folder).cast
    stages.decision(cast, part_two=True)
    sent_back = stages.decision(cast)
    actions.send_back(sent_back.pk, by=cast.dominic, reason="The sums do not add up.")
    day = today() + timedelta(days=30)
    deferred = stages.sealed(cast, deferred_until=day)
    stages.publish(deferred, cast.saba, until=day, reason="Not yet signed.", owner=cast.olu)
    return cast


def empty_tables(superuser: Connection) -> list[str]:
    """Tables of ours without a row, on which no guard could be tried."""
    tables = superuser.execute(
        b"SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n "
        b"ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND c.oid::regclass::text !~ %s "
        b"AND n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema' ORDER BY 1",
        [THEIRS],
    ).fetchall()
    return [
        table
        for (table,) in tables
        if superuser.execute(f"SELECT FROM {table} LIMIT 1".encode()).rowcount == 0
    ]


def add_what_no_act_leaves(superuser: Connection) -> None:
    """The rows of a mishap or a late run of the worker; and one in every other empty table."""
    superuser.execute(_BESIDES.encode())
    before: list[str] = []
    while before != (empty := empty_tables(superuser)):  # a row may need one of another table
        before = empty
        for table in empty:
            with suppress(psycopg.Error), superuser.transaction():
                _fill(superuser, table)


def _fill(superuser: Connection, table: str) -> None:
    triggers = superuser.execute(
        b"SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal "
        b"AND tgenabled = 'A'",
        [table],
    ).fetchall()
    superuser.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
    superuser.execute(_any_row(superuser, table).encode())
    superuser.execute(b"SET CONSTRAINTS ALL IMMEDIATE")
    for (trigger,) in triggers:
        superuser.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}".encode())


_COLUMNS: Final = """
SELECT quote_ident(a.attname), a.atttypid::regtype::text, k.confrelid::regclass::text
FROM pg_attribute a LEFT JOIN pg_constraint k
  ON k.conrelid = a.attrelid AND k.contype = 'f' AND k.conkey = ARRAY[a.attnum]
WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull
  AND NOT a.atthasdef AND a.attidentity = '' AND a.attgenerated = ''
ORDER BY a.attnum
"""
_VALUES: Final = {
    "boolean": "false",
    "uuid": "gen_random_uuid()",
    "date": "current_date",
    "timestamp with time zone": "now()",
    "jsonb": "'{}'",
    "bytea": "'x'",
    "numeric": "1",
}


def _any_row(superuser: Connection, table: str) -> str:
    """A statement that adds a row of which nothing is asked but that it is there."""
    values = {}
    for column, kind, parent in superuser.execute(_COLUMNS.encode(), [table]).fetchall():
        number = f"(SELECT min(id) FROM {parent})" if parent else "1"
        values[column] = number if "int" in kind else _VALUES.get(kind, "'x'")
    if not values:
        return f"INSERT INTO {table} DEFAULT VALUES"
    return f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(values.values())})"
