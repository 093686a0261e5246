"""Compare two versions of a paper, part by part and paragraph by paragraph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from msgspec import UNSET

from decisions.drafting.differences import Run, word_runs
from decisions.register.prose import from_html
from decisions.register.record import (
    Block,
    Declaration,
    Deferral,
    FundingLine,
    PartTwoNotice,
    Record,
    Reference,
)
from decisions.register.record import Recommendation as Asked
from decisions.register.words import long_date, pounds


@dataclass(frozen=True)
class Passage:
    """One paragraph, line or row that differs, with what changed marked in it.

    `number` is the paragraph's number in the later version, or in the earlier one where it is gone.
    """

    number: str
    runs: tuple[Run, ...]

    @property
    def word(self) -> str:
        """What happened to the passage as a whole, in one word."""
        kinds = {run.kind for run in self.runs}
        return {frozenset({"added"}): "Added", frozenset({"removed"}): "Removed"}.get(
            frozenset(kinds), "Changed"
        )


@dataclass(frozen=True)
class Change:
    """A part of the paper in which something differs; `unchanged` counts its other passages."""

    heading: str
    passages: tuple[Passage, ...]
    unchanged: int


Line = tuple[str, str]  # the number that can be cited, and the text


def compare(before: Record, after: Record) -> tuple[Change, ...]:
    """Every part in which the two records differ, in the order of the form."""
    old, new = dict(_parts(before)), dict(_parts(after))
    changes = []
    for heading in [*new, *(heading for heading in old if heading not in new)]:
        change = _change(heading, old.get(heading, ()), new.get(heading, ()))
        if change.passages:
            changes.append(change)
    return tuple(changes)


def _change(heading: str, old: Sequence[Line], new: Sequence[Line]) -> Change:
    passages: list[Passage] = []
    unchanged = 0
    matcher = SequenceMatcher(
        None, [text for _, text in old], [text for _, text in new], autojunk=False
    )
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            unchanged += i2 - i1
        else:
            passages += _pairs(old[i1:i2], new[j1:j2])
    return Change(heading, tuple(passages), unchanged)


def _pairs(old: Sequence[Line], new: Sequence[Line]) -> Iterator[Passage]:
    """Put each new passage beside the old one that it grew from, where it did grow from one."""
    for place in range(max(len(old), len(new))):
        was = old[place] if place < len(old) else None
        now = new[place] if place < len(new) else None
        if was and now and _alike(was[1], now[1]):
            yield Passage(now[0], word_runs(was[1], now[1]))
            continue
        if was:
            yield Passage(was[0], (Run("removed", was[1]),))
        if now:
            yield Passage(now[0], (Run("added", now[1]),))


def _alike(one: str, other: str) -> bool:
    """Whether they share enough words for marked words to read better than two whole texts."""
    words, others = set(one.lower().split()), set(other.lower().split())
    return len(words & others) * 2 >= min(len(words), len(others))


def _parts(record: Record) -> Iterator[tuple[str, tuple[Line, ...]]]:
    """The record as headings with the lines below them, in the order of the form."""
    yield "Title", (("", record.title),)
    yield "Executive summary", _lines(record.executive_summary)
    yield "Who is asked", (("", record.lead_in),)
    yield (
        "Recommendations",
        tuple((str(asked.number), _asked(asked)) for asked in record.recommendations),
    )
    yield "Funding", tuple(("", _line(line)) for line in record.funding)
    for section in record.sections:
        yield section.heading, _lines(section.blocks)
    for heading, papers in (
        ("Background papers", record.background_papers),
        ("Supporting documents", record.supporting_documents),
    ):
        yield heading, tuple(("", _referred(paper)) for paper in papers)
    yield "Deferral of publication", (("", _deferral(record.deferral)),)
    yield "Part 2 notice", _notice(record.part_two)
    yield (
        "Originating officer’s declaration",
        tuple(("", _declared(row)) for row in record.declarations),
    )


def _lines(blocks: Sequence[Block]) -> tuple[Line, ...]:
    return tuple(
        (
            block.number,
            from_html(f"<p>{block.html}</p>" if block.kind == "paragraph" else block.html),
        )
        for block in blocks
    )


def _asked(asked: Asked) -> str:
    money = ""
    if asked.amount is not None:
        limit = "up to " if asked.up_to else ""
        money = f" ({limit}{pounds(asked.amount)}{' ' + asked.kind if asked.kind else ''})"
    return f"{asked.verb} {asked.text}{money}"


def _line(line: FundingLine) -> str:
    facts = [line.financial_year, line.source, line.vat]
    if line.contingency_percent is not None:
        facts.append(f"contingency at {line.contingency_percent:f}%")
    said = ", ".join(fact for fact in facts if fact)
    return f"{line.label}: {pounds(line.amount)} {line.kind}{' (' + said + ')' if said else ''}"


def _referred(paper: Reference) -> str:
    if paper.file is not UNSET:
        return f"{paper.title} (PDF, {paper.file.size:,} bytes, SHA-256 {paper.file.digest})"
    return f"{paper.title} {paper.address}".strip()


def _declared(row: Declaration) -> str:
    return f"{row.label}: {row.statement} ({'confirmed' if row.confirmed else 'not confirmed'})"


def _deferral(deferral: Deferral | None) -> str:
    if deferral is None:
        return "Not deferred"
    return f"Deferred until {long_date(deferral.until)}. {deferral.reason}"


def _notice(notice: PartTwoNotice | None) -> tuple[Line, ...]:
    if notice is None:
        return (("", "There is no Part 2"),)
    exemptions = (f"Article {e.article}, section {e.section}" for e in notice.exemptions)
    ends = long_date(notice.ends_on) if notice.ends_on else notice.ends_when
    return (
        ("", f"Marking: {notice.marking}"),
        *(("", exemption) for exemption in exemptions),
        ("", f"Reason: {notice.reason}"),
        ("", f"Ceases to be exempt: {ends}"),
    )
