"""Ask the public site for everything, in every manner: nothing confidential ever comes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from typing import Final, get_args

import pikepdf
import pytest
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from approvals.sealing import development
from tests import canary_world, crawling, pdfs
from tests.canaries import links
from tests.canary_world import World
from tests.log_world import Signing, working
from tests.register_world import Register, register

SHORT: Final = 2_000
LONG: Final = 20_000


@pytest.fixture(scope="module")
def site(
    migrated: str, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Register, World]]:
    """A public site over a database in which everything confidential has its canary."""
    development.make_pair()
    with register(migrated, django_db_blocker) as made:
        with working(made):
            world = canary_world.planted()
        Signing(made, tmp_path_factory.mktemp("witness")).sign()
        yield made, world


def test_each_canary_is_in_the_database_or_in_a_file_that_is_kept(
    site: tuple[Register, World],
) -> None:
    made, world = site
    rows = set(world.canaries.sightings(canary_world.stored(made.name)))
    files = {
        place for file in canary_world.handed_in(world) for place in world.canaries.sightings(file)
    }
    not_kept_there = {"the service's secret key"}
    assert set(world.canaries.places.values()) - rows - files == not_kept_there
    assert len(world.canaries.places) > 300
    for place in canary_world.IN_FILES:
        assert {f"{place} of paper {number}" for number in range(len(world.slugs))} <= files, place
    for place in ("name", "filename", "pricelist"):
        assert {f"{place} of paper {number}" for number in range(len(world.slugs))} <= rows, place


def test_the_readable_decisions_are_read(site: tuple[Register, World]) -> None:
    made, world = site
    assert len(world.readable) == 2
    for slug in world.slugs:
        wanted = 200 if slug in world.readable else 404
        for address in (f"/decisions/{slug}/", f"/decisions/{slug}/decision.pdf"):
            assert made.get(address).status_code == wanted, (address, world.slugs[slug])


def test_of_all_files_those_of_readable_decisions_alone_are_sent(
    site: tuple[Register, World],
) -> None:
    made, world = site
    assert {file.kind for file in world.files} == set(get_args(canary_world.Kind))
    assert len(world.allowed) == len(world.readable)
    for file in world.files:
        answer = made.get(f"/decisions/{file.slug}/files/{file.digest}.pdf")
        wanted = 200 if file.digest in world.allowed else 404
        assert answer.status_code == wanted, (file.kind, world.slugs[file.slug])
        if wanted == 200:
            assert canary_world.SHOWN in pdfs.text(answer.content)
            with pikepdf.open(BytesIO(answer.content)) as document:
                assert len(document.pages[0].get_images()) == 1  # its photograph is still there


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
    reached: set[str] = set()
    followed: set[str] = set()
    for ask in crawling.requests(world, wanted):
        answer = asked(client, world, ask)
        seen[answer.status] += 1
        if (ask.method, answer.status) == ("GET", 200):
            reached.add(ask.route)
        if answer.body.startswith(b"%PDF"):
            continue
        for link in links(unescape(answer.body.decode("utf-8", "replace"))):
            if link.startswith("/") and link not in followed and "zq" not in link:
                followed.add(link)
                seen[asked(client, world, crawling.asking(world, link)).status] += 1
    assert set(crawling.routes()) - reached == set()
    assert seen.total() >= wanted
    assert {200, 404, 405} <= set(seen)
    assert not [status for status in seen if status >= 500], seen
    assert seen[200] > wanted / 10, seen


def asked(client: Client, world: World, ask: crawling.Ask) -> crawling.Answer:
    """The answer, after nothing was found in it.

    A page may repeat what was asked. Then the answer must be the same, letter for letter, as to
    what stands nowhere.
    """
    answer = ask.of(client)
    body, headers = answer.body, answer.headers
    if ask.own:
        control = ask.control().of(client)
        assert answer.status == control.status, ask
        body, headers = (
            ask.hidden(each.decode("latin-1")).encode("latin-1") for each in answer[1:]
        )
        assert body == control.body, ask
    found = world.canaries.sightings(body) + world.canaries.sightings(headers)
    assert found == [], ask
    return answer
