"""What a writer may hand in that no document can hold: a sentence, or a document that is right."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import msgspec
import pytest
import weasyprint

from approvals import documents
from approvals.documents import bounds
from decisions.register.record import Block
from tests import awkward_records, records
from tests.document_shapes import WELSH, hidden_signs, welsh
from tests.pdfs import rendered, text
from tests.structure import read_aloud

if TYPE_CHECKING:
    from decisions.register.record import BlockKind, Record


def holding(html: str, kind: BlockKind = "paragraph") -> Record:
    """A decision whose only paragraph, list or table is this."""
    section = records.section(1, "Heading", "x")
    block = Block(kind=kind, number="1.1" if kind == "paragraph" else "", html=html)
    return awkward_records.with_sections(msgspec.structs.replace(section, blocks=(block,)))


def refusal(record: Record) -> str:
    """The sentence with which a document is refused."""
    with pytest.raises(documents.RenderingError) as refused:
        documents.render(record)
    return refused.value.sentence


def test_a_section_of_five_megabytes_is_refused() -> None:
    five = "All the words of a very long paper. " * 140_000
    sentence = refusal(holding(five))
    assert sentence.startswith("PCD 1080 has 5,04")
    assert sentence.endswith(
        " characters, which is too long to be made into a document: 1,000,000 is the most. "
        "Put parts of it into supporting documents."
    )


def test_what_cannot_be_set_in_one_piece_is_refused_by_place() -> None:
    assert refusal(holding("word " * 30_000)) == (
        "Paragraph 1.1 has 150,000 characters in one paragraph, list or table, which is too long "
        "to be set: 100,000 is the most. Divide it into shorter ones, or put it into a supporting "
        "document."
    )
    assert refusal(holding("a<br>" * 1_500)) == (
        "Paragraph 1.1 has 1,500 line breaks in one paragraph, list or table, which is too long to "
        "be set: 1,000 is the most. Divide it into shorter ones, or put it into a supporting "
        "document."
    )


@pytest.mark.parametrize("html", ["x" * 3_000, f"{'x' * 1_000}<b>{'x' * 2_000}</b>"])
def test_a_word_without_end_is_refused(html: str) -> None:
    assert refusal(holding(html)) == (
        "Paragraph 1.1 has a word of 3,000 characters, which cannot be set: 2,000 is the most. "
        "Write it with spaces, or leave it out."
    )


def test_lists_without_end_are_refused() -> None:
    deep = "<ul><li>" * 15 + "x" + "</li></ul>" * 15
    assert refusal(holding(deep, "list")) == (
        "Section 1 has lists or quotations more than 20 deep within each other, which cannot be "
        "set. Write it with fewer levels."
    )


def test_what_is_within_the_bounds_is_set() -> None:
    longest = "x" * bounds.LONGEST_WORD
    deep = "<ul><li>" * 10 + "innermost" + "</li></ul>" * 10
    found = read_aloud(documents.render(holding(f"<p>{longest}</p>{deep}", "list")))
    assert "•innermost" in found
    assert longest in found


@pytest.mark.parametrize(
    ("sign", "named"),
    [
        ("🙂", "“🙂”, slightly smiling face (U+1F642)"),
        ("ش", "“ش”, arabic letter sheen (U+0634)"),
        ("א", "“א”, hebrew letter alef (U+05D0)"),
        ("警", "“警”, cjk unified ideograph-8b66 (U+8B66)"),
        ("\ue000", "no name (U+E000)"),
        ("\x07", "no name (U+0007)"),
    ],
)
def test_a_sign_that_the_font_lacks_is_refused_by_place_and_name(sign: str, named: str) -> None:
    record = awkward_records.with_sections(records.section(1, "Heading", "Fine.", f"Not {sign}."))
    sentence = (
        f"Paragraph 1.2 has characters that the document’s font cannot print: {named}. "
        "Write them in words or leave them out."
    )
    assert documents.unprintable(record) == (sentence,)
    assert refusal(record) == sentence


@pytest.mark.parametrize(
    ("mark", "named"),
    [
        ("\u202e", "right-to-left override (U+202E)"),
        ("\u200f", "right-to-left mark (U+200F)"),
        ("\u2067", "right-to-left isolate (U+2067)"),
    ],
)
def test_a_mark_that_turns_text_round_is_refused_by_place_and_name(mark: str, named: str) -> None:
    record = awkward_records.with_sections(records.section(1, f"Pay {mark}001", "Fine."))
    assert refusal(record) == (
        "The heading of section 1 has invisible characters that turn round the order in which its "
        f"text is read: {named}. Take them out."
    )


def test_a_sign_is_found_wherever_it_stands() -> None:
    record = records.pcd_1080()
    assert documents.unprintable(record) == ()
    record = msgspec.structs.replace(
        record,
        title="🙂",
        public_access="🙂",
        recommendations=(msgspec.structs.replace(record.recommendations[0], text="🙂"),),
        part_two=None,
    )
    places = [sentence.split(" has characters")[0] for sentence in documents.unprintable(record)]
    assert places == ["The title", "Recommendation 1", "The part “public access”"]


def test_a_draft_is_refused_in_the_same_words() -> None:
    record = msgspec.structs.replace(records.draft_of_pcd_1080(), title="🙂")
    with pytest.raises(documents.RenderingError) as refused:
        documents.render(record, draft=True)
    assert refused.value.sentence.startswith("The title has characters that the document’s font")


def test_invisible_signs_without_meaning_print_as_nothing() -> None:
    found = text(rendered(hidden_signs))
    assert "1.1 zerowidth, softhyphen, nomark, no break, thin space" in found


def test_every_letter_of_welsh_is_printed() -> None:
    found = text(rendered(welsh))
    assert WELSH in found
    assert "1. Tŷ’r Siarter" in found


def test_a_table_of_forty_columns_of_long_amounts_is_refused() -> None:
    cell = "<td>£1,234,567,890,123.45</td>"
    sentence = refusal(holding(f"<table><tr>{cell * 40}</tr></table>", "table"))
    assert sentence == (
        "The document cannot be made because something on page 3 is wider than the page, most "
        "likely a table. Split it into tables of fewer columns."
    )


def test_long_words_in_every_column_are_broken_and_amounts_are_not() -> None:
    word = f"<td>{awkward_records.LONG_WORD}</td>"
    html = f"<table><tr>{word * 3}<td>£1,234,567,890.12</td></tr></table>"
    found = text(documents.render(holding(html, "table")))
    assert "£1,234,567,890.12" in found
    joined = "".join(char for char in found if char.isalpha())
    assert joined.count(awkward_records.LONG_WORD) == 3


def test_a_typesetter_that_dies_leaves_a_sentence_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def dies(*_: object, **__: object) -> NoReturn:
        raise MemoryError

    with monkeypatch.context() as dying:
        dying.setattr(weasyprint.Document, "write_pdf", dies)
        assert refusal(records.pcd_1080()) == (
            "The document cannot be made: the typesetter stopped (MemoryError). Nothing was "
            "stored. Try again; if it happens twice, tell whoever runs the service."
        )
    assert documents.render(records.pcd_1080()) == rendered(records.pcd_1080)


def test_another_release_of_the_typesetter_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weasyprint, "VERSION", "71.0")
    assert refusal(records.pcd_1080()) == (
        "The document cannot be made because it is written for WeasyPrint 70.0 and this is 71.0. "
        "Nothing was stored. Tell whoever runs the service."
    )


def test_a_typesetter_that_tags_otherwise_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    import weasyprint.pdf.stream

    def unmarked(self: object, box: object, tag: str) -> object:
        return self.artifact()  # type: ignore[attr-defined]  # the typesetter ships no types

    with monkeypatch.context() as other:
        other.setattr(weasyprint.pdf.stream.Stream, "marked", unmarked)
        assert refusal(records.pcd_1080()) == (
            "The document cannot be made because some of its text is not marked as text. Nothing "
            "was stored. Tell whoever runs the service."
        )
