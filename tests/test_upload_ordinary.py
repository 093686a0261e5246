"""Ordinary PDF files that are built a little oddly: let in, and made anew for the public."""

from __future__ import annotations

from io import BytesIO

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
