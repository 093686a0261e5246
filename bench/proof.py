"""What a proof of the public log costs, with a short log and with a long one, against plain pages.

Prints processor milliseconds a request of the application and of PostgreSQL, and ratios.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any, Final

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection

from bench.processes import Cost, cost, postmaster, server
from bench.register import SLUG
from bench.scratch import scratch
from bench.search import DECISIONS, fill
from config import env
from decisions.chain import merkle
from decisions.chain.notes import Checkpoint, sign
from tests import database

SHORT: Final = 6_000  # the leaves of SLUG are among them
LONG: Final = 3 * DECISIONS
REQUESTS: Final = 60
ORIGIN: Final = "bench.example/log"
LEAVES: Final = """
INSERT INTO chain_leaf (number, event, slug, edition, text, salt, commitment)
SELECT n, n, slug, 1, text, salt,
       encode(sha256(decode(salt, 'hex') || convert_to(text, 'UTF8')), 'hex')
FROM (
  SELECT n, 'pcd-' || (n - 1) / 3 + 1 AS slug, encode(sha256(n::text::bytea), 'hex') AS salt,
         '{"reference":"pcd-' || (n - 1) / 3 + 1 || '","event":' || n || '}' AS text
  FROM generate_series(%s::int, %s::int) AS n
) AS made
"""


def main() -> None:
    """Make a register and a short log, measure, let the log grow, measure again, clean up."""
    with scratch() as name:
        fill(name)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            database_pid = postmaster(cursor.fetchone()[0])
        _report(name, database_pid)


def _grow(name: str, first: int, last: int) -> None:
    """Add leaves with these numbers, and a checkpoint that covers them."""
    with psycopg.connect(database.address(env.OWNER, name), autocommit=True) as owner:
        owner.execute(LEAVES, [first, last])
        owner.execute("VACUUM ANALYZE chain_leaf")
        rows: list[Any] = owner.execute(
            "SELECT commitment FROM chain_leaf ORDER BY number"
        ).fetchall()
        tree = merkle.Tree(merkle.leaf_hash(bytes.fromhex(row[0])) for row in rows)
        made = Checkpoint(ORIGIN, last, tree.root(last), last, "0" * 64, datetime.now(UTC))
        owner.execute(
            "INSERT INTO chain_checkpoint (size, seq, note) VALUES (%s, %s, %s)",
            [last, last, sign(made, Ed25519PrivateKey.generate())],
        )


def _report(name: str, database_pid: int) -> None:
    environment = {
        "DATABASE_URL": database.address(env.OWNER, name),
        "PUBLIC_DATABASE_URL": database.address(env.PUBLIC, name),
        "DATA_DIR": os.environ["DATA_DIR"],
    }
    print(f"Processor milliseconds a request, {REQUESTS} requests, {DECISIONS:,} decisions.")
    print(f"{'':36}{'application':>12}{'PostgreSQL':>12}{'total':>8}{'to page':>9}{'to short':>9}")
    with server("config.wsgi_public:application", environment) as (pid, port):

        def measured(path: str) -> Cost:
            return cost(pid, port, path, REQUESTS, database_pid)

        page = measured(f"/decisions/{SLUG}/")
        _line("The page of a decision", page, page, None)
        before: dict[str, Cost] = {}
        for first, last in ((1, SHORT), (SHORT + 1, LONG)):
            _grow(name, first, last)
            for title, path in {
                "its proof": f"/log/proof/{SLUG}.json",
                "and that it grew": f"/log/proof/{SLUG}.json?from={SHORT // 2}",
                "a page of leaves": f"/log/entries.json?from={SHORT - 1500}",
            }.items():
                found = measured(path)
                _line(f"{last:,} leaves: {title}", found, page, before.get(title))
                before[title] = found


def _line(title: str, found: Cost, page: Cost, short: Cost | None) -> None:
    grown = f"{found.total / short.total:9.2f}" if short else ""
    print(
        f"{title:36}{found.application:12.2f}{found.database:12.2f}{found.total:8.2f}"
        f"{found.total / page.total:9.2f}{grown}",
        flush=True,
    )
