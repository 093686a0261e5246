"""Ask the public site for everything, in every manner: nothing confidential ever comes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from html import unescape
from typing import Final

import pytest
from django.test import Client, override_settings
from pytest_django.plugin import DjangoDbBlocker

from approvals.sealing import development
from config.settings import staff
from tests import canary_world, crawling
from tests.canaries import links
from tests.canary_world import World
from tests.register_world import Register, register

SHORT: Final = 2_000
LONG: Final = 20_000
# A word that stands nowhere, as long as a canary: the answer to it is the answer to a wrong guess.
NOWHERE: Final = "zqnowherezzx"


@pytest.fixture(scope="module")
def site(migrated: str, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Register, World]]:
    """A public site over a database in which everything confidential has its canary."""
    development.make_pair()
    with register(migrated, django_db_blocker) as made:
        with made.staff(), override_settings(ROOT_URLCONF=staff.ROOT_URLCONF):
            world = canary_world.planted()
        yield made, world


def test_each_canary_is_in_the_database(site: tuple[Register, World]) -> None:
    made, world = site
    found = set(world.canaries.sightings(canary_world.stored(made.name)))
    not_kept_there = {"the service's secret key"}
    assert set(world.canaries.places.values()) - found == not_kept_there
    assert len(world.canaries.places) > 100


def test_the_readable_decisions_are_read(site: tuple[Register, World]) -> None:
    made, world = site
    assert len(world.readable) == 2
    for slug in world.slugs:
        wanted = 200 if slug in world.readable else 404
        for address in (f"/decisions/{slug}/", f"/decisions/{slug}/decision.pdf"):
            assert made.get(address).status_code == wanted, (address, world.slugs[slug])


def test_no_canary_in_a_crawl_with_guesses(site: tuple[Register, World]) -> None:
    crawl(*site, SHORT)


@pytest.mark.long
def test_no_canary_in_a_long_crawl_with_guesses(site: tuple[Register, World]) -> None:
    crawl(*site, LONG)


def crawl(made: Register, world: World, wanted: int) -> None:
    """Ask as often as is wanted, and follow every link that an answer names."""
    client = made.client()
    client.raise_request_exception = False
    seen: Counter[int] = Counter()
    followed: set[str] = set()
    for ask in crawling.requests(world, wanted):
        answer = asked(client, world, ask)
        seen[answer.status] += 1
        if answer.body.startswith(b"%PDF"):
            continue
        for link in links(unescape(answer.body.decode("utf-8", "replace"))):
            if link.startswith("/") and link not in followed and "zq" not in link:
                followed.add(link)
                seen[asked(client, world, crawling.Ask(link)).status] += 1
    assert seen.total() >= wanted
    assert {200, 404, 405} <= set(seen)
    assert not [status for status in seen if status >= 500], seen
    assert seen[200] > wanted / 10, seen


def asked(client: Client, world: World, ask: crawling.Ask) -> crawling.Answer:
    """The answer, after nothing was found in it.

    A page may repeat what was asked. Then the answer must be the same, letter for letter, as to a
    word that stands nowhere.
    """
    answer = ask.of(client)
    body, headers = answer.body, answer.headers
    if ask.canary:
        own, control = ask.canary.encode(), ask.without(NOWHERE).of(client)
        assert answer.status == control.status, ask
        assert body.replace(own, NOWHERE.encode()) == control.body, ask
        body, headers = body.replace(own, b""), headers.replace(own, b"")
    found = world.canaries.sightings(body) + world.canaries.sightings(headers)
    assert found == [], ask
    return answer
