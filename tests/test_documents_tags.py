"""What a screen reader is told of a document, beyond what the validator asks for."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tests import awkward_records, records
from tests.document_shapes import DRAFTS, SHAPES, forty_pages, long_table, nested_lists
from tests.pdfs import rendered
from tests.structure import marked, opened, read_aloud, seen, structure

if TYPE_CHECKING:
    from collections.abc import Callable

    from decisions.register.record import Record


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_read_aloud_is_what_is_seen_in_the_same_order(shape: str) -> None:
    pdf = rendered(SHAPES[shape])
    assert read_aloud(pdf) == seen(pdf)
    assert "Howtocheckthisdocument" in read_aloud(pdf)
    assert "Page1of" not in read_aloud(pdf)


def test_running_heads_and_feet_are_artifacts_on_every_page() -> None:
    with opened(rendered(forty_pages)) as pdf:
        assert len(pdf.pages) > 40
        for page in pdf.pages:
            artifacts = [
                (one.said.get("/Type"), one.said.get("/Subtype"))
                for one in marked(page)
                if one.kind == "Artifact" and one.text
            ]
            head = ("/Pagination", "/Header")
            assert artifacts == [head, head, head, ("/Pagination", "/Footer")]


@pytest.mark.parametrize("build", [records.pcd_1080, long_table, awkward_records.long_words])
def test_every_piece_of_text_is_content_of_one_element_or_an_artifact(
    build: Callable[[], Record],
) -> None:
    with opened(rendered(build)) as pdf:
        drawn = set()
        for number, page in enumerate(pdf.pages):
            for piece in marked(page):
                assert piece.kind == "Artifact" or "/MCID" in piece.said
                if piece.kind != "Artifact":
                    drawn.add((number, int(piece.said["/MCID"])))
        claimed = [at for element in structure(pdf).all() for at in element.content]
        assert len(claimed) == len(set(claimed))
        assert set(claimed) == drawn


@pytest.mark.parametrize("build", [records.pcd_1080, long_table])
def test_the_way_back_from_the_pages_leads_to_the_same_elements(
    build: Callable[[], Record],
) -> None:
    with opened(rendered(build)) as pdf:
        numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
        owners = dict(zip((int(n) for n in list(numbers)[::2]), list(numbers)[1::2], strict=True))
        for element in structure(pdf).all():
            for page, mcid in element.content:
                found = owners[int(pdf.pages[page].StructParents)][mcid]
                assert found.objgen == element.entry.objgen
            for note in element.notes:
                assert owners[int(note.StructParent)].objgen == element.entry.objgen
        assert int(pdf.Root.StructTreeRoot.ParentTreeNextKey) == max(owners) + 1


def test_a_paragraph_that_runs_over_pages_is_one_element() -> None:
    with opened(rendered(forty_pages)) as pdf:
        found = [one for one in structure(pdf).all("P") if one.all("Lbl")]
        assert len(found) == 400
        split = [one for one in found if len(one.pages) == 2]
        assert len(split) > 5
        sections = [one for one in structure(pdf).all("Sect") if len(one.pages) > 3]
        assert len(sections) == 9  # eight parts of the programme, and Part 1 around them


def test_a_table_that_runs_over_pages_is_one_table_whose_head_is_read_once() -> None:
    with opened(rendered(long_table)) as pdf:
        (table,) = [one for one in structure(pdf).all("Table") if len(one.pages) > 3]
        assert len(table.all("THead")) == 1
        assert len(table.all("TR")) == 122
        assert {len(row.kids) for row in table.all("TR")} == {3}
        (long_cell,) = [one for one in table.all("TD") if len(one.pages) > 1]
        assert len(long_cell.content) > 50


def test_lists_say_how_they_are_numbered_and_items_have_a_label_and_a_body() -> None:
    with opened(rendered(nested_lists)) as pdf:
        lists = structure(pdf).all("L")
        assert {one.attribute("/ListNumbering") for one in lists} == {"/Decimal", "/Disc"}
        assert {kid.tag for one in lists for kid in one.kids} == {"LI"}
        items = structure(pdf).all("LI")
        assert len(items) > 70
        assert {tuple(kid.tag for kid in item.kids) for item in items} == {("Lbl", "LBody")}
        assert max(_depth(one.entry) for one in lists) == 5


def _depth(entry: object) -> int:
    """How many lists stand around an element, itself included."""
    here = getattr(entry, "S", None) == "/L"
    parent = getattr(entry, "P", None)
    return here + (_depth(parent) if parent is not None else 0)


def test_numbers_of_recommendations_headings_and_paragraphs_are_labels() -> None:
    with opened(rendered(records.pcd_1080)) as pdf:
        top = structure(pdf)
        recommendations = top.all("L")[0]
        assert recommendations.attribute("/ListNumbering") == "/Decimal"
        assert [[kid.tag for kid in item.kids] for item in recommendations.kids] == [
            ["Lbl", "LBody"],
            ["Lbl", "LBody"],
        ]
        numbered = [one for one in top.all("H3") if one.all("Lbl")]
        assert len(numbered) == 6
        assert len([one for one in top.all("P") if one.all("Lbl")]) == 15


@pytest.mark.parametrize(
    "shape", ["approved", "table over several pages", "tables without headers"]
)
def test_every_header_says_its_scope_and_every_cell_finds_its_headers(shape: str) -> None:
    with opened(rendered(SHAPES[shape])) as pdf:
        names = [str(name) for name in list(pdf.Root.StructTreeRoot.IDTree.Names)[::2]]
        assert names == sorted(set(names))
        for table in structure(pdf).all("Table"):
            heads = {str(one.entry.ID): one.attribute("/Scope") for one in table.all("TH")}
            assert set(heads.values()) <= {"/Column", "/Row"}
            assert set(heads) <= set(names)
            for cell in table.all("TD"):
                said = cell.entry.get("/A", {}).get("/Headers", [])
                assert {str(one) for one in said} <= set(heads)
                assert len(said) == len({str(one) for one in said})
                assert bool(said) == bool(heads)


def test_a_total_is_headed_by_its_row_and_its_column() -> None:
    with opened(rendered(records.pcd_1080)) as pdf:
        (funding,) = [one for one in structure(pdf).all("Table") if len(one.all("TD")) == 4]
        heads = {str(one.entry.ID): one for one in funding.all("TH")}
        total = funding.all("TD")[-1]
        scopes = [heads[str(one)].attribute("/Scope") for one in total.entry.A.Headers]
        assert sorted(scopes) == ["/Column", "/Row"]


def test_links_say_where_they_lead() -> None:
    with opened(rendered(awkward_records.rich_text)) as pdf:
        links = structure(pdf).all("Link")
        assert [{str(note.Contents) for note in link.notes} for link in links] == [
            {"the options paper (https://decisions.example/options)"},
            {f"Check this document on the public register ({links[1].notes[0].A.URI})"},
            {"PCD 1080 on the public register (http://127.0.0.1:8001/decisions/pcd-1080/)"},
            {"Data of this edition (http://127.0.0.1:8001/decisions/pcd-1080/editions/1.json)"},
        ]
        assert all(link.content for link in links)


def test_a_link_over_several_lines_is_one_link() -> None:
    with opened(rendered(awkward_records.long_words)) as pdf:
        first = structure(pdf).all("Link")[0]
        assert len(first.notes) == 3
        assert len(first.content) == 3


@pytest.mark.parametrize("shape", SHAPES)
def test_the_field_of_the_seal_stands_in_the_last_part_on_the_last_page(shape: str) -> None:
    with opened(rendered(SHAPES[shape])) as pdf:
        (form,) = structure(pdf).all("Form")
        (field,) = pdf.Root.AcroForm.Fields
        assert [note.objgen for note in form.notes] == [field.objgen]
        assert field.P.objgen == pdf.pages[-1].objgen
        assert structure(pdf).kids[-1].all("Form") != []
        assert (str(field.FT), str(field.T), int(field.F)) == ("/Sig", "Seal", 132)
        assert str(field.TU) == str(field.Contents) == "Electronic seal of this decision"
        assert str(form.entry.Alt) == "Electronic seal of this decision"
        left, bottom, right, top = (float(edge) for edge in field.Rect)
        assert (right - left) > 300 > (top - bottom) > 40
        assert (left, bottom) > (0, 0)


@pytest.mark.parametrize("shape", DRAFTS)
def test_a_draft_has_no_field_and_nothing_attached(shape: str) -> None:
    with opened(rendered(DRAFTS[shape], draft=True)) as pdf:
        assert "/AcroForm" not in pdf.Root
        assert "/AF" not in pdf.Root
        assert "/Names" not in pdf.Root
        assert structure(pdf).all("Form", "Figure") == []


@pytest.mark.parametrize("shape", SHAPES)
def test_headings_never_skip_a_level_and_each_is_a_bookmark(shape: str) -> None:
    with opened(rendered(SHAPES[shape])) as pdf:
        levels = [int(one.tag[1]) for one in structure(pdf).all() if re.match(r"H\d", one.tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert max(below - above for above, below in pairwise(levels)) == 1
        marks = 0
        with pdf.open_outline() as outline:
            waiting = list(outline.root)
            while waiting:
                mark = waiting.pop()
                marks += 1
                waiting.extend(mark.children)
        assert marks == len(levels)
