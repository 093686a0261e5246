"""Every state, every verb, every person: what the table says, what the pages say, what happens.

What is expected is worked out here from the rows of the table and from a list of who is what to the
papers of these tests; neither `closed` nor the pages are asked.
"""

from __future__ import annotations

from typing import Final

import pytest
from django.test import Client

from approvals.case import Case, Role
from approvals.workflow import ROWS, VERBS, buttons, closed
from decisions.models import Paper
from decisions.states import State
from tests import stages
from tests.cast import PASSWORD, Cast
from tests.pages import words
from tests.verb_pages import as_it_stands

# Who each of the cast is to a paper that Olu wrote, whatever its state.
ALWAYS: Final[dict[str, set[Role]]] = {
    "olu": {Role.OFFICER},
    "oona": set(),
    "celia": {Role.CHIEF_EXECUTIVE},
    "dominic": {Role.DECISION_MAKER},
    "saba": {Role.SECRETARIAT},
    "aud": {Role.AUDITOR},
}
ADVISERS: Final = ("farah", "leo", "esme", "cormac", "dita", "hal")
# Advisers were asked in every state but that of a draft which has not been out yet.
ASKED: Final = frozenset(State) - {State.DRAFT, State.WITHDRAWN}
TURN: Final[dict[State, set[str]]] = {
    State.DRAFT: {"olu"},
    State.CONSULTATION: set(ADVISERS),
    State.ENDORSEMENT: {"celia"},
    State.DECISION: {"dominic"},
    State.DECIDED: {"saba"},
    State.WITHDRAWN: set(),
}
SEES: Final[dict[State, set[str]]] = {
    State.DRAFT: {"olu", "saba", "aud"},
    State.CONSULTATION: {"olu", "saba", "aud", *ADVISERS},
    State.ENDORSEMENT: {"olu", "saba", "aud", *ADVISERS, "celia"},
    State.DECISION: {"olu", "saba", "aud", *ADVISERS, "celia", "dominic"},
    State.DECIDED: {"olu", "saba", "aud", *ADVISERS, "celia", "dominic"},
    State.WITHDRAWN: {"olu", "saba", "aud"},
}
# Where role and state allow a verb, but something is still wanting in the papers of these tests.
WANTING: Final[set[tuple[State, str, str]]] = {
    (State.CONSULTATION, "submit", "olu"),  # nobody has advised yet
    (State.CONSULTATION, "submit", "saba"),
    (State.CONSULTATION, "advise", "hal"),  # the head of service reviews last
    (State.DECIDED, "publish", "saba"),  # there is no document yet
    (State.DECIDED, "correct", "saba"),  # nothing is published yet
}
STATUS: Final = {None: 200, "state": 409, "role": 403, "need": 409}
PEOPLE: Final = (*ALWAYS, *ADVISERS)


def roles(person: str, state: State) -> set[Role]:
    """Everything that somebody is to a paper in a state."""
    mine = set(ALWAYS.get(person, ()))
    if person in ADVISERS and state in ASKED:
        mine.add(Role.ADVISER)
    if person in TURN[state]:
        mine.add(Role.TURN)
    return mine


def expected(state: State, verb: str, person: str) -> str | None:
    """Why a verb is closed, by the table: state, role or need; None where it is open."""
    (row,) = [row for row in ROWS if row.verb == verb]
    if state not in row.starts:
        return "state"
    if not roles(person, state) & set(row.who):
        return "role"
    return "need" if (state, verb, person) in WANTING else None


@pytest.mark.django_db
@pytest.mark.parametrize("state", State)
def test_the_table_opens_a_verb_to_exactly_the_right_people(cast: Cast, state: State) -> None:
    paper = stages.BY_STATE[state](cast)
    for person in PEOPLE:
        case = Case(paper, cast.everybody[person])
        assert case.roles == roles(person, state), person
        for verb in VERBS:
            why = closed(case, verb)
            assert (why.kind if why else None) == expected(state, verb, person), (verb, person)
            assert why is None or why.sentence.endswith(".")


@pytest.mark.django_db
@pytest.mark.parametrize("state", State)
def test_the_buttons_are_what_the_table_allows_with_a_reason_at_each_closed_one(
    cast: Cast, state: State
) -> None:
    paper = stages.BY_STATE[state](cast)
    for person in PEOPLE:
        offered = {
            button.row.verb: bool(button.closed)
            for button in buttons(Case(paper, cast.everybody[person]))
        }
        assert offered == {
            verb: why == "need"
            for verb in VERBS
            if (why := expected(state, verb, person)) in {None, "need"}
        }, person


@pytest.mark.django_db
@pytest.mark.parametrize("state", State)
def test_every_verbs_page_answers_every_person_as_the_table_says(
    cast: Cast, client: Client, state: State
) -> None:
    paper = stages.BY_STATE[state](cast)
    before = as_it_stands(paper)
    for person in PEOPLE:
        client.force_login(cast.everybody[person])
        for verb in VERBS:
            status = client.get(f"/papers/{paper.slug}/{verb}/").status_code
            wanted = STATUS[expected(state, verb, person)] if person in SEES[state] else 404
            assert status == wanted, (verb, person)
    assert as_it_stands(paper) == before


@pytest.mark.django_db
@pytest.mark.parametrize("state", State)
def test_a_post_to_a_closed_verb_does_nothing_for_anybody(
    cast: Cast, client: Client, state: State
) -> None:
    paper = stages.BY_STATE[state](cast)
    before = as_it_stands(paper)
    for person in PEOPLE:
        client.force_login(cast.everybody[person])
        for verb in VERBS:
            why = expected(state, verb, person)
            if why is None:
                continue
            answer = client.post(f"/papers/{paper.slug}/{verb}/", everything(paper))
            assert answer.status_code == (STATUS[why] if person in SEES[state] else 404)
    assert as_it_stands(paper) == before


@pytest.mark.django_db
def test_every_other_method_is_refused_with_a_sentence(cast: Cast, client: Client) -> None:
    paper = stages.blank(cast)
    before = as_it_stands(paper)
    client.force_login(cast.olu)
    for verb in VERBS:
        for method in ("put", "patch", "delete", "options"):
            answer = getattr(client, method)(f"/papers/{paper.slug}/{verb}/")
            assert answer.status_code == 405, (verb, method)
            assert answer["Allow"] == "GET, HEAD, POST"
            assert "Nothing was changed." in words(answer)
    assert as_it_stands(paper) == before


def everything(paper: Paper) -> dict[str, str]:
    """Answers to every question of every verb's form, signed with the password of the cast."""
    version = paper.versions.order_by("-number").first()
    return {
        "reason": "Because of the figures.",
        "position": "content",
        "statement": "Read.",
        "kind": "legal",
        "mark": version.mark if version else "",
        "key": "6f6c3cf5-6a1b-4f7e-9f0e-0a4a4e0d8a11",
        "password": PASSWORD,
        "has_interest": "no",
        "outcome_1": "approved",
        "outcome_2": "approved",
        "when": "now",
        "note": "A note.",
        "passage": "summary",
        "text_summary": "Other words.",
    }
