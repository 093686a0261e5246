"""move(): one transaction that locks the paper, asks the table, writes state, event and notices."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from approvals.case import Case
from approvals.models import Publication, Reason, Signature
from approvals.notices.telling import tell
from approvals.workflow import BY_VERB, closed
from decisions.history import record
from decisions.models import Paper
from decisions.states import State

# Whoever waited for a paper that somebody else took out of their reach no longer finds it.
GONE: Final = (
    "There is no such paper that you can open, so nothing was done. It may have been sent on, sent "
    "back or withdrawn just now."
)


class Refused(Exception):
    """A verb was refused; the message is a sentence for the person. Nothing was written.

    `field` names the field of the form that it is about, where it is about one.
    """

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class Move:
    """What a verb's function fills in while the paper is held: the facts of its event."""

    def __init__(self, case: Case, at: datetime) -> None:
        self.case = case
        self.paper = case.paper
        self.at = at
        self.facts: dict[str, str | int | bool | None] = {}
        # The event keeps the true clock, and says so where a sample paper carries another date.
        self.dated: dict[str, str] = {}
        self.reason = ""
        # What the notices of the act speak of, where there is one.
        self.signature: Signature | None = None
        self.publication: Publication | None = None


@contextmanager
def move(paper_id: int, verb: str, by: User, *, at: datetime | None = None) -> Iterator[Move]:
    """Hold the paper, ask role and needs, let the caller write, then write state, event, notices.

    `at` is for sample papers alone, which carry the dates of real ones; for any other paper the
    clock decides. Raises Refused when the table closes the verb to this person now.
    """
    with transaction.atomic():
        paper = (
            Paper.objects.select_for_update(of=("self",))
            .select_related("office", "officer")
            .filter(pk=paper_id)
            .first()
        )
        if paper is None:
            raise Refused(GONE)
        case = Case(paper, by)
        if BY_VERB[verb].signs:
            case.read_for_signing()
        refusal = closed(case, verb)
        if refusal is not None:
            raise Refused(refusal.sentence)
        if at is not None and not paper.sample:
            raise Refused("Only sample papers carry a date set by hand. Nothing was done.")
        moving = Move(case, at or timezone.now())
        if at is not None:
            moving.dated = {"dated": at.isoformat()}
        yield moving
        _write(moving, verb, by)


def _write(moving: Move, verb: str, by: User) -> None:
    """State, round, version and event, in the same transaction as what belongs to the verb."""
    row, paper = BY_VERB[verb], moving.paper
    if row.to is not None and row.to != paper.state:
        paper.state = row.to
        paper.state_since = moving.at
        if row.to == State.DRAFT:
            paper.round += 1
    paper.version += 1
    paper.changed_at = moving.at
    paper.save()
    event = record(
        paper,
        verb,
        by,
        state=str(paper.state),
        round=paper.round,
        version=paper.version,
        **moving.facts,
        **moving.dated,
    )
    if moving.reason:
        Reason.objects.create(event=event, text=moving.reason)
    if not moving.dated:  # nobody is told of what a sample paper dates years ago
        tell(moving, verb, event)
