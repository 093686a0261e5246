"""Save one subject of a paper, without ever overwriting somebody else's words.

Every form carries the token of the subject it was loaded with. A save with an old token raises
Conflict with what stands there now, so that the page can show both texts and lose neither. Two
people who save different subjects do not disturb each other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import msgspec
from django.db import transaction
from django.db.models import Model
from django.forms.models import model_to_dict
from django.utils import timezone

from accounts.models import DutyKind, User
from decisions.drafting.subjects import FILES, PART_TWO, PART_TWO_FILES
from decisions.drafting.versions import take_version
from decisions.history import record
from decisions.models import Contributor, Paper
from decisions.part_two import room
from decisions.states import State

_CONFIDENTIAL: Final = frozenset({PART_TWO, PART_TWO_FILES})

# Which fields or rows each subject of the task list holds.
FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "title": ("title", "forum", "scheme_paragraph"),
    "summary": ("executive_summary",),
    "deferral": ("deferred", "deferred_until", "deferral_reason", "deferral_owner"),
    "part-two-question": ("has_part_two",),
}
ROWS: Final[dict[str, str]] = {
    "recommendations": "recommendations",
    "funding": "funding_lines",
    "background-papers": "background_papers",
    "supporting-documents": "supporting_documents",
    FILES: "files",
    "declarations": "declarations",
}

# Where a paper is that cannot be edited, and what to do about it.
_NEW_DECISION: Final = (
    "How Part 1 is written can be corrected by the secretariat; anything else needs a new decision."
)
_SEND_BACK: Final = "If it must change, it has to be sent back to draft first."
_FROZEN: Final = {
    State.ENDORSEMENT: ("with the Chief Executive for endorsement", _SEND_BACK),
    State.DECISION: ("with the decision maker", _SEND_BACK),
    State.DECIDED: ("decided and signed", _NEW_DECISION),
    State.WITHDRAWN: ("withdrawn", "If it is wanted after all, begin a new paper."),
}


class NotEditable(PermissionError):
    """The paper cannot be edited by this person or in this state; the message says why."""


class Conflict(Exception):
    """Somebody else saved this subject since the form was loaded. Nothing was written."""

    def __init__(self, subject: str, token: str, by: str) -> None:
        super().__init__(
            f"{by} saved this part of the paper after you opened it, so your text was not saved "
            "over theirs. Both texts are below: choose or combine them, then save again."
        )
        self.subject = subject
        self.token = token
        self.by = by


def why_not_editable(paper: Paper, by: User) -> str | None:
    """Why this person may not edit this paper now, as a sentence, or None if they may."""
    if not paper.is_editable:
        where, advice = _FROZEN[State(paper.state)]
        return f"{paper.reference} cannot be edited because it is {where}. {advice}"
    if paper.officer_id != by.pk and DutyKind.SECRETARIAT not in by.duties():
        return (
            f"Only the originating officer and the secretariat can edit {paper.reference}. "
            f"Ask {paper.officer.name} to make the change."
        )
    return None


def token_of(paper: Paper, subject: str, row: int | None = None) -> str:
    """What a form carries to prove which text it was loaded with: a digest of the subject.

    With `row`, a digest of that one row alone, wherever it stands: two people who change different
    rows do not disturb each other. A form reads its token before its text, never after.
    """
    if subject == PART_TWO:
        return room.token(paper)
    if subject == PART_TWO_FILES:
        return room.files_token(paper)
    said = _subject(paper, subject) if row is None else _row(paper, subject, row)
    return hashlib.sha256(msgspec.json.encode(said, order="sorted")).hexdigest()[:16]


@contextmanager
def saving(
    paper_id: int, subject: str, *, by: User, token: str, row: int | None = None
) -> Iterator[Paper]:
    """Hold the paper while one subject is written, then count, record and freeze the change.

    Yields the locked paper; the caller assigns fields or writes rows, and this writes the paper.
    Raises NotEditable, or Conflict when the subject, or that row of it, changed since `token` was
    made.
    """
    with transaction.atomic():
        paper = (
            Paper.objects.select_for_update(of=("self",))
            .select_related("office", "officer")
            .get(pk=paper_id)
        )
        refusal = why_not_editable(paper, by)
        if refusal:
            raise NotEditable(refusal)
        now = token_of(paper, subject, row)
        if token != now:
            raise Conflict(subject, now, _last_saver(paper, subject))
        before = token_of(paper, subject)
        yield paper
        paper.version += 1
        paper.changed_at = timezone.now()
        paper.save()
        after = token_of(Paper.objects.select_related("office").get(pk=paper.pk), subject)
        if after != before:
            Contributor.objects.get_or_create(paper=paper, person=by)
            # Events are published one day, and a digest without salt confirms a guess.
            digest = None if subject in _CONFIDENTIAL else after
            record(paper, "save", by, subject=subject, digest=digest, version=paper.version)
            if paper.state == State.CONSULTATION:
                take_version(Paper.objects.select_related("office").get(pk=paper.pk), by)


def replace_rows(paper: Paper, subject: str, rows: list[dict[str, Any]]) -> None:
    """Replace a subject's rows by these, in this order. For use inside `saving`."""
    manager = getattr(paper, ROWS[subject])
    manager.all().delete()
    manager.bulk_create(
        manager.model(paper=paper, position=place, **row) for place, row in enumerate(rows, start=1)
    )


def _subject(paper: Paper, subject: str) -> Any:
    if subject.startswith("section-"):
        section = paper.sections.get(kind=subject.removeprefix("section-"))
        return {"heading": section.heading, "body": section.body, "included": section.included}
    if subject in FIELDS:
        return {name: _plain(getattr(paper, name)) for name in FIELDS[subject]}
    rows = getattr(paper, ROWS[subject]).all()
    return [_values(row, without={"id", "paper"}) for row in rows]


def _row(paper: Paper, subject: str, pk: int) -> Any:
    row = getattr(paper, ROWS[subject]).filter(pk=pk).first()
    return row and _values(row, without={"id", "paper", "position"})


def _values(row: Model, *, without: set[str]) -> dict[str, Any]:
    return {name: value for name, value in model_to_dict(row).items() if name not in without}


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, Model) else value


def _last_saver(paper: Paper, subject: str) -> str:
    event = (
        paper.events.filter(verb="save", facts__contains=f'"subject":"{subject}"')
        .select_related("actor")
        .order_by("-seq")
        .first()
    )
    return event.actor.name if event else "Somebody else"
