"""What people hear of a file for the public: the tags of what is left, and of nothing else."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from decisions.uploads import rewrite
from decisions.uploads.pdf import rewritten
from decisions.uploads.words import words
from tests.document_shapes import DRAFTS
from tests.furnished import everything, furnished
from tests.pdfs import pages, rendered, text
from tests.upload_corpus import action, annotation, pdf
from tests.verapdf import failures

# A file for the public does not claim a standard that nobody has checked it against.
UNCLAIMED: Final = "ua1 5-1"
SECRET: Final = "Zanderquist"


def tagged_by(*tags: Dictionary, **root: Any) -> bytes:
    """A PDF with these tags: the passage “The fleet” has the number 0."""

    def change(document: pikepdf.Pdf) -> None:
        page = document.pages[0].obj
        drawn = b"/P <</MCID 0>> BDC " + page.Contents.read_bytes() + b" EMC"
        page.Contents = document.make_stream(drawn)
        held = document.make_indirect(Dictionary(Type=Name.StructTreeRoot, **root))
        document.Root.StructTreeRoot = held
        made = [document.make_indirect(tag) for tag in tags]
        for tag in made:
            tag.P, tag.Pg = held, page
        held.K = Array(made)

    return pdf(change)


def tags_of(file: bytes) -> list[tuple[str, ...]]:
    """Each tag with what it says, in the order in which they are read out."""
    found: list[tuple[str, ...]] = []

    def walk(thing: Any) -> None:
        for one in thing if isinstance(thing, pikepdf.Array) else [thing]:
            if isinstance(one, pikepdf.Dictionary) and "/S" in one:
                said = [str(one[key]) for key in ("/Alt", "/ActualText", "/E") if key in one]
                found.append((str(one.S), *said))
                walk(one.get("/K", Array()))

    with pikepdf.open(BytesIO(file)) as document:
        if "/StructTreeRoot" in document.Root:
            walk(document.Root.StructTreeRoot.K)
    return found


def read(file: bytes) -> str:
    with pikepdf.open(BytesIO(file)) as document:
        return words(document)[0]


@pytest.mark.parametrize("shape", DRAFTS)
def test_a_tagged_document_keeps_its_tags_for_the_public(shape: str) -> None:
    before = rendered(DRAFTS[shape], draft=True)
    after = rewrite(before, "Draft")
    assert text(after) == text(before)
    assert tags_of(after) == tags_of(before)
    assert [rule[: len(UNCLAIMED)] for rule in failures(after, "ua1")] == [UNCLAIMED]


def test_nothing_is_left_of_pages_that_were_deleted() -> None:
    whole = rendered(DRAFTS["draft with tables"], draft=True)
    shown = pages(whole)
    with pikepdf.open(BytesIO(whole)) as document:
        del document.pages[1:]
        cut = BytesIO()
        document.save(cut)
    assert pages(cut.getvalue()) == shown[:1]
    assert len(shown) > 2
    assert held_pages(cut.getvalue()) == len(shown)
    made = rewritten(cut.getvalue(), "Draft")
    assert pages(made.public) == shown[:1]
    assert held_pages(made.public) == 1
    assert 0 < len(tags_of(made.public)) < len(tags_of(whole))
    sentence = f"Pages that were deleted, but which the file still held ({len(shown) - 1})."
    assert sentence in made.left_out
    assert [rule[: len(UNCLAIMED)] for rule in failures(made.public, "ua1")] == [UNCLAIMED]


def held_pages(file: bytes) -> int:
    with pikepdf.open(BytesIO(file)) as document:
        return sum(
            isinstance(one, pikepdf.Dictionary) and one.get("/Type") == Name.Page
            for one in document.objects
        )


def test_what_a_tag_says_of_a_passage_stays_and_is_read_with_the_words() -> None:
    before = tagged_by(
        Dictionary(
            S=Name.Figure,
            K=0,
            Alt=String("A lorry"),
            ActualText=String("The whole fleet"),
            E=String("Fleet of the council"),
        )
    )
    after = rewrite(before, "Case")
    assert tags_of(after) == [("/Figure", "A lorry", "The whole fleet", "Fleet of the council")]
    assert read(after).splitlines()[-3:] == ["The whole fleet", "A lorry", "Fleet of the council"]


def test_where_a_link_leads_is_read_with_the_words() -> None:
    def change(document: pikepdf.Pdf) -> None:
        leading = action("/URI", URI=String("https://www.gov.uk/fleet"))
        annotation(document, Subtype=Name.Link, A=leading, Contents=String("About lorries"))

    assert set(read(rewrite(pdf(change), "Case")).splitlines()[1:]) == {
        "https://www.gov.uk/fleet",
        "About lorries",
    }


def test_words_in_a_pattern_are_read() -> None:
    def change(document: pikepdf.Pdf) -> None:
        page = document.pages[0].obj
        tile = document.make_stream(b"BT /F1 12 Tf (Prices) Tj ET")
        tile.PatternType, tile.PaintType, tile.TilingType = 1, 1, 1
        tile.BBox, tile.XStep, tile.YStep = Array([0, 0, 90, 90]), 90, 90
        tile.Resources = Dictionary(Font=page.Resources.Font)
        page.Resources.Pattern = Dictionary(P1=tile)
        painted = b" /Pattern cs /P1 scn 0 0 90 90 re f"
        page.Contents = document.make_stream(page.Contents.read_bytes() + painted * 2)

    assert read(rewrite(pdf(change), "Case")).split() == ["The", "fleet", "Prices"]


def test_a_tag_of_nothing_is_left_out_and_an_empty_cell_keeps_its_place() -> None:
    before = tagged_by(
        Dictionary(
            S=Name.TR,
            K=Array(
                [
                    Dictionary(S=Name.TD, K=0),
                    Dictionary(S=Name.TD, Alt=String(SECRET)),
                    Dictionary(S=Name.TD, K=7, Alt=String(SECRET)),
                    Dictionary(S=Name.Figure, Alt=String(SECRET)),
                ]
            ),
        ),
        Dictionary(S=Name.P, K=0, Alt=String(SECRET)),
    )
    assert everything(before).count(SECRET) >= 4
    made = rewritten(before, "Case")
    assert tags_of(made.public) == [("/TR",), ("/TD",), ("/TD",)]
    assert SECRET not in everything(made.public)
    assert "Tags of things that no page shows." in made.left_out


def test_a_tag_of_ones_own_becomes_the_one_that_it_stands_for() -> None:
    roles = Dictionary({f"/{SECRET}": Name.Emphasis, "/Emphasis": Name.Span, "/Round": Name.Round})
    own = tagged_by(Dictionary(S=Name(f"/{SECRET}"), K=0), RoleMap=roles)
    assert tags_of(rewrite(own, "Case")) == [("/Span",)]
    round_and_round = tagged_by(Dictionary(S=Name.Round, K=0), RoleMap=roles)
    assert tags_of(rewrite(round_and_round, "Case")) == [("/NonStruct",)]
    newer = tagged_by(Dictionary(S=Name.Strong, K=0))
    assert tags_of(rewrite(newer, "Case")) == [("/Span",)]


def test_a_passage_leads_back_to_its_tag() -> None:
    with pikepdf.open(BytesIO(rewrite(tagged_by(Dictionary(S=Name.P, K=0)), "Case"))) as after:
        number = int(after.pages[0].obj.StructParents)
        held = dict(pikepdf.NumberTree(after.Root.StructTreeRoot.ParentTree).items())[number]
        assert str(held[0].S) == "/P"
        assert after.pages[0].obj.Contents.read_bytes().startswith(b"/P << /MCID 0 >> BDC")


def test_what_was_taken_out_is_said_of_each_thing() -> None:
    assert rewritten(pdf(), "Case").left_out == []
    assert rewritten(furnished("deleted page"), "Case").left_out == [
        "Pages that were deleted, but which the file still held (1).",
        "Tags of things that no page shows.",
    ]
    assert rewritten(furnished("label"), "Case").left_out == [
        "Words in the numbering of its pages."
    ]
    assert rewritten(furnished("comment"), "Case").left_out == [
        "Comments among the instructions that draw its pages."
    ]
    assert rewritten(furnished("drawing that nobody sees"), "Case").left_out == [
        "Drawings or pictures that its pages themselves do not draw."
    ]
    assert rewritten(furnished("behind by name"), "Case").left_out == [
        "Wording that stands behind the wording on the pages."
    ]
    for place in ("private", "entry of a font", "entry of resources", "entry of the page"):
        assert rewritten(furnished(place), "Case").left_out == [
            "Private data of the program that wrote it."
        ]
