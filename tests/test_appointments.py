"""Nobody appoints anybody alone: one proposes, another confirms, and neither is the holder."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import Error, connection, transaction

from accounts.models import (
    Appointment,
    Confirmation,
    Duty,
    DutyKind,
    Letter,
    Office,
    Proposal,
    User,
    today,
)
from accounts.people import acts, offices
from accounts.people.keeping import Refused
from config.database.acting import acting_as
from decisions.models import Event
from tests.cast import Cast, assemble
from tests.pages import errors, notices, press, send, signed_in, words
from tests.people import second_secretary
from tests.races import at_once
from tests.test_people import day

LETTER = "Letter of the Mayor, 2 November 2026"


def proposed(cast: Cast, person: User | None = None, **more: Any) -> Proposal:
    """That somebody act for the Deputy Mayor from today, proposed by the secretariat."""
    return offices.propose(
        person or cast.hal,
        Office.objects.get(code="dmpc"),
        **{
            "acting": True,
            "legal_basis": LETTER,
            "starts": today(),
            "ends": None,
            "by": cast.saba,
            **more,
        },
    )


def confirmed(cast: Cast, proposal: Proposal) -> Any:
    """Celia's answer."""
    return press_on(cast.celia, proposal, "Confirm the appointment")


def press_on(person: User, proposal: Proposal, button: str) -> Any:
    """Open a proposal and press a button."""
    client, address = signed_in(person), f"/people/proposals/{proposal.pk}/"
    answer = "call_off" if button == "Call it off" else "confirm"
    return press(client, address, client.get(address), button, answer=answer)


def test_one_proposes_and_another_confirms(cast: Cast) -> None:
    saba = signed_in(cast.saba)
    done = send(
        saba,
        f"/people/{cast.hal.pk}/propose/",
        "Propose",
        office=str(Office.objects.get(code="dmpc").pk),
        acting="yes",
        legal_basis=LETTER,
        **day("starts", 0),
        **day("ends", 30),
    )
    assert notices(saba, done) == [
        "It is proposed, and counts once it is confirmed. Asked: Celia Marsh."
    ]
    assert not Appointment.objects.filter(person=cast.hal).exists()
    proposal = Proposal.objects.get()
    page = words(signed_in(cast.celia).get(f"/people/proposals/{proposal.pk}/"))
    assert f"Legal basis {LETTER}" in page
    assert "Signs as for the Deputy Mayor for Policing and Crime" in page
    assert confirmed(cast, proposal)["Location"] == "/people/proposals/"
    made = Appointment.objects.get(person=cast.hal)
    assert (made.proposal, made.acting, made.legal_basis) == (proposal, True, LETTER)
    assert (made.starts, made.ends) == (today(), today() + timedelta(days=30))
    assert User.objects.get(pk=cast.hal.pk).holds("dmpc") == made
    history = words(saba.get(f"/people/{cast.hal.pk}/"))
    assert "Appointment confirmed Celia Marsh" in history
    assert "Proposed as Deputy Mayor for Policing and Crime, acting, from" in history
    verbs = Event.objects.filter(verb__startswith="people.").values_list("verb", "actor")
    assert list(verbs) == [("people.propose", cast.saba.pk), ("people.confirm", cast.celia.pk)]


def test_those_who_may_confirm_are_told_where_and_nothing_else(cast: Cast) -> None:
    proposal = proposed(cast)
    letter = Letter.objects.get()
    assert letter.recipient == cast.celia
    assert f"/people/proposals/{proposal.pk}/" in letter.body
    assert "Hal" not in letter.body
    assert "Mayor" not in letter.body


def test_a_head_of_service_or_another_secretary_confirms_too(cast: Cast) -> None:
    sven = second_secretary()
    asked = offices.may_confirm(proposed(cast, cast.oona))
    assert [person.name for person in asked] == ["Hal Osei", "Celia Marsh", "Sven Okoro"]
    offices.confirm(Proposal.objects.get(), by=sven)
    assert Appointment.objects.get(person=cast.oona).proposal_id is not None


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("saba", "You proposed this, so a second person confirms it."),
        ("hal", "You are to hold this office, so somebody else confirms it."),
        ("aud", offices.CONFIRMERS),
    ],
)
def test_who_may_not_confirm_is_told_why(cast: Cast, who: str, sentence: str) -> None:
    proposal = proposed(cast)
    client = signed_in(cast.everybody[who])
    page = client.get(f"/people/proposals/{proposal.pk}/")
    assert sentence in words(page)
    assert "Confirm the appointment" not in words(page)
    refused = client.post(f"/people/proposals/{proposal.pk}/", {"answer": "confirm"})
    assert refused.status_code in {403, 409}
    assert not Confirmation.objects.exists()
    assert not Appointment.objects.filter(person=cast.hal).exists()


