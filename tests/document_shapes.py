"""Every shape that a decision document can have, by name, to prove the same of each."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final

import msgspec

from decisions.register.record import Block, Correction, Deferral, PartTwoNotice, Section
from tests import awkward_records, records
from tests.records import paragraph

if TYPE_CHECKING:
    from collections.abc import Callable

    from decisions.register.record import Record

WELSH: Final = (
    "Mae’r Dirprwy Faer wedi ystyried y cais hwn: ŵyr, tŷ, ŷd, Ŵ, Ŷ, â, ê, î, ô, û, ẁ, ẃ, ẅ, ỳ, ÿ."
)


def changed() -> Record:
    """Everything was approved, in other words than were asked for."""
    words = "Approve half of it, and report back in a year."
    return records.with_outcomes(
        records.signed(records.draft_of_pcd_1080()),
        ("approved_with_changes", words),
        ("approved_with_changes", words),
    )


def third_edition() -> Record:
    """A decision that was corrected twice."""
    first = records.corrected()
    second = Correction(edition=3, note="A date was wrong.", corrected_on=date(2022, 3, 2))
    return msgspec.structs.replace(first, edition=3, corrections=(*first.corrections, second))


def welsh() -> Record:
    """A decision with Welsh in its title, its text and its names."""
    record = awkward_records.with_sections(records.section(1, "Tŷ’r Siarter", WELSH))
    return msgspec.structs.replace(record, title=f"Cynllun heddlu {WELSH}")


def nested_lists() -> Record:
    """Lists within lists, quotations, and headings of the writer's own."""
    deep = "innermost"
    for kind in ("ul", "ol", "ul", "ol", "ul"):
        deep = f"<{kind}><li>one</li><li>two {deep}</li><li><p>three</p><p>more</p></li></{kind}>"
    return awkward_records.with_sections(
        Section(
            number=1,
            heading="Lists",
            blocks=(
                paragraph("1.1", "They stand <strong>within</strong> each other:"),
                Block(kind="list", html=deep),
                Block(kind="heading", html="<h5>A heading that leaves out two levels</h5>"),
                Block(kind="list", html=f"<ol start='9'>{'<li>item</li>' * 60}</ol>"),
            ),
        )
    )


def long_table() -> Record:
    """A table that runs over several pages, with cells that do so by themselves."""
    long_cell = "What was said at length, and then once more. " * 90
    rows = "".join(f"<tr><th>Row {at}</th><td>{at}</td><td>text</td></tr>" for at in range(60))
    html = (
        "<table><thead><tr><th>Name</th><th>Number</th><th>Words</th></tr></thead><tbody>"
        f"{rows}<tr><th>Long</th><td>61</td><td>{long_cell}</td></tr>{rows}</tbody></table>"
    )
    return _with_table(html)


def bare_table() -> Record:
    """Tables whose writer marked no header, or only some, and left cells out."""
    return _with_table(
        "<table><tr><td>Year</td><td>Cost</td></tr><tr><td>2024/25</td></tr></table>"
        "<table><tr><th>Year</th><th>Cost</th></tr><tr><td>2024/25</td><td>£5</td></tr></table>"
        "<table><tr><td>alone</td></tr></table>"
    )


def _with_table(html: str) -> Record:
    return awkward_records.with_sections(
        Section(
            number=1,
            heading="A table",
            blocks=(
                paragraph("1.1", "It follows."),
                Block(kind="table", html=html),
                paragraph("1.2", "It is over."),
            ),
        )
    )


def hidden_signs() -> Record:
    """Text with what word processors leave behind: zero widths, soft hyphens, odd spaces."""
    words = "zero\u200bwidth, soft\u00adhyphen, no\ufeffmark, no\u00a0break, thin\u2009space"
    return awkward_records.with_sections(records.section(1, "Signs", words))


def everything_held_back() -> Record:
    """Publication deferred, and a Part 2 whose exemption ends on a day."""
    record = awkward_records.everything_at_once()
    assert record.part_two is not None
    notice: PartTwoNotice = msgspec.structs.replace(
        record.part_two, ends_on=date(2031, 1, 31), ends_when=""
    )
    later = Deferral(until=date(2027, 3, 1), reason="The tender is still open.")
    return msgspec.structs.replace(record, part_two=notice, deferral=later)


forty_pages: Final = partial(awkward_records.very_long, paragraphs=400)

SHAPES: Final[dict[str, Callable[[], Record]]] = {
    "approved": records.pcd_1080,
    "refused": records.refused,
    "partly approved": records.partly_approved,
    "approved with changes": changed,
    "decision deferred": records.decision_deferred,
    "corrected": records.corrected,
    "corrected twice": third_edition,
    "acting signatories": records.acting_signatories,
    "without money and Part 2": awkward_records.without_funding,
    "publication deferred": records.publication_deferred,
    "everything held back": everything_held_back,
    "money of several kinds": awkward_records.mixed_funding,
    "everything the editor lets in": awkward_records.rich_text,
    "nested lists": nested_lists,
    "long words": awkward_records.long_words,
    "table of 12 columns": awkward_records.wide_table,
    "table of 40 columns": partial(awkward_records.wide_table, 40),
    "table over several pages": long_table,
    "tables without headers": bare_table,
    "Welsh": welsh,
    "hidden signs": hidden_signs,
    "forty pages": forty_pages,
}
DRAFTS: Final[dict[str, Callable[[], Record]]] = {
    "draft": records.draft_of_pcd_1080,
    "draft of a minute ago": awkward_records.empty_draft,
    "draft with tables": long_table,
}
