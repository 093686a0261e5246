"""The words on the pages of a PDF, as far as a program can read them: for the search for leaks.

Read as drawn, hidden text too; then the words that no page shows, which a screen reader reads out
and to which links lead. Where a font does not say which letters its shapes are, and where a
page is a picture, nothing can be read; such pages are counted, for somebody to look at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import pikepdf
from fontTools import agl

from decisions.uploads.active import dictionaries

LONGEST: Final = 1_000_000  # characters
_DEEPEST: Final = 6
# A gap in a line, in thousandths of the size of the type, from which on it is a space.
_GAP: Final = -180
_MOVES: Final = frozenset({"Td", "TD", "T*", "Tm", "BT", "ET"})
_READ: Final = frozenset({"Tf", "Tj", "'", '"', "TJ", "Do", "scn", "SCN"})
_SHOWS: Final = frozenset({"Tj", "'", '"'})
_UNSEEN: Final = frozenset({"/Alt", "/ActualText", "/E", "/Summary", "/Contents", "/URI"})
_CODEPAGES: Final = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman"}

Decoder = Callable[[bytes], str | None]


def words(document: pikepdf.Pdf) -> tuple[str, int]:
    """The text of all pages, the words that stand unseen beside it, each on a line of its own, and
    the number of pages on which something could not be read.
    """
    found: list[str] = []
    unread = length = 0
    for page in document.pages:
        reading = _Reading()
        reading.of(page, page.obj.get("/Resources", pikepdf.Dictionary()))
        text = "".join(reading.text)
        unread += reading.failed or (reading.has_picture and not text.strip())
        found.append(text)
        length += len(text)
        if length > LONGEST:
            return "\n".join(found)[:LONGEST], len(document.pages)
    found += dict.fromkeys(_unseen(document))
    return "\n".join(found)[:LONGEST], unread


def _unseen(document: pikepdf.Pdf) -> Iterator[str]:
    """What tags and links say that no page shows."""
    for thing in document.objects:
        for entries in dictionaries(thing):
            for key in sorted(_UNSEEN & entries.keys()):
                if isinstance(entries[key], pikepdf.String):
                    yield str(entries[key])


class _Reading:
    """What was read of one page so far."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.failed = False
        self.has_picture = False
        self.patterns: set[tuple[int, int]] = set()

    def of(self, drawn: Any, resources: Any, depth: int = 0) -> None:
        """Read what a page, or a drawing on it, draws."""
        fonts = resources.get("/Font", pikepdf.Dictionary())
        decode: Decoder = _unreadable
        for step in pikepdf.parse_content_stream(drawn):
            name = str(step.operator)
            if name in _MOVES:
                self.text.append(" ")
            elif name not in _READ or not len(step.operands):
                continue
            elif name == "Tf":
                decode = _decoder(fonts.get(str(step.operands[0])))
            elif name in _SHOWS:
                self.text.append(" " if name != "Tj" else "")
                self._say(decode, step.operands[-1])
            elif name == "TJ":
                self._say_all(decode, step.operands[0])
            elif name == "Do":
                self._inner(resources, str(step.operands[0]), depth)
            else:
                self._pattern(resources, step.operands[-1], depth)

    def _pattern(self, resources: Any, name: Any, depth: int) -> None:
        """Read what a pattern draws, once on a page: a pattern is drawn again and again."""
        if not isinstance(name, pikepdf.Name):
            return
        drawn = resources.get("/Pattern", pikepdf.Dictionary()).get(str(name))
        if not isinstance(drawn, pikepdf.Stream) or drawn.objgen in self.patterns:
            return
        self.patterns.add(drawn.objgen)
        self._drawing(drawn, resources, depth)

    def _say_all(self, decode: Decoder, pieces: Any) -> None:
        for piece in pieces:
            if isinstance(piece, pikepdf.String):
                self._say(decode, piece)
            elif float(piece) < _GAP:
                self.text.append(" ")

    def _say(self, decode: Decoder, said: Any) -> None:
        text = decode(bytes(said))
        self.failed = self.failed or text is None
        self.text.append((text or "").replace("\0", ""))

    def _inner(self, resources: Any, name: str, depth: int) -> None:
        drawn = resources.get("/XObject", pikepdf.Dictionary()).get(name)
        if not isinstance(drawn, pikepdf.Stream):
            return
        kind = str(drawn.get("/Subtype", ""))
        self.has_picture = self.has_picture or kind == "/Image"
        if kind == "/Form":
            self._drawing(drawn, resources, depth)

    def _drawing(self, drawn: Any, resources: Any, depth: int) -> None:
        if depth < _DEEPEST:
            self.text.append(" ")
            self.of(drawn, drawn.get("/Resources", resources), depth + 1)
        else:
            self.failed = True


