"""Public records that are hard to print: long, wide, empty, and hostile ones."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from decisions.register.record import (
    Block,
    Deferral,
    FundingLine,
    Record,
    Reference,
    Section,
)
from tests.records import paragraph, pcd_1080, section

LONG_WORD = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"


def with_sections(*sections: Section) -> Record:
    """PCD 1080 with other sections."""
    return msgspec.structs.replace(pcd_1080(), sections=sections)


def without_funding() -> Record:
    """A decision about no money, with no Part 2 and papers to refer to."""
    return msgspec.structs.replace(
        pcd_1080(),
        sample=False,
        funding=(),
        part_two=None,
        background_papers=(
            Reference(title="Business case", address="https://decisions.example/papers/case"),
            Reference(title="Minutes of the board, kept on paper"),
        ),
        supporting_documents=(Reference(title="A file of ours", address="/media/file.pdf"),),
    )


def mixed_funding() -> Record:
    """Capital, revenue and income, years, sources, VAT and pence."""
    lines = (
        ("Servers and storage", "1500000.00", "capital", "2024/25", "DDaT capital plan", "ex VAT"),
        ("Servers and storage", "310000.50", "capital", "2025/26", "DDaT capital plan", "ex VAT"),
        ("Support", "320000.00", "revenue", "2025/26", "Existing MPS budgets", "ex VAT"),
        ("Grant received", "200000.25", "income", "2024/25", "Home Office", ""),
    )
    return msgspec.structs.replace(
        pcd_1080(),
        funding=tuple(
            FundingLine(
                label=label,
                amount=Decimal(amount),
                kind=kind,  # type: ignore[arg-type] # a literal, which a tuple of text forgets
                financial_year=year,
                source=source,
                vat=vat,
            )
            for label, amount, kind, year, source, vat in lines
        ),
    )


def rich_text() -> Record:
    """Everything that the editor lets in: headings, nested lists, tables, links, emphasis."""
    nested = (
        "<ol start='3'><li>third<ul><li>below it</li><li>and again<ol><li>deepest</li></ol></li>"
        "</ul></li><li><p>fourth, in a paragraph</p><p>with a second one</p></li></ol>"
    )
    table = (
        "<table><thead><tr><th>Option</th><th>Cost</th><th>Standing</th></tr></thead><tbody>"
        "<tr><td>Do nothing</td><td>£0</td><td>Rejected</td></tr>"
        "<tr><td>Discovery</td><td>£947,393</td><td>Preferred</td></tr></tbody></table>"
    )
    return with_sections(
        Section(
            number=1,
            heading="Options & <choices>",
            blocks=(
                paragraph(
                    "1.1",
                    "Three ways were <em>weighed</em>; see "
                    '<a href="https://decisions.example/options">the options paper</a>.',
                ),
                Block(kind="heading", html="<h4>How they were weighed</h4>"),
                Block(kind="list", html=nested),
                Block(kind="heading", html="<h3>What they cost</h3>"),
                Block(kind="table", html=table),
                paragraph(
                    "1.2",
                    "Costs of ≤ £1m, ± 5%, at ½ rate: “quoted” – naïve café, "
                    "Tŷ’r Siarter, 2 × 3 → 6 ✓",
                ),
            ),
        )
    )


def long_words() -> Record:
    """Words, addresses and cells without a place to break."""
    address = f"https://decisions.example/{'a-very-long-path/' * 12}"
    cell = f"<td>{LONG_WORD}</td>"
    record = with_sections(
        Section(
            number=1,
            heading=f"Works at {LONG_WORD * 2}",
            blocks=(
                paragraph("1.1", LONG_WORD * 6),
                paragraph("1.2", f'See <a href="{address}">{address}</a>.'),
                Block(kind="list", html=f"<ul><li>{LONG_WORD * 4}</li></ul>"),
                Block(
                    kind="table",
                    html=f"<table><thead><tr><th>{LONG_WORD}</th><th>B</th><th>C</th></tr></thead>"
                    f"<tbody><tr>{cell * 3}</tr></tbody></table>",
                ),
            ),
        )
    )
    return msgspec.structs.replace(
        record,
        title=f"Renewal of the {LONG_WORD} Command, Control and Communications Framework Agreement "
        "and of everything that goes with it, in all boroughs and at all hours",
    )


def wide_table(columns: int = 12) -> Record:
    """A table of many columns between two paragraphs."""
    head = "".join(f"<th>Year {2020 + at}/{21 + at}</th>" for at in range(1, columns))
    rows = "".join(
        f"<tr><td>Borough command unit {row}</td>"
        + "".join(f"<td>£{row * 1000 + at * 37:,}</td>" for at in range(1, columns))
        + "</tr>"
        for row in range(1, 9)
    )
    table = f"<table><thead><tr><th>Unit</th>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return with_sections(
        Section(
            number=1,
            heading="Profile by year",
            blocks=(
                paragraph("1.1", "The table gives the profile."),
                Block(kind="table", html=table),
                paragraph("1.2", "No year exceeds the cap."),
            ),
        )
    )


def very_long(paragraphs: int = 1500) -> Record:
    """A paper of about 150 pages."""
    text = (
        "The programme reports each quarter to the board on cost, time and risk, and asks for a "
        "new decision where the forecast exceeds what was approved here. It keeps a record of what "
        "it spends and on whom. It does not commit money of a later year beforehand, and it "
        "returns what it has not used to the fund from which it came."
    )
    each = 50
    return with_sections(
        *(
            section(number, f"Part of the programme, number {number}", *([text] * each))
            for number in range(1, paragraphs // each + 1)
        )
    )


def empty_draft() -> Record:
    """A paper on the day it was opened: a reference and nothing else."""
    return Record(
        reference="PCD 2000", slug="pcd-2000", title="", office="", office_short="", lead_in=""
    )


def everything_at_once() -> Record:
    """A corrected, deferred sample decision with interests, on one page's worth of furniture."""
    return msgspec.structs.replace(
        rich_text(),
        funding=mixed_funding().funding,
        deferral=Deferral(until=date(2027, 3, 1), reason="The tender is still open."),
    )
