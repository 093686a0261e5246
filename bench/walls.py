"""What need to know costs: pages with the policies of config/rows.sql, and without, in one run.

Prints milliseconds a page, the middle of many, and their ratio.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from statistics import median
from typing import Any

from django.conf import settings
from django.db import connections
from psycopg import sql

from config import env
from tests import database, stages
from tests.cast import assemble
from tests.pages import signed_in

PAPERS = 60
PAGES_EACH = 20
_PROTECTED = "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relrowsecurity"


def main() -> None:
    """Make papers, open pages as different people, print the table, clean up."""
    name = settings.TEST_DATABASE
    database.create(name)
    try:
        database.migrate(name)
        database.connect("default", env.STAFF, name)
        cast = assemble()
        for number in range(PAPERS):
            stages.blank(cast, title=f"Paper {number}", by=(cast.olu, cast.oona)[number % 2])
        paper = stages.consultation(cast)
        with database.owner_of(name) as owner:
            owner.execute("ANALYZE")
        print(f"Milliseconds a page of the staff process, {PAPERS} papers, {PAGES_EACH} each.")
        print(f"{'':32}{'policies':>10}{'without':>10}{'ratio':>8}")
        for title, who, path in (
            ("A paper, its officer", cast.olu, paper.get_absolute_url()),
            ("A paper, an adviser", cast.farah, paper.get_absolute_url()),
            ("A paper, the auditor", cast.aud, paper.get_absolute_url()),
            ("The list, an officer", cast.olu, "/papers/"),
            ("The list, the auditor", cast.aud, "/papers/"),
            ("Own work, an officer", cast.olu, "/"),
        ):
            client = signed_in(who)
            _line(title, name, partial(client.get, path, follow=True, SERVER_NAME="127.0.0.1"))
    finally:
        connections.close_all()
        database.drop(name)


def _line(title: str, name: str, page: Callable[[], Any]) -> None:
    with_policies = _cost(page)
    with _without(name):
        without = _cost(page)
    print(f"{title:32}{with_policies:10.1f}{without:10.1f}{with_policies / without:8.2f}")


def _cost(page: Callable[[], Any]) -> float:
    taken = []
    for _ in range(PAGES_EACH):
        start = time.perf_counter()
        assert page().status_code == 200
        taken.append((time.perf_counter() - start) * 1000)
    return median(taken)


@contextmanager
def _without(name: str) -> Iterator[None]:
    """While this lasts, no policy is asked."""
    with database.owner_of(name) as owner:
        protected = [row[0] for row in owner.execute(_PROTECTED).fetchall()]
        switch = "ALTER TABLE {} {} ROW LEVEL SECURITY"
        for relation in protected:
            owner.execute(sql.SQL(switch).format(sql.SQL(relation), sql.SQL("DISABLE")))
        try:
            yield
        finally:
            for relation in protected:
                owner.execute(sql.SQL(switch).format(sql.SQL(relation), sql.SQL("ENABLE")))
