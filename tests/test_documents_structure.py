"""What a screen reader and an archive find in the file: tags, language, title, the same bytes."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf
import pytest

from approvals import documents
from tests import awkward_records, records
from tests.pdfs import pages, rendered

if TYPE_CHECKING:
    from collections.abc import Callable

    from decisions.register.record import Record

SHAPES = (
    records.pcd_1080,
    records.refused,
    records.partly_approved,
    records.acting_signatories,
    records.corrected,
    awkward_records.without_funding,
    awkward_records.rich_text,
    awkward_records.long_words,
    awkward_records.wide_table,
)


@pytest.mark.parametrize("build", SHAPES)
def test_the_file_is_tagged_and_says_language_title_and_standard(
    build: Callable[[], Record],
) -> None:
    with pikepdf.open(BytesIO(rendered(build))) as opened:
        assert str(opened.Root.Lang) == "en-GB"
        assert bool(opened.Root.MarkInfo.Marked) is True
        assert bool(opened.Root.ViewerPreferences.DisplayDocTitle) is True
        with opened.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == str(opened.docinfo["/Title"])


def test_the_title_names_the_decision_and_warns_of_sample_data_and_drafts() -> None:
    def title(pdf: bytes) -> str:
        with pikepdf.open(BytesIO(pdf)) as opened:
            return str(opened.docinfo["/Title"])

    name = (
        "DMPC Decision – PCD 1080: MPS Business Support Services Second Generation Discovery Phase"
    )
    sample = "Sample data: this is not a real decision. "
    assert title(rendered(records.pcd_1080)) == f"{sample}{name}"
    assert title(rendered(records.corrected)) == f"{sample}{name} (edition 2)"
    assert title(rendered(awkward_records.without_funding)) == name
    assert (
        title(rendered(records.draft_of_pcd_1080, draft=True))
        == f"{sample}Draft, not signed. {name}"
    )


def test_headings_are_bookmarks_of_the_whole_document() -> None:
    with pikepdf.open(BytesIO(rendered(records.pcd_1080))) as opened, opened.open_outline() as tree:
        assert [item.title for item in tree.root] == [
            "MPS Business Support Services Second Generation Discovery Phase"
        ]
        assert [item.title for item in tree.root[0].children] == [
            "Executive summary",
            "Recommendations",
            "Deputy Mayor for Policing and Crime",
            "Part 1 – Non-confidential facts and advice to the DMPC",
            "Public access to information",
            "Originating officer declaration",
            "Chief Executive Officer",
            "How to check this document",
        ]


def test_the_dates_are_those_of_the_decision_and_not_of_the_clock() -> None:
    def dates(pdf: bytes) -> tuple[str, str]:
        with pikepdf.open(BytesIO(pdf)) as opened:
            return str(opened.docinfo["/CreationDate"]), str(opened.docinfo["/ModDate"])

    signed = "D:20211123104200+00'00"
    assert dates(rendered(records.pcd_1080)) == (signed, signed)
    assert dates(rendered(records.corrected)) == (signed, "D:20220114")


def test_another_record_gives_other_bytes() -> None:
    assert rendered(records.refused) != rendered(records.pcd_1080)


def test_a_paper_of_many_pages_is_numbered_to_the_end() -> None:
    pdf = documents.render(awkward_records.very_long(paragraphs=200))
    with pikepdf.open(BytesIO(pdf)) as opened:
        count = len(opened.pages)
    assert count > 15
    last = f"Page {count} of {count}"
    found = pages(pdf)
    assert last in found[-1]
    assert "How to check this document" in found[-1]