def _unreadable(said: bytes) -> str | None:
    return None if said.strip() else ""


def _decoder(font: Any) -> Decoder:
    """What turns the codes of a font into letters."""
    if not isinstance(font, pikepdf.Dictionary):
        return _unreadable
    wide = str(font.get("/Subtype", "")) == "/Type0"
    letters = font.get("/ToUnicode")
    if isinstance(letters, pikepdf.Stream):
        return _mapped(dict(_letters(letters.read_bytes())), 2 if wide else 1)
    if wide or str(font.get("/Subtype", "")) == "/Type3":
        return _unreadable
    return _simple(font.get("/Encoding"))


def _mapped(letters: dict[int, str], width: int) -> Decoder:
    def decode(said: bytes) -> str | None:
        codes = [int.from_bytes(said[at : at + width], "big") for at in range(0, len(said), width)]
        read = "".join(letters.get(code, "") for code in codes)
        return read if read or not codes else None

    return decode


def _simple(encoding: Any) -> Decoder:
    base = "cp1252"
    differing: dict[int, str] = {}
    if isinstance(encoding, pikepdf.Name):
        base = _CODEPAGES.get(str(encoding), base)
    elif isinstance(encoding, pikepdf.Dictionary):
        base = _CODEPAGES.get(str(encoding.get("/BaseEncoding", "")), base)
        code = 0
        for one in encoding.get("/Differences", pikepdf.Array()):
            if isinstance(one, pikepdf.Name):
                differing[code] = agl.toUnicode(str(one).removeprefix("/"))
                code += 1
            else:
                code = int(one)

    def decode(said: bytes) -> str:
        return "".join(
            differing[code] if code in differing else bytes([code]).decode(base, "replace")
            for code in said
        )

    return decode


_BLOCK: Final = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
_CHAR: Final = re.compile(rb"<([0-9A-Fa-f\s]+)>\s*<([0-9A-Fa-f\s]*)>")
_RANGE: Final = re.compile(
    rb"<([0-9A-Fa-f\s]+)>\s*<([0-9A-Fa-f\s]+)>\s*(?:<([0-9A-Fa-f\s]*)>|\[(.*?)\])", re.DOTALL
)
_EACH: Final = re.compile(rb"<([0-9A-Fa-f\s]*)>")


def _letters(table: bytes) -> Iterator[tuple[int, str]]:
    """The letters of a font's own table of them."""
    for block in _BLOCK.finditer(table):
        if block[1] == b"bfchar":
            for code, letter in _CHAR.findall(block[2]):
                yield int(code, 16), _utf16(letter)
            continue
        for start, end, first, each in _RANGE.findall(block[2]):
            low, high = int(start, 16), min(int(end, 16), int(start, 16) + 0xFFFF)
            if each:
                yield from enumerate((_utf16(one) for one in _EACH.findall(each)), low)
            elif first:
                text = _utf16(first)
                for code in range(low, high + 1):
                    yield code, text[:-1] + chr(min(ord(text[-1:] or "\0") + code - low, 0x10FFFF))


def _utf16(digits: bytes) -> str:
    text = b"".join(digits.split())
    return bytes.fromhex(text.decode() + "0" * (-len(text) % 4)).decode("utf-16-be", "replace")
