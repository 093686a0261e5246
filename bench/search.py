"""What the wall around the public register costs in PostgreSQL, with 25,000 decisions on the shelf.

Each question that the public site asks is put three ways in turn: by the public login through its
view, by the owner through the same view, and by the owner to the bare table, which knows of no
deferred decision, of no later edition and of no wall.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

import psycopg
from django.http import QueryDict
from django.utils import timezone

from bench.register import SLUG, place_decisions
from bench.scratch import scratch
from config import env
from decisions.register import search, shelf
from decisions.register.models import Decision
from tests import database
from tests.register_world import document, numbered

DECISIONS: Final = 25_000
# Made by the service itself; the others are copies of these with other names and other words.
MODELS: Final = 1_600
DEFERRED: Final = 10
ROUNDS: Final = 30
COPIES: Final = """
INSERT INTO register.register_live
  (reference, slug, edition, title, office, decision_maker, date_signed, outcome, summary, capital,
   revenue, income, sample, content, digest, pdf_digest, pdf_size, placed_at, first_published_at,
   published_at, search)
SELECT 'PCD ' || n, 'pcd-' || n, 1, title, office, decision_maker, date_signed, outcome, summary,
       capital, revenue, income, sample, content, encode(sha256(n::text::bytea), 'hex'), pdf_digest,
       pdf_size, placed_at, first_published_at - n * interval '1 hour',
       published_at - n * interval '1 hour',
       to_tsvector('english', concat_ws(' ', 'PCD', n, words[1 + n %% 23], words[1 + n %% 19],
         words[1 + n %% 211 %% 23], CASE WHEN n %% 8 = 0 THEN title END))
FROM generate_series(%(first)s::int, %(last)s::int) AS n
JOIN register.register_live made ON made.slug = 'pcd-' || (1 + n %% %(models)s::int)
CROSS JOIN (SELECT %(words)s::text[] AS words) AS vocabulary
"""
WORDS: Final = [  # twenty-three
    "vehicle", "estate", "youth", "forensic", "radio", "custody", "training", "vetting",
    "violence", "burglary", "camera", "fleet", "interpreter", "grant", "victim", "research",
    "hostel", "uniform", "charging", "analytics", "workshop", "outreach", "dogs",
]  # fmt: skip
BARE: Final = """(
SELECT reference, slug, edition, true AS current, title, office, decision_maker, date_signed,
       first_published_at AS published_at, published_at AS edition_published_at, outcome, summary,
       capital, revenue, income, sample, content, digest, pdf_digest, pdf_size, search
FROM register.register_live) AS "decision" """


def main() -> None:
    """Make the register, put every question in the three ways, print medians and ratios."""
    with scratch() as name:
        fill(name)
        _report(name)


def fill(name: str) -> None:
    """Put 25,000 decisions on the register, and ten that are deferred."""
    place_decisions(MODELS)
    for number in range(DEFERRED):
        record = numbered(90_000 + number)
        shelf.place(
            record,
            pdf_digest=document(record.reference),
            not_before=timezone.now() + timedelta(days=30),
        )
    with psycopg.connect(database.address(env.OWNER, name), autocommit=True) as owner:
        owner.execute("ALTER TABLE register.register_live DISABLE TRIGGER USER")
        owner.execute(
            COPIES,
            {"first": MODELS + 1, "last": DECISIONS, "models": MODELS, "words": WORDS},
        )
        owner.execute("VACUUM ANALYZE register.register_live")
        owner.execute("ANALYZE")


def _questions() -> dict[str, tuple[str, tuple[Any, ...]]]:
    """What the site asks PostgreSQL for its pages, as Django writes it."""

    def page(address: str) -> tuple[str, tuple[Any, ...]]:
        found = search.answers(search.question(QueryDict(address)))[:20]
        return found.query.sql_with_params()

    one = Decision.objects.filter(slug=SLUG).order_by("-edition")
    count = search.answers(search.question(QueryDict("q=platform"))).order_by()
    return {
        "The newest 20": page(""),
        "One decision by its address": one.query.sql_with_params(),
        "A word in one of eight": page("q=platform"),
        "A word in one of 23": page("q=hostel"),
        "Two words": page("q=hostel+camera"),
        "A reference": page("q=PCD+1828"),
        "A word that is nowhere": page("q=zeppelin"),
        "How many have the word": count.values("slug").query.sql_with_params(),
    }


def _report(name: str) -> None:
    with _session(env.PUBLIC, name) as public, _session(env.OWNER, name) as owner:
        print(
            f"PostgreSQL's milliseconds for a question, {DECISIONS:,} decisions, {ROUNDS} rounds."
        )
        print(
            f"{'':30}{'bare table':>11}{'owner, view':>12}"
            f"{'public':>9}{'to owner':>9}{'to bare':>9}"
        )
        for title, (statement, values) in _questions().items():
            bare = statement.replace('FROM "decision"', f"FROM {BARE}")
            ways = ((owner, bare), (owner, statement), (public, statement))
            times: list[list[float]] = [[], [], []]
            for _ in range(ROUNDS):
                for taken, (session, asked) in zip(times, ways, strict=True):
                    taken.append(_milliseconds(session, asked, values))
            middle = [statistics.median(taken) for taken in times]
            print(
                f"{title:30}{middle[0]:11.2f}{middle[1]:12.2f}{middle[2]:9.2f}"
                f"{middle[2] / middle[1]:9.2f}{middle[2] / middle[0]:9.2f}"
            )
        print("The last two: the public login to the owner, and to the bare table.")


@contextmanager
def _session(role: str, name: str) -> Iterator[psycopg.Connection[Any]]:
    """A login as the public site's: the same search path, no helpers of PostgreSQL's."""
    options = "-c search_path=pub,register -c max_parallel_workers_per_gather=0"
    with psycopg.connect(
        database.address(role, name), autocommit=True, options=options
    ) as connection:
        yield connection


def _milliseconds(
    session: psycopg.Connection[Any], statement: str, values: tuple[Any, ...]
) -> float:
    start = time.perf_counter()
    session.execute(statement.encode(), values).fetchall()
    return (time.perf_counter() - start) * 1000
