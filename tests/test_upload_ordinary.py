"""Ordinary PDF files that are built a little oddly: let in, and made anew for the public."""

from __future__ import annotations

from io import BytesIO

import pikepdf
from pikepdf import Array, Name

from decisions.uploads.pdf import rewritten
from tests.pdfs import text
from tests.upload_corpus import annotation, pdf


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
