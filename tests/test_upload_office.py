"""What formulas, fields and damaged parts of Office files come to, one by one."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decisions.uploads import Kind, Unfit, inspect
from tests.good_office import furnished_word, furnished_workbook, strict
from tests.upload_corpus import packed, paragraph, sheet, word, workbook_with

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.upload_corpus import Parts

FURNISHED: Final[dict[str, Callable[[], Parts]]] = {
    "docx": furnished_word,
    "xlsx": furnished_workbook,
    "strict.docx": lambda: strict(furnished_word()),
    "strict.xlsx": lambda: strict(furnished_workbook()),
}


def with_formula(formula: str) -> bytes:
    row = f"<row><c><f>{escape(formula)}</f></c></row>"
    return workbook_with({"xl/worksheets/sheet1.xml": sheet(row)})


def with_field(instruction: str) -> bytes:
    return word(body=paragraph(f"<w:fldSimple w:instr={quoteattr(instruction)}/>"))


@pytest.mark.parametrize("name", FURNISHED)
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_part_is_let_in_or_refused_and_never_crashes(
    name: str, data: st.DataObject
) -> None:
    """Packed anew, so that its length and its checksum are right."""
    parts = FURNISHED[name]()
    chosen = data.draw(st.sampled_from(sorted(parts)))
    content = parts[chosen]
    part = bytearray(content if isinstance(content, bytes) else content.encode())
    for _ in range(data.draw(st.integers(1, 6))):
        part[data.draw(st.integers(0, len(part) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(part)))
    for damaged in (bytes(part), bytes(part[:cut])):
        with suppress(Unfit):
            kind = name.rpartition(".")[2]
            assert inspect(packed(parts | {chosen: damaged}), f"a.{kind}") == Kind(kind)


@pytest.mark.parametrize(
    "formula",
    [
        "SUM(Prices[2024])",
        "SUM(Prices[[2023]:[2024]],Prices[[#This Row],[2024]])",
        "IF(A1>1,\"more\",'My sheet'!B2)",
        'HYPERLINK("https://www.gov.uk/","more")',
        "RECALL(1)+MYIMAGE(2)",
        "_xlfn.UNIQUE(A1:A9)",
        "SUM([0]!Prices)",
    ],
)
def test_a_formula_that_asks_nobody_is_let_in(formula: str) -> None:
    assert inspect(with_formula(formula), "a.xlsx") == Kind.EXCEL


@pytest.mark.parametrize(
    "formula",
    [
        'WEBSERVICE("http://x/"&A1)',
        '_xlfn.IMAGE ("http://x/"&A1)',
        'STOCKHISTORY("x")',
        "1+rtd(1)",
        "[1]Prices!A1",
        "SUM(A1,[2]Prices!A1)",
        "SUM([0]!Prices,[10]Prices!A1)",
        "'[1]My prices'!A1",
        "'C:\\[prices.XLSX]Sheet'!A1",
        "cmd|'/c calc'!A0",
    ],
)
def test_a_formula_that_asks_elsewhere_is_refused(formula: str) -> None:
    with pytest.raises(Unfit, match="asks another file or program"):
        inspect(with_formula(formula), "a.xlsx")


@pytest.mark.parametrize(
    "field",
    [
        " PAGE ",
        'TOC \\o "1-3" \\h \\z \\u',
        'HYPERLINK "https://www.gov.uk/" \\h',
        'HYPERLINK \\l "_Toc1"',
        'HYPERLINK \\o "a tip" "mailto:fleet@example.org"',
        "ADDIN ZOTERO_ITEM CSL_CITATION {}",
        "LISTNUM",
    ],
)
def test_a_field_that_fetches_nothing_is_let_in(field: str) -> None:
    assert inspect(with_field(field), "a.docx") == Kind.WORD


@pytest.mark.parametrize(
    ("field", "said"),
    [
        (" ddeauto excel", "fetches or runs"),
        ("INCLUDE x.docx", "fetches or runs"),
        ("EMBED Excel.Sheet", "fetches or runs"),
        ('HYPERLINK "\\\\\\\\server\\\\share"', "leads to a file"),
        ('HYPERLINK \\o "a tip" "file:///c:/x"', "leads to a file"),
        ("HYPERLINK javascript:alert(1)", "leads to a file"),
    ],
)
def test_a_field_that_fetches_or_leads_to_a_file_is_refused(field: str, said: str) -> None:
    with pytest.raises(Unfit, match=said):
        inspect(with_field(field), "a.docx")
