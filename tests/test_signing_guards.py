"""PostgreSQL itself asks who signs, what, when and where; and no state is reached unearned.

Each refusal below differs in one thing from a signature or a step that is accepted.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Appointment, Office, User, today
from approvals.models import Act, Consultation, Signature
from approvals.workflow import ROWS
from decisions.models import Contributor, Paper, Version
from decisions.states import State
from tests import stages
from tests.cast import Cast

pytestmark = pytest.mark.django_db

STAGES: dict[State, Callable[[Cast], Paper]] = {
    State.DRAFT: stages.draft,
    State.CONSULTATION: stages.advised,
    State.ENDORSEMENT: stages.endorsement,
    State.DECISION: stages.decision,
    State.DECIDED: stages.decided,
    State.WITHDRAWN: stages.withdrawn,
}
STEPS = {(start, row.to) for row in ROWS for start in row.starts if row.to is not None}


def newest(paper: Paper) -> Version:
    return paper.versions.order_by("-number")[0]


def signature(paper: Paper, act: Act, by: Appointment, **changes: Any) -> Signature:
    """A signature as `sign` would write it, with these changes."""
    version = newest(paper)
    fields: dict[str, Any] = {
        "paper": paper,
        "version": version,
        "round": paper.round,
        "act": act,
        "signer": by.person,
        "appointment": by,
        "office": by.office,
        "name": by.person.name,
        "title": by.title,
        "acting_for": by.office.title if by.acting else "",
        "statement": "I sign.",
        "interests": "None.",
        "digest": version.digest,
        "part_two_commitment": version.part_two_commitment,
        "identity": "Typed by hand",
        "key": uuid4(),
    }
    return Signature(**fields | changes)


def appoint(person: User, code: str, **dates: Any) -> Appointment:
    """Somebody acts in an office in these days."""
    office = Office.objects.get(code=code)
    basis = {"acting": True, "legal_basis": "A letter of the Mayor"}
    return Appointment.objects.create(office=office, person=person, **basis | dates)


def held(person: User, code: str) -> Appointment:
    appointment = person.holds(code)
    assert appointment is not None
    return appointment


def refused(write: Callable[[], Any]) -> str:
    """What PostgreSQL says to a write that must fail; nothing of it stays."""

    def whole() -> None:
        with transaction.atomic():
            write()
            connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(DatabaseError) as caught:
        whole()
    cause = caught.value.__cause__
    assert isinstance(cause, psycopg.Error)
    return str(cause.diag.message_primary)


NEWEST = "A signature is on the newest version and on the digest of its text."
ELSEWHERE = "The paper is not where this act is signed."
CLOCK = "A signature bears the time at which it is made."
OFFICE = "Who signs holds, or acts in, the office that signs this, on that day."
OWN = "Nobody signs a paper that they wrote, advised on or signed already."


def test_whoever_holds_the_office_may_sign_each_act_where_it_is_signed(cast: Cast) -> None:
    endorsed = stages.endorsement(cast)
    signature(endorsed, Act.ENDORSE, held(cast.celia, "chief_executive")).save()
    decided = stages.decision(cast)
    signature(decided, Act.DECIDE, held(cast.dominic, "dmpc")).save()
    assert Signature.objects.filter(identity="Typed by hand").count() == 2


def test_a_signature_names_the_digest_of_its_text(cast: Cast) -> None:
    paper = stages.endorsement(cast)
    appointment = held(cast.celia, "chief_executive")
    for changes in ({"digest": "0" * 64}, {"part_two_commitment": "0" * 64}, {"round": 2}):
        attempt = signature(paper, Act.ENDORSE, appointment, **changes)
        assert refused(attempt.save) == (
            "A signature must name the digest of a version of this round."
        )


def test_nobody_signs_an_older_version(cast: Cast) -> None:
    paper = stages.advised(cast)
    older = newest(paper)
    stages.change(paper, "summary", cast.olu, executive_summary="This paper asks for less money.")
    paper = stages.submit(stages.advise_all(stages.fresh(paper)))
    assert newest(paper) != older
    attempt = signature(
        paper,
        Act.ENDORSE,
        held(cast.celia, "chief_executive"),
        version=older,
        digest=older.digest,
    )
    assert refused(attempt.save) == NEWEST


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("act", Act)
def test_nobody_signs_where_it_is_not_signed(cast: Cast, state: State, act: Act) -> None:
    paper = STAGES[state](cast)
    person, code = (cast.celia, "chief_executive") if act == Act.ENDORSE else (cast.dominic, "dmpc")
    if not paper.versions.exists():
        return
    attempt = signature(paper, act, held(person, code), round=paper.round)
    meant = {Act.ENDORSE: State.ENDORSEMENT, Act.DECIDE: State.DECISION}[act]
    if state == meant:
        attempt.save()
    else:
        assert refused(attempt.save) == ELSEWHERE


@pytest.mark.parametrize("minutes", [-6, 6, -60 * 24 * 400])
def test_nobody_signs_at_another_time(cast: Cast, minutes: int) -> None:
    paper = stages.endorsement(cast)
    attempt = signature(
        paper,
        Act.ENDORSE,
        held(cast.celia, "chief_executive"),
        signed_at=timezone.now() + timedelta(minutes=minutes),
    )
    assert refused(attempt.save) == CLOCK


def test_nobody_signs_by_anothers_appointment_or_for_another_office(cast: Cast) -> None:
    paper = stages.endorsement(cast)
    theirs = held(cast.celia, "chief_executive")
    dmpc = held(cast.dominic, "dmpc")
    assert refused(signature(paper, Act.ENDORSE, theirs, signer=cast.hal).save) == OFFICE
    assert refused(signature(paper, Act.ENDORSE, dmpc).save) == OFFICE
    assert refused(signature(paper, Act.ENDORSE, theirs, office=dmpc.office).save) == OFFICE


def test_nobody_signs_outside_the_days_of_their_appointment(cast: Cast) -> None:
    paper = stages.endorsement(cast)
    day = today()
    over = appoint(cast.hal, "chief_executive", starts=day - timedelta(9), ends=day - timedelta(1))
    to_come = appoint(cast.aud, "chief_executive", starts=day + timedelta(1))
    assert refused(signature(paper, Act.ENDORSE, over).save) == OFFICE
    assert refused(signature(paper, Act.ENDORSE, to_come).save) == OFFICE


def test_who_left_the_service_signs_nothing(cast: Cast) -> None:
    paper = stages.endorsement(cast)
    appointment = held(cast.celia, "chief_executive")
    User.objects.filter(pk=cast.celia.pk).update(is_active=False)
    assert refused(signature(paper, Act.ENDORSE, appointment).save) == OFFICE


def test_who_acts_says_for_whom(cast: Cast) -> None:
    paper = stages.endorsement(cast)
    acting = appoint(cast.aud, "chief_executive")
    assert refused(signature(paper, Act.ENDORSE, acting, acting_for="").save) == OFFICE
    signature(paper, Act.ENDORSE, acting).save()


def test_nobody_signs_their_own_paper(cast: Cast) -> None:
    paper = stages.endorsement(cast)
    assert refused(signature(paper, Act.ENDORSE, appoint(cast.olu, "chief_executive")).save) == OWN


def test_nobody_signs_a_paper_that_they_changed(cast: Cast) -> None:
    paper = stages.advised(cast)
    Contributor.objects.create(paper=paper, person=cast.aud)
    paper = stages.submit(paper)
    assert refused(signature(paper, Act.ENDORSE, appoint(cast.aud, "chief_executive")).save) == OWN


def test_nobody_signs_a_paper_that_they_advised_on(cast: Cast) -> None:
    paper = stages.endorsement(cast)
    assert Consultation.objects.filter(paper=paper, person=cast.farah).exists()
    attempt = signature(paper, Act.ENDORSE, appoint(cast.farah, "chief_executive"))
    assert refused(attempt.save) == OWN


def test_nobody_gives_both_signatures(cast: Cast) -> None:
    paper = stages.decision(cast)
    assert refused(signature(paper, Act.DECIDE, appoint(cast.celia, "dmpc")).save) == OWN


@pytest.mark.parametrize("state", [s for s in State if s not in {"draft", "consultation"}])
def test_nobody_becomes_a_contributor_of_a_paper_that_cannot_be_changed(
    cast: Cast, state: State
) -> None:
    paper = STAGES[state](cast)

    def join() -> None:
        Contributor.objects.create(paper=paper, person=cast.aud)

    assert refused(join) == "The paper is frozen in its present state."


def step(paper: Paper, to: State, *, rounds: int | None = None) -> None:
    """Write a state by hand, with the round that belongs to it unless another is given."""
    more = int(to == State.DRAFT and paper.state != State.DRAFT) if rounds is None else rounds
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE decisions_paper SET version = version + 1, state = %s, round = round + %s"
            " WHERE id = %s",
            [str(to), more, paper.pk],
        )


@pytest.mark.parametrize(
    ("start", "to"), [pair for pair in product(State, State) if pair[0] != pair[1]]
)
def test_the_database_knows_the_steps_of_the_table_and_no_others(
    cast: Cast, start: State, to: State
) -> None:
    paper = STAGES[start](cast)
    if (start, to) in STEPS:
        step(paper, to)
        assert stages.fresh(paper).state == to
        transaction.set_rollback(True)
    else:
        assert refused(lambda: step(paper, to)) == f"No verb leads from {start} to {to}."


def test_a_paper_begins_in_draft(cast: Cast) -> None:
    paper = stages.blank(cast)
    paper.pk = None
    paper.number, paper.reference, paper.slug = 9999, "PCD 9999", "pcd-9999"
    paper.state = State.DECISION
    assert refused(lambda: paper.save(force_insert=True)) == "A paper begins in draft."


ROUND = "A round begins when a paper goes back to draft, and at no other time."


def test_going_back_to_draft_voids_what_was_signed(cast: Cast) -> None:
    paper = stages.decision(cast)
    assert refused(lambda: step(paper, State.DRAFT, rounds=0)) == ROUND
    assert refused(lambda: step(paper, State.DECIDED, rounds=1)) == ROUND
    step(paper, State.DRAFT)
    again = stages.fresh(paper)
    assert again.round == paper.round + 1
    assert not Signature.objects.filter(paper=again, round=again.round).exists()


def test_nothing_is_endorsed_without_a_signature_on_this_version(cast: Cast) -> None:
    paper = stages.endorsement(cast)
    assert refused(lambda: step(paper, State.DECISION)) == (
        "Nothing is endorsed without a signature on this version."
    )


def test_nothing_is_decided_without_a_signature_on_this_version(cast: Cast) -> None:
    paper = stages.decision(cast)
    assert refused(lambda: step(paper, State.DECIDED)) == (
        "Nothing is decided without a signature on this version."
    )


def test_what_is_decided_has_its_first_edition(cast: Cast) -> None:
    paper = stages.decision(cast)

    def sign_and_step() -> None:
        signature(paper, Act.DECIDE, held(cast.dominic, "dmpc")).save()
        step(paper, State.DECIDED)

    assert refused(sign_and_step) == "What is decided has its first edition."


def test_nothing_goes_forward_while_advice_on_this_version_is_owed(cast: Cast) -> None:
    paper = stages.consultation(cast)
    assert refused(lambda: step(paper, State.ENDORSEMENT)) == (
        "A paper goes forward when everybody asked has advised on this version."
    )


def test_no_version_is_taken_of_a_paper_that_is_being_signed(cast: Cast) -> None:
    paper = stages.decision(cast)
    last = newest(paper)

    def take() -> None:
        Version.objects.create(
            paper=paper,
            number=last.number + 1,
            round=paper.round,
            content=last.content,
            digest=last.digest,
            part_two_commitment=last.part_two_commitment,
            taken_by=cast.olu,
        )

    assert refused(take) == "The paper is frozen in its present state."
