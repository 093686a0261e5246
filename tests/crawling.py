"""Every way of asking the public site for something, legal and not, in a fixed order.

`requests` gives as many as wanted: first every address of the resolver with every known reference
and digest, each asked in every manner; then guesses made from a seed, which are the same on every
machine.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from tests.canary_world import World

PROCESS: Final = "config.urls_public"
# What stands nowhere: the answer to it is the answer to a wrong guess.
NOWHERE: Final = "zqnowherezzx"
NO_DIGEST: Final = "0" * 64
_DIGEST: Final = re.compile("[0-9a-f]{64}")
_WORD: Final = re.compile("zq[a-z]+x")
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
# References of the three forms, under which nothing was published.
UNKNOWN: Final = ("pcd-1", "ceod-35-2024", "dmpcd-2015-158")
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
    "/decisions/{slug}/files/{digest}.pdf",
    "/decisions/{slug}/files/{digest}",
    "/decisions/{slug}/files/",
    "/files/{digest}.pdf",
    "/restricted/{digest}.pdf",
    "/papers/{slug}/files/1/",
    "/papers/{slug}/part-two/files/1/",
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
    "reference={slug}&digest={digest}",
)


class Answer(NamedTuple):
    """What came back: the status, the body, and the headers as they would be sent."""

    status: int
    body: bytes
    headers: bytes


@dataclass(frozen=True)
class Ask:
    """One request. `own` are the canaries that it contains itself, if it does."""

    path: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    own: tuple[str, ...] = ()

    def of(self, client: Client) -> Answer:
        """Ask it."""
        answer = client.generic(self.method, self.path, headers=self.headers)
        told = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        return Answer(answer.status_code, answer.content, told.encode())

    def control(self) -> Ask:
        """The same request, with what stands nowhere in place of each canary."""
        return Ask(self.hidden(self.path), self.method, self.headers)

    def hidden(self, text: str) -> str:
        """A text that may repeat the request, with what stands nowhere in place of each canary."""
        for own in self.own:
            # A page may shorten what it repeats, so a digest keeps its end.
            told, instead = (own[:48], "0" * 48) if _DIGEST.fullmatch(own) else (own, NOWHERE)
            text = text.replace(told, instead)
        return text

    @property
    def route(self) -> str:
        """The route of the public process that it leads to; empty for none."""
        try:
            return "/" + resolve(unquote(urlsplit(self.path).path), PROCESS).route
        except Resolver404:
            return ""


def asking(
    world: World, path: str, method: str = "GET", headers: dict[str, str] | None = None
) -> Ask:
    """A request, with the canaries that its address repeats."""
    digests = set(_DIGEST.findall(path)) & world.withheld
    words = set(_WORD.findall(path)) & world.canaries.places.keys()
    return Ask(path, method, headers or {}, tuple(sorted(digests | words)))


def routes() -> list[str]:
    """Every route of the public process, as the resolver writes it."""
    return ["/" + route for route in _routes(get_resolver(PROCESS).url_patterns)]


def _routes(patterns: Sequence[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from (f"{pattern.pattern}{rest}" for rest in _routes(pattern.url_patterns))
        else:
            yield str(pattern.pattern)


def addresses(world: World) -> list[str]:
    """Every address of the resolver, with every reference, editions 1 to 3 and every digest."""
    slugs = [*world.slugs, *UNKNOWN]
    found: list[str] = []
    for route in routes():
        for slug, number in itertools.product(slugs, "123"):
            named = route.replace("<str:reference>", slug).replace("<number:number>", number)
            found += [named.replace("<digest:digest>", digest) for digest in _digests(world, slug)]
    return list(dict.fromkeys(found))


def _digests(world: World, slug: str) -> list[str]:
    """What somebody would try as a file of a decision; of the first that is readable, everything.

    Of each other its own files, and one that may be read, but not there.
    """
    first = next(each for each in world.slugs if each in world.readable)
    elsewhere = [
        file.digest
        for file in world.files
        if (file.digest in world.allowed) == (slug != first) and file.slug != slug
    ]
    own = [file.digest for file in world.files if file.slug == slug]
    return [*own, *(elsewhere if slug == first else elsewhere[:1]), NO_DIGEST]


def requests(world: World, wanted: int) -> Iterator[Ask]:
    """As many requests as are wanted, the same ones each time."""
    known = addresses(world)
    ways = itertools.chain(
        (asking(world, path) for path in known),
        (asking(world, path, method) for path in known for method in METHODS[1:3]),
        _guesses(world, known),
    )
    return itertools.islice(ways, wanted)


def _guesses(world: World, known: Sequence[str]) -> Iterator[Ask]:
    """Without an end: addresses, changed addresses, questions and manners, mixed by a seed."""
    chance = random.Random(1828)  # noqa: S311 - for variety, not for secrecy
    words = [word for word in world.canaries.places if word.startswith("zq")]
    slugs, withheld = list(world.slugs), sorted(world.withheld)
    lists = [path for path in known if not any(slug in path for slug in (*slugs, *UNKNOWN))]
    open_ones = lists + [
        path
        for path in known
        if any(slug in path for slug in world.readable)
        and not any(digest in path for digest in (*world.withheld, NO_DIGEST))
    ]
    while True:
        canary = chance.choice(words)
        path = chance.choice(chance.choice((open_ones, open_ones, known, ELSEWHERE)))
        if path not in open_ones and chance.random() < 0.4:
            start, files, digest = path.partition("files/")
            path = chance.choice(CHANGES)(start, chance) + files + digest
        if chance.random() < 0.4:
            path += "?" + chance.choice(QUERIES)
        path = path.format(slug=chance.choice(slugs), digest=chance.choice(withheld), canary=canary)
        method = chance.choice(METHODS) if chance.random() < 0.3 else "GET"
        headers = chance.choice(HEADERS)
        yield asking(world, path, method, headers)


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
