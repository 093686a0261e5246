"""What lies over a page of a PDF for the public: nothing that may hide what is under it."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any, Final

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name

from decisions.models.files import STILL_THERE
from decisions.uploads import Kind, Unfit, inspect, rewrite
from decisions.uploads.pdf import rewritten
from tests.pdfs import text
from tests.upload_corpus import annotation, pdf

# Over “The fleet”, and a little larger than it.
_BOX: Final = [60, 700, 260, 740]
_BLACK: Final = Array([0, 0, 0])
MARKS: Final[dict[str, dict[str, Any]]] = {
    "a box": {"Subtype": Name.Square, "IC": _BLACK},
    "a circle": {"Subtype": Name.Circle, "IC": _BLACK},
    "a shape": {"Subtype": Name.Polygon, "IC": _BLACK},
    "a line": {"Subtype": Name.Line},
    "lines": {"Subtype": Name.PolyLine},
    "ink": {"Subtype": Name.Ink},
    "a stamp": {"Subtype": Name.Stamp},
    "typed text": {"Subtype": Name.FreeText},
    "a mark to take out later": {"Subtype": Name.Redact},
    "a watermark": {"Subtype": Name.Watermark},
    "a mark of a program": {"Subtype": Name.Censor},
    "a mark of no kind": {},
    "a black marker": {"Subtype": Name.Highlight, "C": _BLACK},
    "a black marker in one figure": {"Subtype": Name.Highlight, "C": Array([0])},
    "a black marker in inks": {"Subtype": Name.Highlight, "C": Array([0, 0, 0, 1])},
    "a marker of no colour": {"Subtype": Name.Highlight},
}
HARMLESS: Final[dict[str, dict[str, Any]]] = {
    "a note": {"Subtype": Name.Text},
    "a line through words": {"Subtype": Name.StrikeOut},
    "a yellow marker": {"Subtype": Name.Highlight, "C": Array([1, 1, 0])},
    "a yellow marker in inks": {"Subtype": Name.Highlight, "C": Array([0, 0, 1, 0])},
    "a box that nobody sees": {"Subtype": Name.Square, "F": 2},
}


def lying(entries: dict[str, Any]) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        black = document.make_stream(b"60 700 200 40 re f")
        black.Type, black.Subtype, black.BBox = Name.XObject, Name.Form, Array(_BOX)
        shown = {"F": 4, "AP": Dictionary(N=black)} | entries
        annotation(document, **shown)
        document.pages[0].obj.Annots[0].Rect = Array(_BOX)

    return change


def darkness(file: bytes) -> int:
    """How many dots of the place where “The fleet” stands are dark."""
    document = pypdfium2.PdfDocument(file)
    try:
        left, bottom, right, top = _BOX
        place = document[0].render(scale=1).to_pil().convert("L")
        dots: bytes = place.crop((left, 842 - top, right, 842 - bottom)).tobytes()
    finally:
        document.close()
    return sum(dot < 100 for dot in dots)


def test_a_box_hides_what_is_under_it() -> None:
    assert 0 < darkness(pdf()) < 1_000
    assert darkness(pdf(lying(MARKS["a box"]))) == 200 * 40


@pytest.mark.parametrize("case", MARKS)
def test_what_may_hide_something_is_refused_for_the_public(case: str) -> None:
    file = pdf(lying(MARKS[case]))
    assert text(file) == "The fleet"
    assert inspect(file, "case.pdf") == Kind.PDF
    with pytest.raises(Unfit, match="marks lie over the pages of the PDF"):
        rewrite(file, "Case")


@pytest.mark.parametrize("case", HARMLESS)
def test_what_hides_nothing_is_left_out(case: str) -> None:
    after = rewrite(pdf(lying(HARMLESS[case])), "Case")
    assert text(after) == "The fleet"
    with pikepdf.open(BytesIO(after)) as document:
        assert "/Annots" not in document.pages[0].obj


COVERED: Final = (
    "Still in the file: what the fields of its form covered. The fields are gone, so what was "
    "under them is seen."
)


@pytest.mark.parametrize(("flags", "warnings"), [(4, [COVERED]), (4 + 2, [])])
def test_of_fields_that_are_gone_it_is_said_that_what_they_covered_is_not(
    flags: int, warnings: list[str]
) -> None:
    def change(document: pikepdf.Pdf) -> None:
        lying({"Subtype": Name.Widget, "FT": Name.Tx, "T": "supplier", "F": flags})(document)
        fields = Array(list(document.pages[0].obj.Annots))
        document.Root.AcroForm = Dictionary(Fields=fields)

    made = rewritten(pdf(change), "Case")
    assert 0 < darkness(made.public) < 1_000
    assert [said for said in made.left_out if said.startswith(STILL_THERE)] == warnings
