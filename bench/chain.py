"""What the chain of events costs, and the guards: events a second, and a whole act of signing.

Each is done in turn with all triggers, and with some of them switched off by the owner of a
database that is thrown away afterwards. The PostgreSQL of the tests does not wait for the disk.
Where one does, the chain takes one commit after the other: many writers wait for the disk in turn.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from statistics import median
from typing import Any, Final

import psycopg
from psycopg import sql

from bench.scratch import scratch
from config import env
from tests import database, stages
from tests.cast import Cast, assemble

EVENTS: Final = 800
ROUNDS: Final = 7
SIGNATURES: Final = 16
EVENT: Final = (
    "INSERT INTO decisions_event (actor_id, verb, facts) "
    "VALUES (%(person)s, 'begin', '{\"subject\":\"title\"}')"
)
ACTS: Final = "SELECT set_config('countersign.person', %(person)s::text, true)"
CHAIN: Final = "t.tgname IN ('chain_event', 'write_leaf')"
# All of ours but the one that does work which the policies need: what somebody sends on stays seen.
GUARDS: Final = "t.tgenabled = 'A' AND t.tgname <> 'keep_in_sight'"
TRIGGERS: Final = (
    "SELECT n.nspname, c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
    "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal AND "
)
# Events that nothing numbers are numbered backwards, so that the chain goes on where it was.
NUMBERS: Final = (
    "CREATE SEQUENCE bench_numbers INCREMENT -1 START -1",
    "GRANT USAGE ON SEQUENCE bench_numbers TO countersign_staff",
    "ALTER TABLE decisions_event ALTER seq SET DEFAULT nextval('bench_numbers')",
)


def main() -> None:
    """Make a company and its papers, write and sign with and without, print ratios, clean up."""
    with scratch() as name:
        with database.owner_of(name) as owner:
            for statement in NUMBERS:
                owner.execute(statement.encode())
        cast = assemble()
        print(f"Events a second, {EVENTS} in each of {ROUNDS} rounds; the middle of the rounds.")
        print(f"{'':32}{'chained':>10}{'without':>10}{'cost':>8}")
        for writers in (1, 8):
            _events(name, cast, writers)
        _signing(name, cast)


def _events(name: str, cast: Cast, writers: int) -> None:
    chained, bare = [], []
    for _ in range(ROUNDS):
        chained.append(_seconds(lambda: _write(name, cast.olu.pk, writers)))
        with _off(name, CHAIN):
            bare.append(_seconds(lambda: _write(name, cast.olu.pk, writers)))
    with_chain, without = EVENTS / median(chained), EVENTS / median(bare)
    title = f"{writers} writer{'s' if writers > 1 else ''}"
    print(f"{title:32}{with_chain:10.0f}{without:10.0f}{without / with_chain:8.2f}", flush=True)


def _write(name: str, person: int, writers: int) -> None:
    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(lambda _: _one_writer(name, person, EVENTS // writers), range(writers)))


def _one_writer(name: str, person: int, count: int) -> None:
    """Write so many events, each in a transaction of its own, as the staff process does."""
    with psycopg.connect(database.address(env.STAFF, name)) as staff:
        for _ in range(count):
            staff.execute(ACTS, {"person": person})
            staff.execute(EVENT, {"person": person})
            staff.commit()


def _signing(name: str, cast: Cast) -> None:
    papers = iter([stages.decision(cast) for _ in range(3 * SIGNATURES + 1)])

    def sign() -> float:
        paper = next(papers)
        return _seconds(lambda: stages.decide(paper, cast.dominic))

    sign()  # not counted
    everything, no_chain, no_guards = (list[float]() for _ in range(3))
    for _ in range(SIGNATURES):
        for taken, which in ((everything, ""), (no_chain, CHAIN), (no_guards, GUARDS)):
            with _off(name, which):
                taken.append(sign())
    print(f"\nMilliseconds to decide and sign, {SIGNATURES} papers each, the middle and the least.")
    least = min(no_guards), median(no_guards)
    for title, found in (
        ("with chain and guards", everything),
        ("without the chain", no_chain),
        ("without chain and guards", no_guards),
    ):
        print(
            f"{title:32}{median(found) * 1000:10.1f}{min(found) * 1000:10.1f}"
            f"{median(found) / least[1]:8.2f}{min(found) / least[0]:8.2f}"
        )


def _seconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@contextmanager
def _off(name: str, which: str) -> Iterator[None]:
    """While this lasts, these triggers are off; none of them where `which` is empty."""
    with database.owner_of(name) as owner:
        found = owner.execute((TRIGGERS + (which or "false")).encode()).fetchall()
        _switch(owner, found, "DISABLE")
        try:
            yield
        finally:
            _switch(owner, found, "ENABLE ALWAYS")


def _switch(owner: psycopg.Connection[Any], triggers: list[Any], how: str) -> None:
    for schema, table, trigger in triggers:
        owner.execute(
            sql.SQL("ALTER TABLE {} {} TRIGGER {}").format(
                sql.Identifier(schema, table), sql.SQL(how), sql.Identifier(trigger)
            )
        )
