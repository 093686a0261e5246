"""What the template prints, worked out from the record and nothing else but the public address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from msgspec import UNSET

from approvals.documents import typeset, wording
from approvals.documents.blocks import Printed, absolute, printed
from approvals.documents.check import Check, check, replaced_on
from decisions.register.templatetags.register_words import file_size
from decisions.register.words import long_date, pounds

if TYPE_CHECKING:
    from decimal import Decimal

    from decisions.register.record import FundingLine, Record, Reference

_KINDS: Final = {"capital": "Capital", "revenue": "Revenue", "income": "Income", "": "Not stated"}


@dataclass(frozen=True)
class PrintedSection:
    """A numbered section of Part 1; `funding` when the funding table stands at its end."""

    number: int
    heading: str
    blocks: tuple[Printed, ...]
    funding: bool


@dataclass(frozen=True)
class FundingTable:
    """The funding lines as text: a label, middle cells as the headings say, an amount."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[tuple[str, str], ...]

    @property
    def span(self) -> int:
        """How many columns the label of a total covers: all but the amount's."""
        return len(self.headings) - 1


@dataclass(frozen=True)
class Paper:
    """A background paper: `address` only where it can be followed from any reader."""

    title: str
    address: str


@dataclass(frozen=True)
class Sheet:
    """Everything the template needs that is not a plain field of the record."""

    title: str
    header: str
    marking: str
    warning: str
    faces: SafeString
    created: str
    modified: str
    outcome: str
    approval_sentence: str
    summary: tuple[Printed, ...]
    sections: tuple[PrintedSection, ...]
    funding: FundingTable | None
    funding_stands_alone: bool
    background_papers: tuple[Paper, ...]
    supporting_documents: tuple[Paper, ...]
    papers_heading: bool
    replaces: str
    address: str
    data_address: str
    attachment: str
    check: Check | None


def sheet(record: Record, *, draft: bool) -> Sheet:
    """The sheet of a record; `draft` for one that nobody has signed."""
    funding = funding_table(record.funding)
    place = _funding_section(record) if funding else None
    home = f"{settings.PUBLIC_URL.rstrip('/')}/decisions/{record.slug}"
    warnings = (wording.DRAFT if draft else "", wording.SAMPLE if record.sample else "")
    created = record.decision.signed_at.isoformat(timespec="seconds") if record.decision else ""
    corrected = record.corrections[-1].corrected_on.isoformat() if record.corrections else ""
    return Sheet(
        title=wording.document_title(record, draft=draft),
        header=wording.header(record),
        marking=_marking(record, draft=draft),
        warning=". ".join(text for text in warnings if text),
        faces=mark_safe(typeset.face_rules()),  # noqa: S308 - our own constants, no text of a record
        created=created,
        modified=corrected or created,
        outcome=wording.outcome_words(record),
        approval_sentence=wording.approval_sentence(record),
        summary=printed(record.executive_summary, under=2),
        sections=tuple(
            PrintedSection(
                number=section.number,
                heading=section.heading,
                blocks=printed(section.blocks, under=3),
                funding=section.number == place,
            )
            for section in record.sections
        ),
        funding=funding,
        funding_stands_alone=funding is not None and place is None,
        background_papers=_papers(record.background_papers, home),
        supporting_documents=_papers(record.supporting_documents, home),
        papers_heading=not any("papers" in s.heading.lower() for s in record.sections),
        replaces=_replaces(record),
        address=f"{home}/",
        data_address=f"{home}/editions/{record.edition}.json",
        attachment=attachment_name(record),
        check=None if draft else check(record),
    )


def attachment_name(record: Record) -> str:
    """The name of the file of data inside the document."""
    return f"{record.slug}.json"


def _replaces(record: Record) -> str:
    """The sentence of a corrected edition about the one before it; "" for the first."""
    if record.edition == 1:
        return ""
    day = replaced_on(record)
    of = f"of {long_date(day)}, edition" if day else "that is edition"
    return (
        f"This is edition {record.edition}. It replaces the edition {of} {record.edition - 1}, "
        f"of {record.reference}."
    )


def funding_table(lines: tuple[FundingLine, ...]) -> FundingTable | None:
    """The funding lines as a table: only columns that say something, and totals that add up."""
    if not lines:
        return None
    kinds = list(dict.fromkeys(line.kind for line in lines))
    mixed = len(kinds) > 1
    middle = [
        ("Kind", [_KINDS[line.kind] for line in lines], mixed),
        ("Financial year", [line.financial_year for line in lines], True),
        ("Source", [line.source for line in lines], True),
        ("VAT", [line.vat for line in lines], True),
    ]
    kept = [(name, cells) for name, cells, wanted in middle if wanted and any(cells)]
    rows = tuple(
        (_label(line), *(cells[at] for _, cells in kept), pounds(line.amount))
        for at, line in enumerate(lines)
    )
    return FundingTable(
        caption="Funding" if mixed or not kinds[0] else f"Funding (all {kinds[0]})",
        headings=("Item", *(name for name, _ in kept), "Amount"),
        rows=rows,
        totals=_totals(lines, mixed=mixed),
    )


def _totals(lines: tuple[FundingLine, ...], *, mixed: bool) -> tuple[tuple[str, str], ...]:
    """Total rows: one where all lines are of a kind, else one for each kind and the net."""
    sums: dict[str, Decimal] = {}
    for line in lines:
        sums[line.kind] = sums.get(line.kind, line.amount * 0) + line.amount
    income = sums.pop("income", None)
    spent = sum(sums.values(), lines[0].amount * 0)
    if not mixed:
        return (("Total", pounds(spent if income is None else income)),)
    each = [(f"Total {_KINDS[kind].lower()}", pounds(total)) for kind, total in sums.items()]
    if len(each) == 1:
        each = []
    cost = [("Total cost", pounds(spent))]
    net = [] if income is None else [("Less income", pounds(income)), _net(spent - income)]
    return tuple(each + cost + net)


def _net(amount: Decimal) -> tuple[str, str]:
    return ("Net income", pounds(-amount)) if amount < 0 else ("Net cost", pounds(amount))


def _label(line: FundingLine) -> str:
    if line.contingency_percent is None:
        return line.label
    return f"{line.label} ({line.contingency_percent.normalize():f}%)"


def _funding_section(record: Record) -> int | None:
    """The section in which the form shows its costs: the first whose heading speaks of finance."""
    for section in record.sections:
        if "financ" in section.heading.lower():
            return section.number
    return None


def _marking(record: Record, *, draft: bool) -> str:
    if draft:
        return "Part 1: not yet for publication"
    if record.deferral:
        return f"Part 1: for publication from {long_date(record.deferral.until)}"
    return "Part 1: for publication"


def _papers(references: tuple[Reference, ...], home: str) -> tuple[Paper, ...]:
    return tuple(_paper(item, home) for item in references)


def _paper(item: Reference, home: str) -> Paper:
    """A paper with the address where it can be read: in this register, if it is published here."""
    if item.file is not UNSET:
        title = f"{item.title} (PDF, {file_size(item.file.size)})"
        return Paper(title=title, address=f"{home}/files/{item.file.digest}.pdf")
    return Paper(title=item.title, address=item.address if absolute(item.address) else "")
