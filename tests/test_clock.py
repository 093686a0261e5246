"""A deferred decision at its second, asked again and again while PostgreSQL's own clock goes on.

No clock is put forward or back: a moment is set a little way ahead, and every surface is asked
until each has shown the decision. What shows it before that moment by PostgreSQL's clock is early.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest
from pytest_django.plugin import DjangoDbBlocker

from approvals.models import Publication
from config import env
from decisions.register.models import Embargo
from tests import database, stages
from tests.cast import assemble
from tests.records import pcd_1080
from tests.register_world import Register, register
from tests.test_register_deferral import LISTS, OF_THE_DECISION, SEARCHES, TITLE, WORDS, deferred

SURFACES = (
    *LISTS,
    *OF_THE_DECISION,
    *SEARCHES,
    "/log/entries.json",
    "/log/proof/pcd-1977.json",
    "/robots.txt",
)
# These say nothing of it before its moment or after: in this register no act was logged.
SILENT = {"/log/entries.json", "/log/proof/pcd-1977.json", "/robots.txt"}


def shows(world: Register, path: str) -> bool:
    """Whether a surface tells of the deferred decision, in its body or by answering at all."""
    answer = world.get(path)
    if "1977" in path.partition("?")[0]:
        return answer.status_code == 200
    said = answer.content.decode()
    if "?" in path:
        return TITLE in said
    return any(word in said for word in WORDS)


@pytest.mark.parametrize(
    ("rounds", "ahead"), [(1, 1.5), pytest.param(100, 4, marks=pytest.mark.long)]
)
def test_no_surface_is_early_and_every_surface_is_there_afterwards(
    migrated: str, django_db_blocker: DjangoDbBlocker, rounds: int, ahead: float
) -> None:
    probes: Counter[str] = Counter()
    for _ in range(rounds):
        with register(migrated, django_db_blocker) as world, world.sql() as clock:

            def now(clock: psycopg.Connection[tuple[datetime]] = clock) -> datetime:
                found = clock.execute("SELECT clock_timestamp()").fetchone()
                assert found is not None
                return found[0]

            world.place(pcd_1080())
            moment = now() + timedelta(seconds=ahead)
            world.place(deferred(), not_before=moment)
            waiting = list(SURFACES)
            while waiting:
                for path in list(waiting):
                    begun = now()
                    seen = shows(world, path)
                    ended = now()
                    probes["before" if ended < moment else "after"] += 1
                    assert not (seen and ended < moment), f"{path} was early by {moment - ended}"
                    if begun >= moment:
                        assert seen == (path not in SILENT), f"{path} did not show it in time"
                        waiting.remove(path)
    assert probes["before"] >= 5 * rounds
    assert probes["after"] >= len(SURFACES) * rounds


LONDON = ZoneInfo("Europe/London")
# The first moment of a day in London, by the clock of the world: days on which clocks change in
# London, the days after them, a leap day and the day after it.
DAYS = {
    date(2027, 3, 28): datetime(2027, 3, 28, 0, tzinfo=UTC),
    date(2027, 3, 29): datetime(2027, 3, 28, 23, tzinfo=UTC),
    date(2027, 10, 31): datetime(2027, 10, 30, 23, tzinfo=UTC),
    date(2027, 11, 1): datetime(2027, 11, 1, 0, tzinfo=UTC),
    date(2028, 2, 29): datetime(2028, 2, 29, 0, tzinfo=UTC),
    date(2028, 3, 1): datetime(2028, 3, 1, 0, tzinfo=UTC),
    date(2037, 10, 25): datetime(2037, 10, 24, 23, tzinfo=UTC),
    date(2037, 10, 26): datetime(2037, 10, 26, 0, tzinfo=UTC),
    date(2032, 3, 28): datetime(2032, 3, 28, 0, tzinfo=UTC),
}


@pytest.mark.usefixtures("seal_key")
def test_a_day_begins_at_midnight_in_london_whatever_the_clocks_do(clone: str) -> None:
    cast = assemble()
    paper = stages.sealed(cast)
    for day, begins in DAYS.items():
        stages.publish(paper, cast.saba, until=day, reason="Not yet signed.", owner=cast.olu)
        placed = Embargo.objects.filter(slug=paper.slug).latest("placed_at")
        published = Publication.objects.filter(edition__paper=paper).latest("pk")
        assert placed.not_before == published.not_before == begins, day
        assert placed.not_before.astimezone(LONDON).date() == day
        last = (placed.not_before - timedelta(microseconds=1)).astimezone(LONDON).date()
        assert last == day - timedelta(days=1)
    with psycopg.connect(database.address(env.PUBLIC, clone), autocommit=True) as public:
        for zone in ("UTC", "Europe/London", "Pacific/Auckland", "America/Los_Angeles"):
            public.execute(f"SET TimeZone = '{zone}'".encode())
            assert public.execute("SELECT count(*) FROM pub.decision").fetchone() == (0,), zone
