"""Apply config/roles.sql and rows.sql: who may read and write what, said after every migrate."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from django.db import connections
from psycopg import sql

from config import env


def make_logins(using: str = "default") -> None:
    """Make the roles that are missing, so that the policies of a backup find those they name."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY (%s)", [list(env.ROLES)])
        there = {name for (name,) in cursor.fetchall()}
        for role in env.ROLES:
            if role not in there:
                made = sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role))
                cursor.execute(made.as_string(None))


def apply(using: str = "default") -> None:
    """Run roles.sql, and then rows.sql, on one connection, which must be the owner's.

    On a developer's machine the roles also get the passwords of their addresses; elsewhere a
    password is the database administrator's business.
    """
    with connections[using].cursor() as cursor:
        for name in ("roles.sql", "rows.sql"):
            cursor.execute((env.PROJECT / "config" / name).read_text())
        for role in env.ROLES:
            password = urlsplit(env.database_url(role)).password
            if password and env.is_development():
                statement = sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                    sql.Identifier(role), sql.Literal(unquote(password))
                )
                cursor.execute(statement.as_string(None))
