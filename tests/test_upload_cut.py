"""Pictures of which a page shows only a part: whoever approves the file is told of the rest."""

from __future__ import annotations

from typing import Any, Final

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from decisions.uploads.pdf import rewritten
from tests.pdfs import strings
from tests.upload_corpus import pdf

SECRET: Final = "Zanderquist"
_DOTS: Final = (SECRET * 10).encode()[:100]
_SHOWN: Final = b"q 200 0 0 200 100 400 cm /Photo Do Q"


def showing(drawn: bytes, crop: list[int] | None = None, **form: Any) -> bytes:
    """A PDF with a picture of ten times ten dots, drawn so; with a form, it is drawn by it."""

    def change(document: pikepdf.Pdf) -> None:
        photo = document.make_stream(_DOTS)
        photo.Type, photo.Subtype, photo.ColorSpace = Name.XObject, Name.Image, Name.DeviceGray
        photo.Width, photo.Height, photo.BitsPerComponent = 10, 10, 8
        page = document.pages[0].obj
        held = Dictionary(Photo=photo)
        before, instructions = page.Contents.read_bytes(), drawn
        if form:
            inner = document.make_stream(drawn, Resources=Dictionary(XObject=held), **form)
            inner.Type, inner.Subtype = Name.XObject, Name.Form
            held, instructions = Dictionary(Form=inner), b"/Form Do"
        page.Resources.XObject = held
        page.Contents = document.make_stream(before + b"\n" + instructions)
        if crop is not None:
            page.CropBox = Array(crop)

    return pdf(change)


WHOLE: Final[dict[str, bytes]] = {
    "whole": showing(_SHOWN),
    "in a window of its size": showing(b"q 100 400 200 200 re W n " + _SHOWN + b" Q"),
    "in a window that ended before": showing(b"q 100 400 9 9 re W n Q " + _SHOWN),
    "over a box that is no window": showing(b"100 400 9 9 re f " + _SHOWN),
    "turned": showing(b"q 0 200 -200 0 300 400 cm /Photo Do Q"),
    "trimmed at an edge": showing(b"q 600 0 0 860 -2 -9 cm /Photo Do Q"),
    "in a drawing": showing(_SHOWN, BBox=Array([100, 400, 300, 600])),
    "in a smaller drawing": showing(
        _SHOWN, BBox=Array([0, 0, 600, 900]), Matrix=Array([0.5, 0, 0, 0.5, 0, 0])
    ),
}
CUT: Final[dict[str, bytes]] = {
    "in a window": showing(b"q 100 400 150 200 re W n " + _SHOWN + b" Q"),
    "in a window of lines": showing(b"q 100 400 m 200 400 l 100 700 l h W* n " + _SHOWN + b" Q"),
    "in a window of a window": showing(
        b"q 100 400 150 200 re W n 50 400 600 200 re W n " + _SHOWN + b" Q"
    ),
    "by the edge of the page": showing(b"q 600 0 0 600 300 400 cm /Photo Do Q"),
    "by a page that was cut": showing(_SHOWN, [0, 450, 595, 842]),
    "beside a page that was cut": showing(_SHOWN, [0, 650, 595, 842]),
    "beside the page": showing(b"q 200 0 0 200 900 400 cm /Photo Do Q"),
    "as a point": showing(b"q 0 0 0 0 100 400 cm /Photo Do Q"),
    "in a drawing": showing(_SHOWN, BBox=Array([100, 400, 200, 600])),
    "by a larger drawing": showing(
        _SHOWN, BBox=Array([0, 0, 600, 900]), Matrix=Array([2, 0, 0, 2, 0, 0])
    ),
    "among the instructions": showing(
        b"q 100 400 9 9 re W n 200 0 0 200 100 400 cm BI /W 10 /H 10 /BPC 8 /CS /G ID "
        + _DOTS
        + b"\nEI Q"
    ),
}


@pytest.mark.parametrize("case", WHOLE)
def test_of_a_picture_that_is_shown_nothing_is_said(case: str) -> None:
    made = rewritten(WHOLE[case], "Case")
    assert SECRET in strings(made.public)
    assert [one for one in made.left_out if "pictures" in one] == []


def test_where_not_all_is_looked_at_this_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("decisions.uploads.cut.MOST_STEPS", 9)
    assert rewritten(CUT["in a window"], "Case").left_out[-1] == (
        "Still in the file: what the pages may not show of its pictures. They draw too much for a "
        "program to look at all of it."
    )


@pytest.mark.parametrize(
    "drawn",
    [
        showing(_SHOWN + b" /Nothing Do Q Q"),
        showing(_SHOWN, Matrix=Array([1, 0])),
        showing(_SHOWN, BBox=Array([])),
    ],
)
def test_a_drawing_that_is_built_oddly_is_no_reason_to_refuse_a_file(drawn: bytes) -> None:
    assert SECRET in strings(rewritten(drawn, "Case").public)


@pytest.mark.parametrize("case", CUT)
def test_of_a_picture_that_is_cut_it_is_said_that_its_rest_stays(case: str) -> None:
    made = rewritten(CUT[case], "Case")
    assert SECRET in strings(made.public)
    assert made.left_out[-1] == (
        "Still in the file: what the pages do not show of pictures that are cut (1). Anybody could "
        "get at it, so find out what it is."
    )
