"""What a screen reader and an archive find in the file: tags, language, title, the same bytes."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pytest
from django.conf import settings

from approvals import documents
from tests import awkward_records, records
from tests.pdfs import headings, pages, rendered, tags

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


@pytest.mark.parametrize("build", SHAPES)
def test_headings_never_skip_a_level(build: Callable[[], Record]) -> None:
    found = headings(rendered(build))
    assert found[0] == 1
    assert found.count(1) == 1
    assert max(below - above for above, below in pairwise(found)) == 1


def test_lists_tables_and_captions_are_tagged_as_such() -> None:
    found = tags(rendered(records.pcd_1080))
    # Two signatures, funding, declarations and how to check it. A table that runs over two pages
    # is two tables to the reader, the second of them without a caption.
    assert found.count("Caption") == 5
    assert found.count("Table") in {5, 6}
    assert {"L", "LI", "LBody", "TH", "TD", "TR", "Link"} <= set(found)


def test_every_cell_of_a_table_names_its_headers() -> None:
    with pikepdf.open(BytesIO(rendered(records.pcd_1080))) as opened:
        cells = [
            thing
            for thing in opened.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/TD"
        ]
        assert cells
        assert [cell for cell in cells if not len(cell.A.Headers)] == []


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


def test_the_same_record_gives_the_same_bytes_twice_in_a_process() -> None:
    assert documents.render(records.pcd_1080()) == rendered(records.pcd_1080)


SCRIPT = """
import hashlib, sys, django
django.setup()
from approvals import documents
from decisions.register.record import Record
print(hashlib.sha256(documents.render(Record.from_json(sys.stdin.read()))).hexdigest())
"""


@pytest.mark.parametrize(
    ("seed", "zone", "language"), [("1", "UTC", "C"), ("77", "Asia/Tokyo", "C.UTF-8")]
)
def test_the_same_record_gives_the_same_bytes_in_other_processes(
    tmp_path: Path, seed: str, zone: str, language: str
) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": str(settings.BASE_DIR),
        "PYTHONHASHSEED": seed,
        "TZ": zone,
        "LANG": language,
        "HOME": str(tmp_path),
        "DATA_DIR": str(tmp_path),
        "PUBLIC_URL": settings.PUBLIC_URL,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
    }
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        input=records.pcd_1080().to_json(),
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    expected = hashlib.sha256(rendered(records.pcd_1080)).hexdigest()
    assert done.stdout.split() == [expected]


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
