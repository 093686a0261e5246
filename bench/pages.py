"""What a public page costs, against a bare view that reads one row.

Prints processor milliseconds a request of the application and of PostgreSQL, and ratios.
"""

from __future__ import annotations

import os

import psycopg
from django.db import connection

from bench.processes import Cost, cost, postmaster, server
from bench.register import SLUG, place_decisions
from bench.scratch import scratch
from config import env
from tests import database

DECISIONS = 2_000
REQUESTS = 600
PAGES = {
    "Public decision page": f"/decisions/{SLUG}/",
    "Public list": "/decisions/",
    "Public search": "/decisions/?q=platform",
}


def main() -> None:
    """Make a register of decisions, measure each page, print the table, clean up."""
    with scratch() as name:
        place_decisions(DECISIONS)
        _count(name)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            database_pid = postmaster(cursor.fetchone()[0])
        _report(name, database_pid)


def _count(name: str) -> None:
    """Let PostgreSQL count what it holds, as a running one does by itself within a minute."""
    with psycopg.connect(database.address(env.OWNER, name), autocommit=True) as owner:
        owner.execute("ANALYZE")


def _report(name: str, database_pid: int) -> None:
    environment = {
        "DATABASE_URL": database.address(env.OWNER, name),
        "PUBLIC_DATABASE_URL": database.address(env.PUBLIC, name),
        "DATA_DIR": os.environ["DATA_DIR"],
    }
    with server("bench.bare:bare_application()", environment) as (pid, port):
        bare = cost(pid, port, f"/decisions/{SLUG}/", REQUESTS, database_pid)
    print(f"Processor milliseconds a request, {REQUESTS} requests, {DECISIONS:,} decisions.")
    print(f"{'':32}{'application':>12}{'PostgreSQL':>12}{'total':>8}{'ratio':>8}")
    _line("Bare view, one indexed row", bare, bare)
    with server("config.wsgi_public:application", environment) as (pid, port):
        for title, path in PAGES.items():
            _line(title, cost(pid, port, path, REQUESTS, database_pid), bare)


def _line(title: str, found: Cost, bare: Cost) -> None:
    print(
        f"{title:32}{found.application:12.2f}{found.database:12.2f}"
        f"{found.total:8.2f}{found.total / bare.total:8.2f}"
    )
