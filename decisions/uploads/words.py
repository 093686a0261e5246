"""The words on the pages of a PDF, as far as a program can read them: for the search for leaks.

Read as drawn, hidden text too; then the words that no page shows, which a screen reader reads out
and to which links lead. Where a font does not say which letters its shapes are, and where a
page is a picture, nothing can be read; such pages are counted, for somebody to look at. So are
those where it can be read in part: a word with a letter missing is found by no search.
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
_CHOOSES: Final = frozenset({"Tf", "q", "Q"})
_READ: Final = frozenset({"Tj", "'", '"', "TJ", "Do", "scn", "SCN"})
_INLINE: Final = "INLINE IMAGE"
_SHOWS: Final = frozenset({"Tj", "'", '"'})
_UNSEEN: Final = frozenset({"/Alt", "/ActualText", "/E", "/Summary", "/Contents", "/URI"})
_CODEPAGES: Final = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman"}

_FONT_PROGRAMS: Final = frozenset({"/FontFile", "/FontFile2", "/FontFile3"})
# Of a font: its codes are not those of common letters (ISO 32000-1, 9.8.2).
_SYMBOLIC: Final = 4
# Half a letter, which can be neither written nor kept.
_HALVES: Final = re.compile("[\ud800-\udfff]")

# What codes say, and whether every one of them could be read.
Decoder = Callable[[bytes], tuple[str, bool]]


def words(document: pikepdf.Pdf) -> tuple[str, int]:
    """The text of all pages, the words that stand unseen beside it, each on a line of its own, and
    the number of pages on which something could not be read.
    """
    found: list[str] = []
    unread = length = 0
    decoders: dict[tuple[int, int], Decoder] = {}
    for page in document.pages:
        reading = _Reading(decoders)
        reading.of(page, page.obj.get("/Resources", pikepdf.Dictionary()))
        text = "".join(reading.text)
        unread += reading.failed or (reading.has_picture and not text.strip())
        found.append(text)
        length += len(text)
        if length > LONGEST:
            return _whole(found), len(document.pages)
    found += dict.fromkeys(_unseen(document))
    return _whole(found), unread


def _whole(found: list[str]) -> str:
    return _HALVES.sub("\N{REPLACEMENT CHARACTER}", "\n".join(found)[:LONGEST])


def _unseen(document: pikepdf.Pdf) -> Iterator[str]:
    """What tags and links say that no page shows."""
    for thing in document.objects:
        for entries in dictionaries(thing):
            for key in sorted(_UNSEEN & entries.keys()):
                if isinstance(entries[key], pikepdf.String):
                    yield str(entries[key])


class _Reading:
    """What was read of one page so far. `decoders` are those of the fonts of all pages."""

    def __init__(self, decoders: dict[tuple[int, int], Decoder]) -> None:
        self.decoders = decoders
        self.text: list[str] = []
        self.failed = False
        self.has_picture = False
        self.patterns: set[tuple[int, int]] = set()

    def of(self, drawn: Any, resources: Any, depth: int = 0) -> None:
        """Read what a page, or a drawing on it, draws."""
        fonts = resources.get("/Font", pikepdf.Dictionary())
        chosen: list[Decoder] = [_unreadable]
        for step in pikepdf.parse_content_stream(drawn):
            name = str(step.operator)
            if name in _MOVES:
                self.text.append(" ")
            elif name in _CHOOSES:
                self._choose(name, step.operands, fonts, chosen)
            elif name == _INLINE:
                self.has_picture = True
            elif name not in _READ or not len(step.operands):
                continue
            elif name in _SHOWS:
                self.text.append(" " if name != "Tj" else "")
                self._say(chosen[-1], step.operands[-1])
            elif name == "TJ":
                self._say_all(chosen[-1], step.operands[0])
            elif name == "Do":
                self._inner(resources, str(step.operands[0]), depth)
            else:
                self._pattern(resources, step.operands[-1], depth)

    def _choose(self, name: str, operands: Any, fonts: Any, chosen: list[Decoder]) -> None:
        """Another font, or the one from before: the last of those that are chosen holds."""
        if name == "q":
            chosen.append(chosen[-1])
        elif name == "Tf":
            chosen[-1] = self._decoder(fonts.get(str(operands[0])))
        elif len(chosen) > 1:
            chosen.pop()

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
        text, is_all = decode(bytes(said))
        self.failed = self.failed or not is_all
        self.text.append(text.replace("\0", ""))

    def _decoder(self, font: Any) -> Decoder:
        """What reads a font, made once: its table of letters may be long."""
        if not isinstance(font, pikepdf.Dictionary) or not font.is_indirect:
            return _decoder(font)
        if font.objgen not in self.decoders:
            self.decoders[font.objgen] = _decoder(font)
        return self.decoders[font.objgen]

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


def _unreadable(said: bytes) -> tuple[str, bool]:
    return "", not said.strip()


def _decoder(font: Any) -> Decoder:
    """What turns the codes of a font into letters."""
    if not isinstance(font, pikepdf.Dictionary):
        return _unreadable
    wide = str(font.get("/Subtype", "")) == "/Type0"
    letters = font.get("/ToUnicode")
    is_drawn = str(font.get("/Subtype", "")) == "/Type3"
    known = {} if wide or is_drawn else _simple(font)
    if isinstance(letters, pikepdf.Stream):
        # Where the table is silent, readers go by what the codes of the font mean.
        known |= _letters(letters.read_bytes())
    return _mapped(known, 2 if wide else 1) if known else _unreadable


def _mapped(letters: dict[int, str], width: int) -> Decoder:
    def decode(said: bytes) -> tuple[str, bool]:
        codes = [int.from_bytes(said[at : at + width], "big") for at in range(0, len(said), width)]
        read = [letters.get(code, "") for code in codes]
        return "".join(read), all(read)

    return decode


def _simple(font: Any) -> dict[int, str]:
    """The letters of a font of 256 shapes, as far as it says which they are."""
    encoding = font.get("/Encoding")
    said = encoding.get("/BaseEncoding") if isinstance(encoding, pikepdf.Dictionary) else encoding
    known: dict[int, str] = {}
    if isinstance(said, pikepdf.Name) or not _has_codes_of_its_own(font):
        base = _CODEPAGES.get(str(said), "cp1252")
        known = {code: bytes([code]).decode(base, "replace") for code in range(256)}
    if isinstance(encoding, pikepdf.Dictionary):
        code = 0
        for one in encoding.get("/Differences", pikepdf.Array()):
            if isinstance(one, pikepdf.Name):
                known[code] = agl.toUnicode(str(one).removeprefix("/"))
                code += 1
            else:
                code = int(one)
    return known


def _has_codes_of_its_own(font: Any) -> bool:
    """Whether only the program of the font knows which shape a code is."""
    about = font.get("/FontDescriptor")
    if not isinstance(about, pikepdf.Dictionary):
        return False
    flags = about.get("/Flags", 0)
    is_symbolic = not isinstance(flags, int) or bool(flags & _SYMBOLIC)
    return is_symbolic and any(key in about for key in _FONT_PROGRAMS)


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
