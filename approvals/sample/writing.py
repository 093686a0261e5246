"""What a sample paper says, and how it is written into a draft: subject by subject, as forms do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from accounts.models import User
from approvals.sample.files import SampleFile, typeset_file
from decisions.drafting.files import add_confidential_file, add_public_file
from decisions.drafting.save import replace_rows, saving, token_of
from decisions.models import DeclarationKind, Forum, Paper, SectionKind
from decisions.part_two import room
from decisions.part_two.room import ExemptionText, PartTwoText

__all__ = [
    "CAPITAL",
    "INCOME",
    "REVENUE",
    "Ask",
    "ExemptionText",
    "Hold",
    "Line",
    "PartTwoText",
    "Text",
    "save_section",
    "write",
]

CAPITAL: Final = "capital"
REVENUE: Final = "revenue"
INCOME: Final = "income"


@dataclass(frozen=True)
class Ask:
    """One recommendation; `amount` in pounds."""

    text: str
    verb: str = "Approve"
    amount: Decimal | None = None
    kind: str = ""
    up_to: bool = False


@dataclass(frozen=True)
class Line:
    """One line of the funding table; `amount` in pounds."""

    label: str
    amount: Decimal
    kind: str
    financial_year: str = ""
    source: str = ""
    vat: str = ""
    contingency_percent: Decimal | None = None


@dataclass(frozen=True)
class Hold:
    """Part 1 is held back until a day, for a reason; `owner` answers for it."""

    until: date
    reason: str
    owner: User


@dataclass(frozen=True)
class Text:
    """All that a paper says. What is None or empty has not been written.

    `sections` maps a kind to its text; None leaves the section out of the form. `headings` and
    `statements` replace the form's own words for a section or a row of the declaration.
    `answered` says whether the questions on deferral and Part 2 and the declaration are answered.
    `files` are for the public, except those with a marking, which belong to Part 2.
    """

    title: str
    summary: str = ""
    asks: tuple[Ask, ...] = ()
    lines: tuple[Line, ...] = ()
    sections: Mapping[SectionKind, str | None] = field(default_factory=dict)
    headings: Mapping[SectionKind, str] = field(default_factory=dict)
    statements: Mapping[DeclarationKind, str] = field(default_factory=dict)
    forum: str = Forum.NONE
    scheme_paragraph: str = ""
    background_papers: tuple[str, ...] = ()
    supporting_documents: tuple[str, ...] = ()
    hold: Hold | None = None
    part_two: PartTwoText | None = None
    answered: bool = True
    files: tuple[SampleFile, ...] = ()


def write(paper: Paper, text: Text, by: User) -> None:
    """Write all of a text into a draft."""
    with saving(paper.pk, "title", by=by, token=token_of(paper, "title")) as held:
        held.title, held.forum = text.title, text.forum
        held.scheme_paragraph = text.scheme_paragraph
    with saving(paper.pk, "summary", by=by, token=token_of(paper, "summary")) as held:
        held.executive_summary = text.summary
    _write_rows(paper, text, by)
    for kind, body in text.sections.items():
        save_section(paper, kind, body, by=by, heading=text.headings.get(kind, kind.label))
    if text.answered:
        _answer(paper, text, by)
    for file in text.files:
        _hand_in(paper, file, by)


def save_section(
    paper: Paper, kind: SectionKind, body: str | None, *, by: User, heading: str = ""
) -> None:
    """Write one section, or leave it out of the form where `body` is None."""
    subject = f"section-{kind}"
    with saving(paper.pk, subject, by=by, token=token_of(paper, subject)) as held:
        section = held.sections.get(kind=kind)
        section.body, section.included = body or "", body is not None
        section.heading = heading or section.heading
        section.save()


def _write_rows(paper: Paper, text: Text, by: User) -> None:
    rows = {
        "recommendations": [asdict(ask) for ask in text.asks],
        "funding": [asdict(line) for line in text.lines],
        "background-papers": [{"title": title} for title in text.background_papers],
        "supporting-documents": [{"title": title} for title in text.supporting_documents],
    }
    for subject, wanted in rows.items():
        if wanted:
            with saving(paper.pk, subject, by=by, token=token_of(paper, subject)) as held:
                replace_rows(held, subject, wanted)


def _answer(paper: Paper, text: Text, by: User) -> None:
    with saving(paper.pk, "deferral", by=by, token=token_of(paper, "deferral")) as held:
        held.deferred = text.hold is not None
        if text.hold:
            held.deferred_until, held.deferral_reason = text.hold.until, text.hold.reason
            held.deferral_owner = text.hold.owner
    subject = "part-two-question"
    with saving(paper.pk, subject, by=by, token=token_of(paper, subject)) as held:
        held.has_part_two = text.part_two is not None
    if text.part_two:
        with saving(paper.pk, "part-two", by=by, token=token_of(paper, "part-two")) as held:
            room.write(held, text.part_two, by=by)
    with saving(paper.pk, "declarations", by=by, token=token_of(paper, "declarations")) as held:
        for row in held.declarations.all():
            row.statement = text.statements.get(DeclarationKind(row.kind), row.statement)
            row.confirmed = True
            row.save()


def _hand_in(paper: Paper, file: SampleFile, by: User) -> None:
    add = add_confidential_file if file.marking else add_public_file
    add(paper, title=file.title, name=file.name, file=typeset_file(file), by=by)