def test_strangers_to_it_do_not_open_a_proposal(cast: Cast) -> None:
    proposal = proposed(cast)
    for name in ("olu", "farah", "dominic"):
        client = signed_in(cast.everybody[name])
        assert client.get(f"/people/proposals/{proposal.pk}/").status_code == 403
        answer = client.post(f"/people/proposals/{proposal.pk}/", {"answer": "confirm"})
        assert answer.status_code == 403


def test_a_proposal_is_called_off_by_who_made_it_and_then_is_over(cast: Cast) -> None:
    proposal = proposed(cast)
    press_on(cast.saba, proposal, "Call it off")
    assert Confirmation.objects.get().agrees is False
    with pytest.raises(Refused, match="Somebody answered this proposal"):
        offices.confirm(proposal, by=cast.celia)
    assert not Appointment.objects.filter(person=cast.hal).exists()
    assert "Called off by Saba Rahman" in words(
        signed_in(cast.celia).get(f"/people/proposals/{proposal.pk}/")
    )


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"acting": "yes", "legal_basis": "", **day("starts", 0)}, "Enter the legal basis"),
        ({"acting": "no", **day("starts", 0)}, "Dominic Vale holds this office in that time."),
        (
            {"acting": "yes", "legal_basis": "A letter", **day("starts", -1)},
            "An appointment begins today or later",
        ),
        (
            {"acting": "yes", "legal_basis": "A letter", **day("starts", 3), **day("ends", 2)},
            "The last day must be the first day or later",
        ),
    ],
)
def test_what_cannot_be_proposed_is_refused_in_words(
    cast: Cast, typed: dict[str, str], sentence: str
) -> None:
    dmpc = str(Office.objects.get(code="dmpc").pk)
    address = f"/people/{cast.hal.pk}/propose/"
    refused = send(signed_in(cast.saba), address, "Propose", office=dmpc, **typed)
    assert refused.status_code in {409, 422}
    assert errors(refused)[0].startswith(sentence)
    assert not Proposal.objects.exists()


def test_a_first_day_that_passed_meanwhile_is_proposed_anew(cast: Cast) -> None:
    proposal = Proposal.objects.create(
        person=cast.hal,
        office=Office.objects.get(code="dmpc"),
        acting=True,
        legal_basis=LETTER,
        starts=today() - timedelta(days=1),
        by=cast.saba,
    )
    page = signed_in(cast.celia).get(f"/people/proposals/{proposal.pk}/")
    assert "The first day has passed. Call this proposal off and propose it anew." in words(page)
    with pytest.raises(Refused, match="The first day has passed"):
        offices.confirm(proposal, by=cast.celia)


def test_an_appointment_ends_early_and_never_in_the_past(cast: Cast) -> None:
    offices.confirm(proposed(cast), by=cast.celia)
    made = Appointment.objects.get(person=cast.hal)
    address = f"/people/appointments/{made.pk}/end/"
    saba = signed_in(cast.saba)
    refused = send(saba, address, "End it", **day("ends", -1))
    assert errors(refused)[0].startswith("The last day is today or later")
    send(saba, address, "End it", **day("ends", 2))
    made.refresh_from_db()
    assert made.ends == today() + timedelta(days=2)
    longer = send(saba, address, "End it", **day("ends", 9))
    assert errors(longer)[0].startswith("It ends on ")


def insert_appointment(person: User, **values: Any) -> None:
    """An appointment in raw SQL, past every page."""
    row = {
        "office_id": Office.objects.get(code="dmpc").pk,
        "person_id": person.pk,
        "acting": True,
        "legal_basis": LETTER,
        "starts": today(),
        "ends": None,
        "proposal_id": None,
        **values,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO accounts_appointment ({', '.join(row)}) "  # noqa: S608 - our own names
            f"VALUES ({', '.join(['%s'] * len(row))})",
            list(row.values()),
        )


