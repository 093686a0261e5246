"""What a program reads of a file for the public, and of what it says that it cannot read it."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any, Final

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from decisions.uploads import rewrite
from decisions.uploads.apart import look_into
from decisions.uploads.words import words
from tests.upload_corpus import pdf

Change = Callable[[pikepdf.Pdf], Any]


def read(change: Change) -> tuple[list[str], int]:
    """The words of the file for the public, and the number of pages that cannot be read."""
    with pikepdf.open(BytesIO(rewrite(pdf(change), "Case"))) as document:
        found, unread = words(document)
    return found.split(), unread


def written(drawn: bytes, **font: Any) -> Change:
    """Draw this on the page, with these entries in its font."""

    def change(document: pikepdf.Pdf) -> None:
        page = document.pages[0].obj
        for key, value in font.items():
            page.Resources.Font.F1[f"/{key}"] = value
        page.Contents = document.make_stream(drawn)

    return change


def by_shape(*names: str) -> Dictionary:
    """An encoding that calls the shapes of the codes from A on by these names."""
    return Dictionary(Differences=Array([65, *(Name(f"/{name}") for name in names)]))


def said(drawn: bytes, table: bytes, **font: Any) -> Change:
    """The same with a table of letters."""

    def change(document: pikepdf.Pdf) -> None:
        letters = document.make_stream(b"1 begin" + table)
        written(drawn, ToUnicode=letters, **font)(document)

    return change


def carrying(flags: int, **font: Any) -> Change:
    """A font that carries its own shapes."""

    def change(document: pikepdf.Pdf) -> None:
        about = Dictionary(
            Type=Name.FontDescriptor, Flags=flags, FontFile2=document.make_stream(b"shapes")
        )
        written(_ABC, FontDescriptor=about, **font)(document)

    return change


def wide(drawn: bytes, table: bytes) -> Change:
    """A font of two bytes for each letter, as programs write it today."""

    def change(document: pikepdf.Pdf) -> None:
        collection = Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0)
        inner = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=Name.Fleet,
            CIDSystemInfo=collection,
        )
        whole = {
            "Subtype": Name.Type0,
            "BaseFont": Name.Fleet,
            "Encoding": Name("/Identity-H"),
            "DescendantFonts": Array([inner]),
        }
        said(drawn, table, **whole)(document)

    return change


_ABC: Final = b"BT /F1 12 Tf 72 720 Td (ABC) Tj ET"
READ: Final[dict[str, tuple[Change, str]]] = {
    "names of letters": (written(_ABC, Encoding=by_shape("A", "eacute", "uni0043")), "AéC"),
    "common codes": (carrying(32), "ABC"),
    "codes of Windows": (carrying(4, Encoding=Name.WinAnsiEncoding), "ABC"),
    "a table": (said(_ABC, b"bfrange <41> <43> <0058> endbfrange"), "XYZ"),
    "a table that is silent of common codes": (said(_ABC, b"bfchar <41> <0058> endbfchar"), "XBC"),
    "a wide table": (
        wide(
            b"BT /F1 12 Tf 72 720 Td <000100020003> Tj ET",
            b"bfrange <0001> <0003> <0041> endbfrange",
        ),
        "ABC",
    ),
}
UNREAD: Final[dict[str, tuple[Change, str]]] = {
    "numbers of shapes": (written(_ABC, Encoding=by_shape("g1", "g2", "g3")), ""),
    "a number among letters": (written(_ABC, Encoding=by_shape("A", "g2", "C")), "AC"),
    "codes that its program alone knows": (carrying(4), ""),
    "a wide table with a gap": (
        wide(
            b"BT /F1 12 Tf 72 720 Td <000100020003> Tj ET",
            b"bfchar <0001> <0041> <0003> <0043> endbfchar",
        ),
        "AC",
    ),
    "a picture among the instructions": (
        written(b"q 9 0 0 9 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x80\nEI Q"),
        "",
    ),
}


@pytest.mark.parametrize("case", READ)
def test_what_a_font_says_of_its_letters_is_read(case: str) -> None:
    change, expected = READ[case]
    assert read(change) == ([expected], 0)


@pytest.mark.parametrize("case", UNREAD)
def test_a_page_that_is_not_read_or_read_in_part_is_counted(case: str) -> None:
    change, expected = UNREAD[case]
    assert read(change) == (expected.split(), 1)


def test_after_a_change_the_font_from_before_is_read_again() -> None:
    def change(document: pikepdf.Pdf) -> None:
        drawn = b"BT /F1 12 Tf 72 720 Td ET q BT /F2 12 Tf (A) Tj ET Q BT (BC) Tj ET"
        said(drawn, b"bfrange <41> <43> <0058> endbfrange")(document)
        fonts = document.pages[0].obj.Resources.Font
        fonts.F2 = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Courier)

    assert read(change) == (["A", "YZ"], 0)


def test_half_a_letter_in_a_table_is_no_reason_to_refuse_a_file() -> None:
    file = pdf(said(_ABC, b"bfrange <00> <FF> <D7F0> endbfrange"))
    looked = look_into(file, "case.pdf", title="Case", public=True)
    assert looked.words.strip() == "\N{REPLACEMENT CHARACTER}" * 3


def test_a_long_table_is_read_once_however_often_its_font_is_chosen() -> None:
    # A table of all codes is what some programs write; read each time, it takes minutes.
    drawn = b"BT " + b"/F1 12 Tf 1 0 Td <0041> Tj " * 5_000 + b"ET"

    def change(document: pikepdf.Pdf) -> None:
        wide(drawn, b"bfrange <0000> <FFFF> <0000> endbfrange")(document)
        page = document.pages[0].obj
        page.Resources.Font.F1 = document.make_indirect(page.Resources.Font.F1)

    looked = look_into(pdf(change), "case.pdf", title="Case", public=True)
    assert looked.words.split() == ["A"] * 5_000
    assert looked.unread_pages == 0
