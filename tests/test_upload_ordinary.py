"""Ordinary PDF files that are built a little oddly: let in, and made anew for the public."""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from decisions.uploads import Kind, Unfit, inspect, rewrite
from decisions.uploads.pdf import rewritten
from tests.pdfs import text
from tests.upload_corpus import action, annotation, pdf


def test_a_note_that_was_deleted_may_leave_an_empty_place() -> None:
    def change(document: pikepdf.Pdf) -> None:
        annotation(document, Subtype=Name.Text)
        (note,) = document.pages[0].obj.Annots
        document.pages[0].obj.Annots = Array([None, note])

    file = pdf(change)
    with pikepdf.open(BytesIO(file)) as document:
        assert [one is None for one in document.pages[0].obj.Annots] == [True, False]
    made = rewritten(file, "Case")
    assert text(made.public) == "The fleet"
    assert made.left_out == ["Notes, marks and fields that lie on the pages (1)."]


def test_nothing_is_said_to_be_left_out_of_a_plain_picture_among_the_instructions() -> None:
    picture = b"q 9 0 0 9 0 0 cm BI /W 2 /H 1 /BPC 8 /CS /G ID \x00\x80\nEI Q"

    def change(document: pikepdf.Pdf) -> None:
        document.pages[0].obj.Contents = document.make_stream(picture)

    made = rewritten(pdf(change), "Case")
    assert made.left_out == []
    with pikepdf.open(BytesIO(made.public)) as document:
        drawn = document.pages[0].obj.Contents.read_bytes()
    assert b"/ColorSpace /DeviceGray" in drawn
    assert b" ID \x00\x80\nEI" in drawn


DOTS = bytes(range(12))  # three rows of four
LETTERS = b"Zanderquists"
_ROWS = [(DOTS + LETTERS)[at : at + 4] for at in range(0, 24, 4)]
PACKED = {
    "zipped": (b"/Fl", zlib.compress(DOTS + LETTERS)),
    "zipped by rows": (
        b"[/Fl] /DP [<</Predictor 15 /Columns 4>>]",
        zlib.compress(b"".join(b"\0" + row for row in _ROWS)),
    ),
    "zipped, and followed": (b"/Fl", zlib.compress(DOTS) + LETTERS),
    "letters, and followed": (b"/AHx", (DOTS + LETTERS).hex().encode() + b">"),
    "letters around": (b"[/AHx /Fl]", zlib.compress(DOTS + LETTERS).hex().encode() + b">"),
    "runs": (b"/RL", b"\x0b" + DOTS + b"\x0b" + LETTERS + b"\x80"),
}


@pytest.mark.parametrize("case", PACKED)
def test_of_a_picture_among_the_instructions_the_dots_that_it_shows_stay(case: str) -> None:
    how, packed = PACKED[case]
    picture = b"q 9 0 0 9 0 0 cm BI /W 4 /H 3 /BPC 8 /CS /G /F " + how + b" ID " + packed
    file = pdf(lambda document: _draw(document, picture + b"\nEI Q"))
    with pikepdf.open(BytesIO(file)) as document:
        found = _among(document)
        assert found.read_bytes().startswith(DOTS)
        assert LETTERS in found.read_bytes() + packed
    with pikepdf.open(BytesIO(rewritten(file, "Case").public)) as document:
        found = _among(document)
        assert found.read_bytes() == DOTS
        assert found.read_raw_bytes().rstrip(b"\n") == zlib.compress(DOTS)


def test_a_picture_of_runs_keeps_the_dots_that_it_shows() -> None:
    _, packed = PACKED["runs"]

    def change(document: pikepdf.Pdf) -> None:
        photo = document.make_stream(packed, Filter=Name.RunLengthDecode)
        photo.Type, photo.Subtype, photo.ColorSpace = Name.XObject, Name.Image, Name.DeviceGray
        photo.Width, photo.Height, photo.BitsPerComponent = 4, 3, 8
        document.pages[0].obj.Resources.XObject = Dictionary(Photo=photo)
        _draw(document, b"q 9 0 0 9 0 0 cm /Photo Do Q")

    with pikepdf.open(BytesIO(rewritten(pdf(change), "Case").public)) as document:
        (photo,) = document.pages[0].obj.Resources.XObject.values()
        assert photo.read_bytes() == DOTS


def _draw(document: pikepdf.Pdf, drawn: bytes) -> None:
    document.pages[0].obj.Contents = document.make_stream(drawn)


def _among(document: pikepdf.Pdf) -> Any:
    """The picture among the instructions of the first page."""
    (image,) = [
        step.iimage
        for step in pikepdf.parse_content_stream(document.pages[0])
        if isinstance(step, pikepdf.ContentStreamInlineImage)
    ]
    return image


def opening(does: Dictionary) -> bytes:
    """A PDF that does this when it is opened, at its first page."""

    def change(document: pikepdf.Pdf) -> None:
        does.D = Array([document.pages[0].obj, Name.Fit])
        document.Root.OpenAction = document.make_indirect(does)

    return pdf(change)


def test_a_file_may_open_at_a_page_as_those_of_latex_do() -> None:
    file = opening(action("/GoTo"))
    assert inspect(file, "case.pdf") == Kind.PDF
    with pikepdf.open(BytesIO(rewrite(file, "Case"))) as document:
        assert "/OpenAction" not in document.Root


@pytest.mark.parametrize(
    ("does", "word"),
    [
        (action("/URI"), "actions that run by themselves"),
        (action("/Named"), "actions that run by themselves"),
        (action("/GoTo", Next=action("/JavaScript")), "scripts"),
    ],
)
def test_a_file_may_do_nothing_else_when_it_is_opened(does: Dictionary, word: str) -> None:
    with pytest.raises(Unfit, match=f"The PDF holds {word}"):
        inspect(opening(does), "case.pdf")
