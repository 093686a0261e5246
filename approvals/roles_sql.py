"""Apply config/roles.sql: who may read and write what, said again after every migrate."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from django.db import connections
from psycopg import sql

from config import env


def apply(using: str = "default") -> None:
    """Run roles.sql on one connection, which must be the owner's.

    On a developer's machine the roles also get the passwords of their addresses; elsewhere a
    password is the database administrator's business.
    """
    text = (env.PROJECT / "config" / "roles.sql").read_text()
    with connections[using].cursor() as cursor:
        cursor.execute(text)
        for role in env.ROLES:
            password = urlsplit(env.database_url(role)).password
            if password and env.is_development():
                statement = sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                    sql.Identifier(role), sql.Literal(unquote(password))
                )
                cursor.execute(statement.as_string(None))
