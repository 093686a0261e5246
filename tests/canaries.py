"""Words that stand in one confidential place each, and how to find them in any answer.

Every canary is planted through the service itself, by the people and the pages that would write the
real thing. `sightings` looks for all of them at once, in whatever dress an answer may carry them.
"""

from __future__ import annotations

import base64
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from typing import Final

from tests import pdfs

# A canary is one word of letters alone: it looks the same in HTML, in JSON and in an address.
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_STREAM: Final = re.compile(rb"stream\r?\n")
# Hundreds of words share few beginnings: these are looked for first.
_BEGINNING: Final = 6

_Dresses = dict[bytes, list[tuple[bytes, str]]]


def word(place: str, number: int) -> str:
    """A word for one place of one paper, found nowhere else: `zq`, the place, letters, `x`."""
    return f"zq{place}{_LETTERS[number // 26]}{_LETTERS[number % 26]}x"


@dataclass
class Canaries:
    """What was planted: each word with where it stands."""

    places: dict[str, str] = field(default_factory=dict)
    _any_case: _Dresses = field(default_factory=dict)
    _this_case: _Dresses = field(default_factory=dict)

    def plant(self, place: str, number: int) -> str:
        """A new word for a place of a paper, remembered."""
        planted = word(place, number)
        self.add(planted, f"{place} of paper {number}")
        return planted

    def add(self, value: str, place: str) -> None:
        """Remember a secret that exists already, such as an address or a key."""
        self.places[value] = place
        for dress in _dresses_in_any_case(value):
            self._any_case.setdefault(dress[:_BEGINNING], []).append((dress, place))
        for dress in _dresses_in_this_case(value):
            self._this_case.setdefault(dress[:_BEGINNING], []).append((dress, place))

    def sightings(self, answer: bytes) -> list[str]:
        """The places whose words an answer gives away, in any common encoding, in any case."""
        found = {*_worn(self._any_case, answer.lower()), *_worn(self._this_case, answer)}
        if answer.startswith(b"%PDF") and b"%%EOF" in answer[-1024:]:
            found.update(self.sightings(_unpacked(answer)))
        elif answer.startswith(b"PK") and zipfile.is_zipfile(BytesIO(answer)):
            found.update(self.sightings(_unzipped(answer)))
        return sorted(found)


def _worn(dresses: _Dresses, answer: bytes) -> Iterator[str]:
    for beginning, known in dresses.items():
        if beginning in answer:
            yield from (place for dress, place in known if dress in answer)


@lru_cache(maxsize=64)
def _unpacked(pdf: bytes) -> bytes:
    """Every string and stream of a PDF; a crawl meets the same file many times."""
    return b"\n".join((pdfs.strings(pdf).encode("utf-8", "replace"), *_loose(pdf)))


def _loose(pdf: bytes) -> Iterator[bytes]:
    """What is packed anywhere in the file, whether or not an object still leads there."""
    for start in _STREAM.finditer(pdf):
        try:
            yield zlib.decompressobj().decompress(pdf[start.end() :])
        except zlib.error:
            continue  # not packed so: `strings` reads it


def _unzipped(file: bytes) -> bytes:
    """Every part of a Word document, a workbook or another archive, with its name."""
    with zipfile.ZipFile(BytesIO(file)) as whole:
        return b"\n".join(
            part for name in whole.namelist() for part in (name.encode(), whole.read(name))
        )


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
