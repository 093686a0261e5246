"""The life of a decision, on one screen.

This table enforces, draws the buttons, draws docs/workflow.md and feeds the matrix of tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from approvals import needs
from approvals.case import Case, Role
from decisions.models import Event
from decisions.register.words import long_time, small_first
from decisions.states import TURN, State

Need = Callable[[Case], str | None]


@dataclass(frozen=True)
class Row:
    """From these states, this verb, by these roles, leads to that state, if the needs are met.

    `to` is None where the paper stays as it is. `signs` marks the two acts that are signed.
    `label` is the button's text, `done` the past participle used in sentences.
    """

    starts: tuple[State, ...]
    verb: str
    who: tuple[Role, ...]
    to: State | None
    needs: tuple[Need, ...]
    label: str
    done: str
    signs: bool = False


DRAFT, CONSULTATION, ENDORSEMENT, DECISION, DECIDED, WITHDRAWN = State

# fmt: off
ROWS: Final = (
    Row((DRAFT,), "consult", (Role.OFFICER,), CONSULTATION,
        (needs.form_complete, needs.no_blocking_finding),
        "Ask for advice", "sent out for advice"),
    Row((CONSULTATION,), "advise", (Role.ADVISER,), None,
        (needs.own_advice_outstanding, needs.head_of_service_last),
        "Give advice", "advised on"),
    Row((CONSULTATION,), "submit", (Role.OFFICER, Role.SECRETARIAT), ENDORSEMENT,
        (needs.form_complete, needs.no_blocking_finding, needs.files_may_be_public,
         needs.all_advice_given),
        "Submit to the Chief Executive", "submitted to the Chief Executive"),
    Row((ENDORSEMENT,), "endorse", (Role.CHIEF_EXECUTIVE,), DECISION,
        (needs.not_own_paper,),
        "Endorse", "endorsed", signs=True),
    Row((DECISION,), "decide", (Role.DECISION_MAKER,), DECIDED,
        (needs.not_own_paper,),
        "Decide", "decided", signs=True),
    Row((CONSULTATION, ENDORSEMENT, DECISION), "send_back", (Role.TURN, Role.SECRETARIAT), DRAFT,
        (),
        "Send back to draft", "sent back to draft"),
    Row((DRAFT, CONSULTATION, ENDORSEMENT, DECISION), "withdraw",
        (Role.OFFICER, Role.SECRETARIAT), WITHDRAWN,
        (),
        "Withdraw", "withdrawn"),
    Row((DECIDED,), "publish", (Role.SECRETARIAT,), None,
        (needs.document_sealed, needs.not_yet_public, needs.nothing_leaks,
         needs.files_may_be_public),
        "Publish", "published"),
    Row((DECIDED,), "correct", (Role.SECRETARIAT,), None,
        (needs.newest_edition_published,),
        "Correct", "corrected"),
)
# fmt: on

BY_VERB: Final = {row.verb: row for row in ROWS}
VERBS: Final = tuple(BY_VERB)


@dataclass(frozen=True)
class Closed:
    """Why a verb is not open: in this state, to this person, or for want of something."""

    kind: str
    sentence: str


def closed(case: Case, verb: str) -> Closed | None:
    """Why this verb is closed to this person on this paper now; None when it is open.

    Raises KeyError for a verb that is not in the table.
    """
    row = BY_VERB[verb]
    if case.state not in row.starts:
        return Closed("state", _wrong_state(case, row))
    if not case.roles & set(row.who):
        return Closed("role", _wrong_person(case, row))
    for need in row.needs:
        sentence = need(case)
        if sentence:
            return Closed("need", sentence)
    return None


@dataclass(frozen=True)
class Button:
    """A verb as a page offers it: open, or closed with the reason beside it."""

    row: Row
    closed: Closed | None


def buttons(case: Case) -> tuple[Button, ...]:
    """The verbs that this person's roles allow in this state, open or closed for a need."""
    offered = []
    for row in ROWS:
        why = closed(case, row.verb)
        if why is None or why.kind == "need":
            offered.append(Button(row, why))
    return tuple(offered)


def _wrong_state(case: Case, row: Row) -> str:
    event = case.paper.events.filter(verb=row.verb).select_related("actor").last()
    if event is not None:
        return (
            f"{case.paper.reference} was {row.done} by {event.actor.name} on "
            f"{long_time(_moment(event))}. It is now {_in(case.state)}, so nothing more was done."
        )
    return (
        f"{case.paper.reference} is {_in(case.state)}, and it can only be {row.done} "
        f"when it is {_or(_in(state) for state in row.starts)}. Nothing was done."
    )


def _moment(event: Event) -> datetime:
    """When something was done: of a sample paper on the day that it is dated."""
    dated = msgspec.json.decode(event.facts).get("dated")
    return datetime.fromisoformat(dated) if dated else event.at


def _wrong_person(case: Case, row: Row) -> str:
    who = _or(f"the {role}" if role != Role.TURN else TURN[case.state] for role in row.who)
    return f"Only {who} can do this to {case.paper.reference} now. Nothing was done."


def _in(state: State) -> str:
    """Where a paper is, for the middle of a sentence: "with the Chief Executive"."""
    return "in draft" if state == State.DRAFT else small_first(state.label)


def _or(words: Iterable[str]) -> str:
    parts = list(words)
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} or {parts[-1]}"
