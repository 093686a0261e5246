"""Where a word ended up: in which tables of a database, and in which files of a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from uuid import uuid4

from psycopg import sql

from tests import database

_TABLES: Final = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^(pg_|information_schema$)'
ORDER BY 1, 2
"""
_RUNNING: Final = """
SELECT EXISTS (SELECT FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND query ILIKE %s)
"""


def canary() -> str:
    """A word that stands nowhere else."""
    return f"Zander{uuid4().hex}"


def tables_with(word: str, name: str) -> set[str]:
    """The tables of a database in which a row holds the word, as text or as bytes.

    Asked by a superuser, who sees every row. A statement that holds it is told as pg_stat_activity.
    """
    wanted = f"%{word}%"
    found = set()
    with database.superuser_of(name) as superuser:
        for schema, table in superuser.execute(_TABLES).fetchall():
            asked = sql.SQL(
                "SELECT EXISTS (SELECT FROM {} AS r WHERE r::text ILIKE %s OR r::text ILIKE %s)"
            ).format(sql.Identifier(schema, table))
            if superuser.execute(asked, [wanted, f"%{word.encode().hex()}%"]).fetchone() == (True,):
                found.add(table)
        if superuser.execute(_RUNNING, [wanted]).fetchone() == (True,):
            found.add("pg_stat_activity")
    return found


def files_with(word: str, folder: Path) -> set[str]:
    """The files below a folder whose name or content holds the word."""
    return {
        str(file.relative_to(folder))
        for file in folder.rglob("*")
        if word in file.name or (file.is_file() and word.encode() in file.read_bytes())
    }
