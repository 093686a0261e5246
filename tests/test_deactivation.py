"""Somebody goes: signed out at once, without duty or office from today, their name where it was."""

from __future__ import annotations

import threading
from contextvars import copy_context
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import Client

from accounts.models import Appointment, Duty, DutyKind, Invitation, Office, Proposal, User, today
from accounts.people import acts, links, offices
from accounts.people.keeping import Refused
from approvals.actions import Refused as SigningRefused
from approvals.models import Signature
from decisions.models import Event
from tests import stages
from tests.cast import PASSWORD, Cast, assemble
from tests.doors import is_signed_in, sign_in, sign_in_wholly
from tests.pages import errors, notices, send, signed_in, words
from tests.people import NEW_PASSWORD, SET_PASSWORD, link_in, second_secretary, sent_by_mailer
from tests.races import at_once, wait_until_somebody_waits
from tests.verb_pages import answers, signs


def deactivate(cast: Cast, person: User) -> Any:
    """Press the button."""
    return send(signed_in(cast.saba), f"/people/{person.pk}/deactivate/", "Deactivate")


def test_sessions_end_at_once(cast: Cast, client: Client) -> None:
    sign_in_wholly(client, cast.olu)
    assert is_signed_in(client)
    saba = signed_in(cast.saba)
    done = send(saba, f"/people/{cast.olu.pk}/deactivate/", "Deactivate")
    assert notices(saba, done) == ["Olu Adeyemi is deactivated and signed out everywhere."]
    assert not is_signed_in(client)
    assert client.get("/papers/")["Location"].startswith("/account/login/")
    assert "password is not right" in words(sign_in(client, cast.olu.email))


def test_duties_and_offices_end_today_and_what_would_begin_never_does(cast: Cast) -> None:
    tomorrow = today() + timedelta(days=1)
    acts.give_duty(cast.celia, DutyKind.FINANCE, starts=tomorrow, ends=None, by=cast.saba)
    dmpc = Office.objects.get(code="dmpc")
    Appointment.objects.create(
        person=cast.celia, office=dmpc, acting=True, legal_basis="A letter", starts=tomorrow
    )
    deactivate(cast, cast.celia)
    assert not Duty.objects.filter(person=cast.celia).exists()
    held = Appointment.objects.get(person=cast.celia)
    assert (held.office.code, held.ends) == ("chief_executive", today())
    assert User.objects.get(pk=cast.celia.pk).appointments_today() == ()


def test_what_was_signed_keeps_name_and_title(cast: Cast) -> None:
    paper = stages.decision(cast)
    before = Signature.objects.get(paper=paper)
    assert (before.name, before.title) == ("Celia Marsh", "Chief Executive Officer")
    deactivate(cast, cast.celia)
    after = Signature.objects.get(paper=paper)
    assert (after.name, after.title, after.digest) == (before.name, before.title, before.digest)
    page = words(signed_in(cast.dominic).get(paper.get_absolute_url()))
    assert "Celia Marsh" in page


def test_open_links_and_proposals_are_called_off(cast: Cast) -> None:
    links.send_link(cast.olu, by=cast.saba)
    offices.propose(
        cast.olu,
        Office.objects.get(code="dmpc"),
        acting=True,
        legal_basis="A letter",
        starts=today(),
        ends=None,
        by=cast.saba,
    )
    deactivate(cast, cast.olu)
    assert Invitation.objects.filter(person=cast.olu, revoked_at=None).count() == 0
    assert Proposal.objects.get().confirmation.agrees is False


def test_the_page_says_what_is_in_hand_and_that_no_paper_is_handed_over(cast: Cast) -> None:
    paper = stages.draft(cast)
    saba = signed_in(cast.saba)
    page = words(saba.get(f"/people/{cast.olu.pk}/deactivate/"))
    assert f"{paper.reference}: {paper.title}" in page
    assert "Countersign cannot hand a paper over to another officer." in page
    assert "Nothing waits for them now." in words(saba.get(f"/people/{cast.leo.pk}/deactivate/"))


def test_nobody_is_deactivated_twice_or_sent_a_link_meanwhile(cast: Cast) -> None:
    deactivate(cast, cast.olu)
    again = deactivate(cast, cast.olu)
    assert again.status_code == 409
    assert errors(again) == ["The account of Olu Adeyemi is deactivated already."]
    for act in (
        lambda: links.send_link(cast.olu, by=cast.saba),
        lambda: acts.give_duty(cast.olu, DutyKind.LEGAL, starts=today(), ends=None, by=cast.saba),
    ):
        with pytest.raises(Refused, match="The account of Olu Adeyemi is deactivated"):
            act()


