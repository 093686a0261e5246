"""Databases for tests: made and migrated as the owner, used as the real roles, never flushed.

Ordinary tests run inside a transaction that is rolled back. A test that needs committed rows,
several connections or a live process gets a clone of the migrated database and drops it after.
Evidence cannot be deleted, so nothing here ever empties a table.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from config import env
from config.database.acting import acting_as
from setup import devdb
from tests import ambient

SEARCH_PATH = "public,conf,register,pub"


def address(role: str, name: str) -> str:
    """The connection address of a role on the database of that name."""
    return urlunsplit(urlsplit(env.database_url(role))._replace(path=f"/{name}"))


def _settings(role: str, name: str, search_path: str = SEARCH_PATH) -> dict[str, Any]:
    wanted = env.database(role, search_path=search_path)
    wanted["NAME"] = name
    wanted["CONN_HEALTH_CHECKS"] = False
    return wanted


def connect(alias: str, role: str, name: str, search_path: str = SEARCH_PATH) -> None:
    """Point one of Django's connections at a role and a database."""
    connection = connections[alias]
    connection.close()
    connection.settings_dict.update(_settings(role, name, search_path))


@contextmanager
def owner_session() -> Iterator[psycopg.Connection[Any]]:
    """A connection of the owner outside any test database, for making and dropping them."""
    url = env.database_url(env.OWNER)
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@contextmanager
def owner_of(name: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection of the owner to a test database, for what no role of the service may do."""
    with psycopg.connect(address(env.OWNER, name), autocommit=True) as connection:
        yield connection


@contextmanager
def superuser_of(name: str) -> Iterator[psycopg.Connection[Any]]:
    """A superuser in a database of the tests' own cluster, for what not even the owner may do."""
    own = devdb.cluster(test=True)
    assert own.url == env.database_url(env.OWNER), "A superuser is known of our own cluster only."
    with psycopg.connect(
        host=str(own.socket), user=devdb.SUPERUSER, dbname=name, autocommit=True
    ) as connection:
        yield connection


def drop(name: str) -> None:
    """Drop a test database, whoever is still connected to it.

    A process that is just leaving, or the server's own cleaner, may not be ended by force: without
    force PostgreSQL waits for it.
    """
    statement = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
    with owner_session() as owner:
        try:
            owner.execute(statement + sql.SQL(" WITH (FORCE)"))
        except psycopg.errors.InsufficientPrivilege:
            owner.execute(statement)


def create(name: str, *, template: str | None = None) -> None:
    """Make a new database, or a copy of a template that nobody is connected to.

    A new one is a copy of template1, where a superuser has run config/bootstrap.sql.
    """
    drop(name)
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(template or "template1")
    )
    with owner_session() as owner:
        owner.execute(statement)
        owner.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
        if template:
            owner.execute(
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
                    sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, env.ROLES))
                )
            )


def migrate(name: str) -> None:
    """Bring a database to the newest migration as the owner; roles are applied at the end."""
    connect("default", env.OWNER, name)
    with acting_as(None):
        call_command("migrate", verbosity=0, interactive=False)
    connections["default"].close()
    with owner_of(name) as owner:
        ambient.admit(owner)