def test_the_database_appoints_nobody_without_two_others(cast: Cast) -> None:
    refusal = "Nobody holds an office whom one person did not propose and another confirm."
    proposal = proposed(cast)
    with acting_as(cast.saba.pk):
        with pytest.raises(Error, match=refusal):
            insert_appointment(cast.hal)
        with pytest.raises(Error, match=refusal):
            insert_appointment(cast.hal, proposal_id=proposal.pk)
        with pytest.raises(Error, match="A second person confirms"), transaction.atomic():
            Confirmation.objects.create(proposal=proposal, agrees=True, by=cast.saba)
    for name in ("hal", "aud", "olu"):
        with (
            acting_as(cast.everybody[name].pk),
            pytest.raises(Error, match=r"confirms"),
            transaction.atomic(),
        ):
            Confirmation.objects.create(proposal=proposal, agrees=True, by=cast.everybody[name])
    with acting_as(cast.celia.pk):
        Confirmation.objects.create(proposal=proposal, agrees=True, by=cast.celia)
        for other in (
            {"legal_basis": "Another letter"},
            {"acting": False},
            {"ends": date(2099, 1, 1)},
        ):
            with pytest.raises(Error, match=refusal):
                insert_appointment(cast.hal, proposal_id=proposal.pk, **other)
        with pytest.raises(Error, match=refusal):
            insert_appointment(cast.oona, proposal_id=proposal.pk)
        insert_appointment(cast.hal, proposal_id=proposal.pk)
    assert Appointment.objects.get(person=cast.hal).acting


def test_the_database_takes_no_proposal_but_the_secretariats_for_others(cast: Cast) -> None:
    for by, person in ((cast.olu, cast.hal), (cast.saba, cast.saba), (cast.celia, cast.hal)):
        with acting_as(by.pk), pytest.raises(Error), transaction.atomic():
            Proposal.objects.create(
                person=person,
                office=Office.objects.get(code="dmpc"),
                acting=True,
                legal_basis=LETTER,
                starts=today(),
                by=by,
            )
    assert not Proposal.objects.exists()


def test_two_who_confirm_at_once_appoint_once(clone: str) -> None:
    cast = assemble()
    proposal = proposed(cast, cast.oona)

    def confirm(by: User) -> str:
        with acting_as(by.pk):
            try:
                offices.confirm(Proposal.objects.get(pk=proposal.pk), by=by)
            except Refused as refused:
                return refused.sentence
        return "done"

    answers = at_once([lambda: confirm(cast.celia), lambda: confirm(cast.hal)])
    assert sorted(answers) == sorted(["done", offices.ANSWERED]) or (
        "done" in answers and any("acts in this office" in answer for answer in answers)
    )
    assert Appointment.objects.filter(person=cast.oona).count() == 1
    assert Confirmation.objects.count() == 1


def test_whoever_holds_an_office_does_not_end_it_themselves(cast: Cast) -> None:
    offices.confirm(proposed(cast, second_secretary()), by=cast.celia)
    made = Appointment.objects.get(person__name="Sven Okoro")
    with pytest.raises(Refused, match="Nobody changes their own"):
        acts.end_appointment(made, last_day=today(), by=made.person)


def test_whom_one_person_made_a_secretary_confirms_nothing_for_seven_days(cast: Cast) -> None:
    new = User.objects.create_user("puppet@countersign.example", "Pat New")
    with acting_as(cast.saba.pk):
        acts.give_duty(new, DutyKind.SECRETARIAT, starts=today(), ends=None, by=cast.saba)
    told = Letter.objects.filter(subject="Somebody new may soon confirm appointments")
    assert [letter.recipient.name for letter in told.order_by("recipient_id")] == [
        "Hal Osei",
        "Celia Marsh",
    ]
    proposal = proposed(cast, cast.oona)
    assert new not in offices.may_confirm(proposal)
    with pytest.raises(Refused, match="once they have had that duty for seven days"):
        offices.confirm(proposal, by=new)
    with acting_as(new.pk), pytest.raises(Error, match="confirms"), transaction.atomic():
        Confirmation.objects.create(proposal=proposal, agrees=True, by=new)
    with acting_as(new.pk):
        acts.deactivate(cast.oona, by=new)
    assert Confirmation.objects.get().agrees is False, "Stopping somebody needs no waiting."
    later = proposed(cast, cast.olu)
    Duty.objects.filter(person=new).update(starts=today() - timedelta(days=7))
    with acting_as(new.pk):
        offices.confirm(later, by=User.objects.get(pk=new.pk))
    assert Appointment.objects.filter(person=cast.olu).exists()