def test_whoever_comes_back_begins_anew(clone: str) -> None:
    cast = assemble()
    deactivate(cast, cast.olu)
    saba = signed_in(cast.saba)
    done = send(saba, f"/people/{cast.olu.pk}/reactivate/", "Invite anew")
    assert notices(saba, done)[0].startswith("Olu Adeyemi is invited anew.")
    client = Client()
    assert "password is not right" in words(sign_in(client, cast.olu.email, PASSWORD))
    told, mail = sorted(sent_by_mailer(clone), key=lambda each: SET_PASSWORD in each.get_content())
    assert "your recovery codes were removed" in told.get_content()
    client.get(link_in(mail))
    client.post(SET_PASSWORD, {"new": NEW_PASSWORD})
    assert sign_in(client, cast.olu.email, NEW_PASSWORD)["Location"] == "/"
    assert Duty.objects.get(person=cast.olu).ends == today(), "Nothing outlasts today."
    assert errors(send(saba, f"/people/{cast.olu.pk}/reactivate/", "Invite anew")) == [
        "The account of Olu Adeyemi is open. Nothing was changed."
    ]


def test_two_who_deactivate_each_other_do_not_both_go(clone: str) -> None:
    cast = assemble()
    sven = second_secretary()

    def go(person: User, by: User) -> str:
        try:
            acts.deactivate(person, by=by)
        except Refused as refused:
            return refused.sentence
        return "done"

    answers = at_once([lambda: go(sven, cast.saba), lambda: go(cast.saba, sven)])
    assert sorted(answers) == [
        "Nothing was changed: you are not of the secretariat any more.",
        "done",
    ]
    here = User.objects.filter(pk__in=[sven.pk, cast.saba.pk], is_active=True)
    assert here.count() == 1


def test_a_signature_and_a_deactivation_at_once_have_one_order(clone: str) -> None:
    cast = assemble()
    papers = [stages.endorsement(cast) for _ in range(3)]

    def sign(paper: Any) -> bool:
        try:
            stages.endorse(paper, cast.celia)
        except SigningRefused:
            return False
        return True

    signed = at_once(
        [
            *(lambda paper=paper: sign(paper) for paper in papers),
            lambda: acts.deactivate(cast.celia, by=cast.saba),
        ]
    )[:3]
    gone = Event.objects.get(verb="people.deactivate").seq
    written = Event.objects.filter(verb="endorse").values_list("seq", flat=True)
    assert len(written) == sum(signed) == Signature.objects.count()
    assert all(seq < gone for seq in written), "Nobody signs after they were deactivated."
    assert not User.objects.get(pk=cast.celia.pk).is_active
    with pytest.raises(SigningRefused):
        stages.endorse(stages.endorsement(cast), cast.celia)


def test_who_loses_against_their_deactivation_signs_nothing_and_gets_a_page(
    clone: str, caplog: pytest.LogCaptureFixture
) -> None:
    cast = assemble()
    paper = stages.endorsement(cast)
    celia = signed_in(cast.celia)
    address = f"/papers/{paper.slug}/endorse/"
    form = answers(celia.get(address), **signs(cast.celia))
    given: list[Any] = []

    def endorse() -> None:
        given.append(celia.post(address, form))
        connections.close_all()

    signing = threading.Thread(target=copy_context().run, args=(endorse,))
    with transaction.atomic():
        acts.deactivate(cast.celia, by=cast.saba)
        signing.start()
        wait_until_somebody_waits(clone)
    signing.join(timeout=60)
    (answer,) = given
    assert answer.status_code == 404, "The paper is no business of theirs any more."
    assert "PostgreSQL refused a signature" in caplog.text
    assert not Signature.objects.exists()


def test_who_signed_or_confirmed_is_not_invited_anew_on_the_same_day(cast: Cast) -> None:
    saba = signed_in(cast.saba)
    for person in (cast.celia, cast.hal):
        deactivate(cast, person)
        refused = send(saba, f"/people/{person.pk}/reactivate/", "Invite anew")
        assert refused.status_code == 409
        assert errors(refused)[0].endswith("counts until midnight. Invite them anew tomorrow.")
        assert not User.objects.get(pk=person.pk).is_active
    Appointment.objects.filter(person=cast.celia).update(ends=today() - timedelta(days=1))
    acts.reactivate(cast.celia, by=cast.saba)
    assert User.objects.get(pk=cast.celia.pk).is_active
