"""The finder of canaries finds them, in each dress: otherwise a clean crawl would prove nothing."""

from __future__ import annotations

import base64
import html
import json
import zlib
from collections.abc import Callable
from urllib.parse import quote

import pytest

from tests.canaries import Canaries, links, word
from tests.canary_files import plain_pdf, plain_word, planted_pdf


def told(answer: bytes) -> list[str]:
    canaries = Canaries()
    canaries.plant("price", 3)
    canaries.add("celia@countersign.example", "an e-mail address")
    return canaries.sightings(answer)


@pytest.mark.parametrize(
    "dress",
    [
        str.encode,
        lambda text: text.upper().encode(),
        lambda text: text.title().encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-be"),
        lambda text: text.encode().hex().encode(),
        lambda text: text.encode().hex().upper().encode(),
        lambda text: quote(text).encode(),
        lambda text: html.escape(text).encode(),
        lambda text: json.dumps(text).encode(),
        lambda text: base64.b64encode(text.encode()),
        lambda text: base64.b64encode(b"a" + text.encode() + b"b"),
        lambda text: base64.b64encode(b"ab" + text.encode() + b"cd"),
    ],
)
def test_a_word_is_found_in_every_dress(dress: Callable[[str], bytes]) -> None:
    assert told(b"before " + dress(word("price", 3)) + b" after") == ["price of paper 3"]


def hiding(place: str) -> bytes:
    """A PDF with the word in one place of those that a reader does not see."""
    return planted_pdf(lambda each: word("price", 3) if each == place else each, "Nothing")


def leading_nowhere() -> bytes:
    """A PDF with the word packed in a stream of which no object knows."""
    packed = zlib.compress(word("price", 3).encode())
    return plain_pdf("Nothing") + b"stream\n" + packed + b"\n%%EOF\n"


@pytest.mark.parametrize(
    "file",
    [
        plain_word(word("price", 3)),
        plain_pdf(word("price", 3)),
        leading_nowhere(),
        *map(hiding, ("Author", "Xmp", "Bookmark", "Note", "Private", "Behind", "Aside")),
        *map(hiding, ("Exif", "Artist", "Beside")),
    ],
)
def test_a_word_is_found_in_each_place_of_a_file(file: bytes) -> None:
    assert told(file) == ["price of paper 3"]


def test_a_secret_that_was_not_made_here_is_found_too() -> None:
    assert told(b"<a href='mailto:celia@countersign.example'>") == ["an e-mail address"]


def test_what_holds_no_canary_gives_none_away() -> None:
    assert told(word("price", 4).encode() + word("supplier", 3).encode()) == []


def test_the_links_of_a_page_are_read() -> None:
    page = '<a href="/a/?b=1#c">x</a> <link href=\'/static/d.css\'><form action="/verify/">'
    assert links(page) == ["/a/?b=1", "/static/d.css", "/verify/"]
