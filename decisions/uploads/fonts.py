"""Fonts for a PDF made anew: their shapes, their measures, and which letters the shapes are."""

from __future__ import annotations

import re
from typing import Any, Final

import pikepdf

from decisions.uploads.active import name_of
from decisions.uploads.anew import Anew, Nothing, dictionary, plain, stream, without_comments

_FONT: Final = ("/Type", "/Subtype", "/BaseFont", "/FirstChar", "/LastChar", "/Widths")
_WIDE: Final = (*("/Type", "/Subtype", "/BaseFont", "/DW", "/W", "/DW2", "/W2"),)
_MEASURES: Final = (
    *("/Type", "/FontName", "/Flags", "/FontBBox", "/ItalicAngle", "/Ascent", "/Descent"),
    *("/Leading", "/CapHeight", "/XHeight", "/StemV", "/StemH", "/AvgWidth", "/MaxWidth"),
    *("/MissingWidth", "/FontWeight", "/FontStretch"),
)
_PROGRAM: Final = ("/Subtype", "/Length1", "/Length2", "/Length3")
_TABLE: Final = ("/Type", "/CMapName", "/WMode")
_WORD: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")


def font(anew: Anew, thing: Any) -> pikepdf.Dictionary:
    """A font whose shapes are not drawn by instructions. Raises Nothing for what is none."""
    return anew.dictionary(
        thing,
        _FONT,
        Encoding=lambda one: encoding(anew, one),
        ToUnicode=lambda one: letters(anew, one),
        FontDescriptor=lambda one: measures(anew, one),
        DescendantFonts=lambda one: pikepdf.Array([_wide(anew, one[0])]),
    )


def encoding(anew: Anew, thing: Any) -> Any:
    """Which shape each code means."""
    if isinstance(thing, pikepdf.Stream):
        return letters(anew, thing)
    if isinstance(thing, pikepdf.Dictionary):
        return anew.dictionary(thing, ("/Type", "/BaseEncoding", "/Differences"))
    return plain(thing)


def letters(anew: Anew, thing: Any) -> Any:
    """Which letters the shapes are."""
    if isinstance(thing, pikepdf.Name):
        return plain(thing)
    return anew.once(stream(thing), "letters", lambda one: _letters(anew, one))


def _letters(anew: Anew, thing: Any) -> pikepdf.Stream:
    kept = anew.fields(
        thing,
        _TABLE,
        UseCMap=lambda one: letters(anew, one),
        CIDSystemInfo=lambda one: _collection(anew, one),
    )
    return anew.stream(without_comments(thing.read_bytes()), kept)


def _collection(anew: Anew, thing: Any) -> pikepdf.Dictionary:
    return anew.dictionary(thing, ("/Supplement",), Registry=_word, Ordering=_word)


def _word(thing: Any) -> pikepdf.String:
    if not isinstance(thing, pikepdf.String) or not _WORD.fullmatch(str(thing)):
        raise Nothing
    return pikepdf.String(str(thing))


def _wide(anew: Anew, thing: Any) -> Any:
    return anew.once(dictionary(thing), "wide font", lambda one: _wide_font(anew, one))


def _wide_font(anew: Anew, thing: Any) -> pikepdf.Dictionary:
    return anew.dictionary(
        thing,
        _WIDE,
        CIDSystemInfo=lambda one: _collection(anew, one),
        FontDescriptor=lambda one: measures(anew, one),
        CIDToGIDMap=lambda one: _shapes(anew, one),
    )


def _shapes(anew: Anew, thing: Any) -> Any:
    if isinstance(thing, pikepdf.Name):
        return plain(thing)
    return anew.once(stream(thing), "shapes", lambda one: anew.stream(one.read_bytes(), {}))


def measures(anew: Anew, thing: Any) -> Any:
    """The measures of a font, with the program that draws its shapes."""

    def program(one: Any) -> Any:
        return anew.once(
            stream(one),
            "font program",
            lambda held: anew.stream(held.read_bytes(), anew.fields(held, _PROGRAM)),
        )

    return anew.once(
        dictionary(thing),
        "measures",
        lambda one: anew.dictionary(
            one, _MEASURES, FontFile=program, FontFile2=program, FontFile3=program
        ),
    )


def is_drawn(thing: Any) -> bool:
    """Whether the shapes of a font are drawn by instructions."""
    return name_of(thing, "/Subtype") == "/Type3"
