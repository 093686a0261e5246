"""The task list: each subject of a paper, how far it is, and what the checks say about it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from django.db.models import prefetch_related_objects

from accounts.models import User
from decisions.checks import Finding, findings
from decisions.drafting.save import why_not_editable
from decisions.drafting.subjects import FILES, PART_TWO, SECTION, SUBJECTS, Subject, subjects_of
from decisions.models import Paper
from decisions.part_two import room
from decisions.register.words import plural

DONE: Final = "Done"
IN_PROGRESS: Final = "In progress"
NOT_STARTED: Final = "Not started"
OPTIONAL: Final = "Optional"
DOES_NOT_APPLY: Final = "Does not apply"
CANNOT_CHANGE: Final = "Cannot change"

_ROWS: Final = {
    "recommendations": "recommendations",
    "funding": "funding_lines",
    "background-papers": "background_papers",
    "supporting-documents": "supporting_documents",
    FILES: "files",
}
PARTS: Final = (*_ROWS.values(), "sections", "declarations")


@dataclass(frozen=True)
class Task:
    """One line of the task list. `address` is empty where this person cannot change it."""

    subject: str
    label: str
    group: str
    address: str
    status: str
    findings: tuple[Finding, ...] = ()

    @property
    def done(self) -> bool:
        """Whether it needs nothing more."""
        return self.status in {DONE, DOES_NOT_APPLY}


def with_parts(paper: Paper) -> Paper:
    """The paper with every row of its parts read, in one query for each kind."""
    prefetch_related_objects([paper], *PARTS)
    return paper


def tasks(paper: Paper, user: User) -> list[Task]:
    """The task list of a paper as this person meets it, in the order of the form."""
    return _tasks(with_parts(paper), user, findings(paper), why_not_editable(paper, user))


def task_context(paper: Paper, user: User) -> dict[str, Any]:
    """What templates/decisions/task_list.html shows."""
    found = _in_order(findings(with_parts(paper)))
    closed = why_not_editable(paper, user)
    listed = _tasks(paper, user, found, closed)
    counted = [task for task in listed if task.status != OPTIONAL]
    addresses = {task.subject: task.address for task in listed}
    return {
        "task_groups": [
            (group, list(members)) for group, members in groupby(listed, lambda task: task.group)
        ],
        "task_progress": (
            f"{sum(task.done for task in counted)} of {plural(len(counted), 'part')} done"
        ),
        "task_findings": [(finding, addresses.get(finding.subject, "")) for finding in found],
        "task_closed": closed or "",
    }


def _in_order(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Blocking ones first, and each kind in the order of the form."""
    places = {subject.code: place for place, subject in enumerate(SUBJECTS)}
    last = len(places)
    return tuple(sorted(found, key=lambda f: (not f.blocking, places.get(f.subject, last))))


def _tasks(paper: Paper, user: User, found: tuple[Finding, ...], closed: str | None) -> list[Task]:
    return [
        Task(
            subject=subject.code,
            label=_label(paper, subject),
            group=subject.group,
            address="" if closed or not _open_to(paper, user, subject) else subject.address(paper),
            status=_status(paper, user, subject, found, closed),
            findings=tuple(finding for finding in found if finding.subject == subject.code),
        )
        for subject in subjects_of(paper)
    ]


def _status(
    paper: Paper, user: User, subject: Subject, found: tuple[Finding, ...], closed: str | None
) -> str:
    if closed or not _open_to(paper, user, subject):
        return CANNOT_CHANGE
    blank = _is_blank(paper, subject.code)
    if any(finding.blocking for finding in found if finding.subject == subject.code):
        return NOT_STARTED if blank else IN_PROGRESS
    if subject.code.startswith(SECTION) and not _section(paper, subject.code).included:
        return DOES_NOT_APPLY
    return OPTIONAL if subject.optional and blank else DONE


def _is_blank(paper: Paper, code: str) -> bool:
    """Whether nobody has said anything about a subject yet."""
    if code in _ROWS:
        return not getattr(paper, _ROWS[code]).all()
    if code.startswith(SECTION):
        return not _section(paper, code).body.strip()
    if code == "declarations":
        return not any(row.confirmed for row in paper.declarations.all())
    if code == PART_TWO:
        return not any(room.facts(paper))
    said = {
        "title": paper.title,
        "summary": paper.executive_summary.strip(),
        "deferral": paper.deferred is not None,
        "part-two-question": paper.has_part_two is not None,
    }
    return not said[code]


def _open_to(paper: Paper, user: User, subject: Subject) -> bool:
    return subject.code != PART_TWO or room.is_cleared(paper, user)


def _section(paper: Paper, code: str) -> Any:
    return next(row for row in paper.sections.all() if row.kind == code.removeprefix(SECTION))


def _label(paper: Paper, subject: Subject) -> str:
    return (
        _section(paper, subject.code).heading if subject.code.startswith(SECTION) else subject.label
    )
