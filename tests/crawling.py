"""Every way of asking the public site for something, legal and not, in a fixed order.

`requests` gives as many as wanted: first every address of the resolver with every known reference,
each asked in every manner; then guesses made from a seed, which are the same on every machine.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.canary_world import World

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
HEADERS: Final[tuple[dict[str, str], ...]] = (
    {},
    {"Accept": "application/json"},
    {"Accept": "application/pdf, */*;q=0.1"},
    {"Range": "bytes=0-99"},
    {"Range": "bytes=-500"},
    {"Range": "bytes=5-1,99999999-"},
    {"If-None-Match": "*"},
    {"If-Modified-Since": "Mon, 23 Nov 2026 00:00:00 GMT"},
    {"X-Forwarded-Host": "staff.countersign.example"},
    {"X-HTTP-Method-Override": "PUT"},
    {"X-Requested-With": "XMLHttpRequest"},
    {"Accept-Language": "cy, en;q=0.1"},
    {"Authorization": "Basic Y2VsaWE6cGFzc3dvcmQ="},
)
# Addresses of the staff site, of other software, and of files that no site should serve.
ELSEWHERE: Final = (
    "/papers/",
    "/papers/{slug}/",
    "/papers/{slug}/part-two/",
    "/papers/{slug}/history/",
    "/papers/{slug}/preview/",
    "/papers/{slug}/versions/1/compare/",
    "/papers/{slug}/receipt/",
    "/account/login/",
    "/admin/",
    "/api/decisions/{slug}",
    "/decisions/{slug}/part-two.pdf",
    "/decisions/{slug}/restricted.pdf",
    "/decisions/{slug}/editions/0/",
    "/decisions/{slug}/editions/9999.json",
    "/decisions/{slug}/1.css",
    "/decisions/{slug}/decision.pdf/",
    "/decisions/{slug}.pdf",
    "/decisions/{slug}.json/",
    "/decisions//{slug}/",
    "/decisions/../decisions/{slug}/",
    "/decisions/%2e%2e/papers/{slug}/",
    "/static/../.env",
    "/static/%2e%2e/%2e%2e/manage.py",
    "/media/{slug}.pdf",
    "/published/{digest}.pdf",
    "/documents/{digest}.pdf",
    "/decisions/{digest}/",
    "/log/proof/{digest}.json",
    "/.git/config",
    "/sitemap.xml",
    "/server-status",
    "/__debug__/",
)
QUERIES: Final = (
    "page=2",
    "page=-1",
    "page=999999999999",
    "q=platform",
    "q={canary}",
    "q=%22{canary}%22+or+platform",
    "office=dmpc&year=2026",
    "year=0&office=%00",
    "sort=-part_two&fields=body",
    "format=api&preview=1&draft=true",
    "digest={digest}",
    "reference={slug}",
)


class Answer(NamedTuple):
    """What came back: the status, the body, and the headers as they would be sent."""

    status: int
    body: bytes
    headers: bytes


@dataclass(frozen=True)
class Ask:
    """One request. `canary` is the word that it contains itself, if it does."""

    path: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    canary: str = ""

    def of(self, client: Client) -> Answer:
        """Ask it."""
        answer = client.generic(self.method, self.path, headers=self.headers)
        told = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        return Answer(answer.status_code, answer.content, told.encode())

    def without(self, other: str) -> Ask:
        """The same request with another word in place of the canary."""
        return Ask(self.path.replace(self.canary, other), self.method, self.headers)


def addresses(world: World) -> list[str]:
    """Every address the public resolver knows, with every reference, and with editions 1 to 3."""
    slugs = [*world.slugs, "pcd-1", "ceod-35-2024", "dmpcd-2015-158"]
    found: list[str] = []
    for route in _routes(get_resolver("config.urls_public").url_patterns):
        for slug, number in itertools.product(slugs, "123"):
            found.append(
                "/" + route.replace("<str:reference>", slug).replace("<number:number>", number)
            )
    return list(dict.fromkeys(found))


def _routes(patterns: Sequence[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from (f"{pattern.pattern}{rest}" for rest in _routes(pattern.url_patterns))
        else:
            yield str(pattern.pattern)


def requests(world: World, wanted: int) -> Iterator[Ask]:
    """As many requests as are wanted, the same ones each time."""
    known = addresses(world)
    ways = itertools.chain(
        (Ask(path) for path in known),
        (Ask(path, method) for path in known for method in METHODS[1:3]),
        _guesses(world, known),
    )
    return itertools.islice(ways, wanted)


def _guesses(world: World, known: Sequence[str]) -> Iterator[Ask]:
    """Without an end: addresses, changed addresses, questions and manners, mixed by a seed."""
    chance = random.Random(1828)  # noqa: S311 - for variety, not for secrecy
    words = [word for word in world.canaries.places if word.startswith("zq")]
    slugs = list(world.slugs)
    lists = [path for path in known if not any(slug in path for slug in slugs)]
    open_ones = lists + [path for path in known if any(slug in path for slug in world.readable)]
    while True:
        canary = chance.choice(words)
        path = chance.choice((chance.choice(open_ones), chance.choice(known), _elsewhere(chance)))
        if path not in open_ones and chance.random() < 0.4:
            path = chance.choice(CHANGES)(path, chance)
        if chance.random() < 0.4:
            path += "?" + chance.choice(QUERIES)
        path = path.format(
            slug=chance.choice(slugs), digest=chance.choice(world.digests), canary=canary
        )
        method = chance.choice(METHODS) if chance.random() < 0.3 else "GET"
        headers = chance.choice(HEADERS)
        yield Ask(path, method, headers, canary if canary in path else "")


def _elsewhere(chance: random.Random) -> str:
    return chance.choice(ELSEWHERE)


def _longer(path: str, chance: random.Random) -> str:
    return path.rstrip("/") + chance.choice((".css", ".json", "/..;/", "/%2e/", "//", ";a=1", "~"))


def _encoded(path: str, chance: random.Random) -> str:
    at = chance.randrange(len(path))
    return path if "{" in path else path[:at] + f"%{ord(path[at]):02X}" + path[at + 1 :]


def _shouted(path: str, chance: random.Random) -> str:
    del chance
    return path if "{" in path else path.upper()


def _doubled(path: str, chance: random.Random) -> str:
    at = chance.randrange(len(path))
    return path if "{" in path else path[:at] + path[at] + path[at:]


CHANGES: Final[tuple[Callable[[str, random.Random], str], ...]] = (
    _longer,
    _encoded,
    _shouted,
    _doubled,
)
