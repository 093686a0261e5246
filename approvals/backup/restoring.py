"""Restore a backup into an empty database: the rows from the dump, the rights from the code.

No right is taken from a backup: whoever could write one could grant themselves something. Rights
are those of config/bootstrap.sql and config/roles.sql, and are then compared with the backup's.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg
from django.db import connection
from psycopg import sql

from approvals import roles_sql
from approvals.backup.dumping import DUMP
from approvals.backup.programs import BackupError, run
from config import env


def restore(folder: Path) -> None:
    """Fill the database of DATABASE_URL from a backup. Raises BackupError with a sentence."""
    owner = env.database_url(env.OWNER)
    superuser = env.text("SUPERUSER_DATABASE_URL")
    try:
        if superuser:
            prepare(superuser, owner)
        _is_empty(owner)
        roles_sql.make_logins()
        connection.close()
        run(
            "pg_restore",
            *("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"),
            *("--no-password", "--dbname", owner, folder / DUMP),
        )
        connection.close()
        roles_sql.apply()
        if superuser:  # roles.sql may have made roles that bootstrap.sql has something to say of
            prepare(superuser, owner)
    except psycopg.Error as error:
        raise BackupError(f"The database refused: {error.diag.message_primary or error}") from error


def prepare(superuser: str, owner: str) -> None:
    """Make the database where it is missing, and run config/bootstrap.sql in it."""
    name = unquote(urlsplit(owner).path.lstrip("/"))
    user = unquote(urlsplit(owner).username or env.OWNER)
    with psycopg.connect(superuser, autocommit=True) as connected:
        found = connected.execute("SELECT FROM pg_database WHERE datname = %s", [name])
        if found.fetchone() is None:
            connected.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(
                    sql.Identifier(name), sql.Identifier(user)
                )
            )
    there = urlunsplit(urlsplit(superuser)._replace(path=urlsplit(owner).path))
    with psycopg.connect(there, autocommit=True) as connected:
        connected.execute((env.PROJECT / "config" / "bootstrap.sql").read_bytes())


def _is_empty(owner: str) -> None:
    with psycopg.connect(owner, autocommit=True) as connected:
        found = connected.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace NOT IN "
            "(SELECT oid FROM pg_namespace WHERE nspname LIKE 'pg\\_%' "
            "OR nspname = 'information_schema')"
        ).fetchone()
        if found != (0,):
            raise BackupError(
                "The database is not empty, and a restore replaces nothing. Make an empty one and "
                "name it by DATABASE_URL."
            )
        # Until its rights are said again, nobody else comes in.
        connected.execute(
            sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(
                sql.Identifier(connected.info.dbname)
            )
        )
