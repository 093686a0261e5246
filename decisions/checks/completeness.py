"""Is every part of the form filled in?"""

from __future__ import annotations

from collections.abc import Iterator

from decisions.checks.finding import Finding
from decisions.drafting.subjects import MAY_NOT_APPLY
from decisions.models import Paper


def check_completeness(paper: Paper) -> Iterator[Finding]:
    """One finding for each subject that is not finished."""
    if not paper.title.strip():
        yield _missing("title", "Give the paper a title.")
    if not paper.executive_summary.strip():
        yield _missing("summary", "Write the executive summary.")
    if not paper.recommendations.all():
        yield _missing("recommendations", "Add at least one recommendation.")
    yield from _sections(paper)
    yield from _publication(paper)
    for row in paper.declarations.all():
        if not row.statement.strip() or not row.confirmed:
            yield _missing(
                "declarations", f"Give and confirm the statement “{row.get_kind_display()}”."
            )


def _sections(paper: Paper) -> Iterator[Finding]:
    for section in paper.sections.all():
        if section.included and not section.body.strip():
            or_else = ", or say that it does not apply" if section.kind in MAY_NOT_APPLY else ""
            yield _missing(
                f"section-{section.kind}", f"Write the section “{section.heading}”{or_else}."
            )


def _publication(paper: Paper) -> Iterator[Finding]:
    if paper.deferred is None:
        yield _missing("deferral", "Say whether publication of Part 1 is to be deferred.")
    elif paper.deferred and not (
        paper.deferred_until and paper.deferral_reason.strip() and paper.deferral_owner_id
    ):
        yield _missing("deferral", "Give the deferral its date, its reason and its owner.")
    if paper.has_part_two is None:
        yield _missing("part-two-question", "Say whether there is a Part 2 form.")


def _missing(subject: str, sentence: str) -> Finding:
    return Finding(subject, sentence, subject_incomplete=True)
