"""Words that stand in one confidential place each, and how to find them in any answer.

Every canary is planted through the service itself, by the people and the pages that would write the
real thing. `sightings` looks for all of them at once, in whatever dress an answer may carry them.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from tests import pdfs

# A canary is one word of letters alone: it looks the same in HTML, in JSON and in an address.
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


def word(place: str, number: int) -> str:
    """A word for one place of one paper, found nowhere else: `zq`, the place, letters, `x`."""
    return f"zq{place}{_LETTERS[number // 26]}{_LETTERS[number % 26]}x"


@dataclass
class Canaries:
    """What was planted: each word with where it stands."""

    places: dict[str, str] = field(default_factory=dict)
    _any_case: list[tuple[bytes, str]] = field(default_factory=list)
    _this_case: list[tuple[bytes, str]] = field(default_factory=list)

    def plant(self, place: str, number: int) -> str:
        """A new word for a place of a paper, remembered."""
        planted = word(place, number)
        self.add(planted, f"{place} of paper {number}")
        return planted

    def add(self, value: str, place: str) -> None:
        """Remember a secret that exists already, such as an address or a key."""
        self.places[value] = place
        self._any_case += [(dress, place) for dress in _dresses_in_any_case(value)]
        self._this_case += [(dress, place) for dress in _dresses_in_this_case(value)]

    def sightings(self, answer: bytes) -> list[str]:
        """The places whose words an answer gives away, in any common encoding, in any case."""
        lowered = answer.lower()
        found = {place for dress, place in self._any_case if dress in lowered}
        found |= {place for dress, place in self._this_case if dress in answer}
        if answer.startswith(b"%PDF") and b"%%EOF" in answer[-1024:]:
            found.update(self.sightings(_unpacked(answer)))
        return sorted(found)


@lru_cache(maxsize=32)
def _unpacked(pdf: bytes) -> bytes:
    """Every string and stream of a PDF; a crawl meets the same file many times."""
    return pdfs.strings(pdf).encode("utf-8", "replace")


def _dresses_in_any_case(planted: str) -> Iterator[bytes]:
    """As it is, as PDF and Windows write it, and as hexadecimal digits; compared in lower case."""
    plain = planted.lower()
    yield plain.encode()
    yield plain.encode("utf-16-le")
    yield plain.encode("utf-16-be")
    yield plain.encode().hex().encode()


def _dresses_in_this_case(planted: str) -> Iterator[bytes]:
    """In base64 at each of its three alignments, without the characters that depend on others."""
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + planted.encode())
        start = (before * 8 + 5) // 6
        yield encoded.rstrip(b"=")[start : len(encoded.rstrip(b"=")) - 1]


def links(html: str) -> Iterable[str]:
    """Every address that a page names."""
    return re.findall(r"""(?:href|src|action)=["']([^"'#]+)""", html)
