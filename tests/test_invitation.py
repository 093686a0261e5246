"""Nobody comes in by themselves: a link by mail, good once, for one person and not for long."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import Error, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Act, Duty, DutyKind, Invitation, Letter, User
from accounts.people import links
from accounts.people.keeping import Refused
from approvals.notices import about_accounts
from approvals.notices.about_accounts import ABOUT_ACCOUNTS
from approvals.notices.queue import TRIES
from approvals.notices.waiting import messages_that_wait
from config.database.acting import acting_as
from decisions.models import Event
from tests import database, post_office
from tests.cast import PASSWORD, Cast, assemble
from tests.doors import is_signed_in, sign_in, sign_in_wholly
from tests.pages import errors, notices, press, send, signed_in, words
from tests.people import NEW_PASSWORD, SET_PASSWORD, link_in, sent_by_mailer

GONE = "This link does not work, or does not work any more"


def invited(database_name: str) -> tuple[Cast, User, str]:
    """Somebody whom the secretariat invited, and the address of the link that was sent."""
    cast = assemble()
    done = send(
        signed_in(cast.saba),
        "/people/invite/",
        "Invite",
        name="Jo Bloggs",
        email="Jo.Bloggs@Example.org",
        duties=["finance", "officer"],
    )
    assert done.status_code == 302, words(done)
    (mail,) = sent_by_mailer(database_name)
    assert mail["To"] == "Jo Bloggs <jo.bloggs@example.org>"
    return cast, User.objects.get(email="jo.bloggs@example.org"), link_in(mail)


def opened(link: str) -> Any:
    """What somebody sees who opens a link in a browser of their own."""
    return Client().get(link, follow=True)


def choose(client: Client, link: str, password: str = NEW_PASSWORD) -> Any:
    """Open a link and choose a password."""
    opened = client.get(link)
    assert opened["Location"] == SET_PASSWORD
    page = client.get(SET_PASSWORD)
    return press(client, SET_PASSWORD, page, "Set my password", new=password)


def test_somebody_invited_chooses_a_password_and_signs_in(clone: str) -> None:
    cast, jo, link = invited(clone)
    assert jo.duties() == {DutyKind.FINANCE, DutyKind.OFFICER}
    assert not jo.has_usable_password()
    client = Client()
    assert "For the account of Jo Bloggs, jo.bloggs@example.org." in words(
        client.get(link, follow=True)
    )
    done = choose(client, link)
    assert done["Location"] == "/account/login/"
    assert notices(client, done) == ["Your password is set. Sign in with it."]
    assert not is_signed_in(client)
    assert sign_in(client, jo.email, NEW_PASSWORD)["Location"] == "/"
    assert is_signed_in(client)
    page = words(signed_in(cast.saba).get(f"/people/{jo.pk}/"))
    assert "A password is set." in page
    assert "It was used on" in page
    assert "Chose a password by a link Jo Bloggs" in page


def test_a_link_works_once(clone: str) -> None:
    _, jo, link = invited(clone)
    waiting = Client()
    assert waiting.get(link)["Location"] == SET_PASSWORD
    choose(Client(), link)
    for again in (Client().get(link, follow=True), waiting.get(SET_PASSWORD)):
        assert (again.status_code, GONE in words(again)) == (404, True)
    late = waiting.post(SET_PASSWORD, {"new": "quarry velvet compass marmot"})
    assert late.status_code == 404
    jo.refresh_from_db()
    assert jo.check_password(NEW_PASSWORD)


def test_unknown_altered_old_revoked_and_closed_links_get_one_answer(clone: str) -> None:
    cast, jo, link = invited(clone)
    assert opened(link).status_code == 200, "The link works before anything is done to it."
    unknown = opened("/account/link/nobody-was-sent-this/")
    answers = [unknown, opened(link[:-2] + ("A/" if link[-2] != "A" else "B/"))]
    Invitation.objects.filter(person=jo).update(revoked_at=timezone.now())
    answers.append(opened(link))
    links.send_link(jo, by=cast.saba)
    (mail,) = sent_by_mailer(clone)
    newer = link_in(mail)
    with database.owner_of(clone) as owner:
        owner.execute(
            "UPDATE accounts_invitation SET expires_at = now() - interval '1 second' "
            "WHERE revoked_at IS NULL"
        )
    answers.append(opened(newer))
    assert {answer.status_code for answer in answers} == {404}
    assert {words(answer) for answer in answers} == {words(unknown)}
    assert GONE in words(unknown)


def test_a_newer_link_replaces_the_older_and_each_lasts_72_hours(clone: str) -> None:
    cast, jo, first = invited(clone)
    links.send_link(jo, by=cast.saba)
    assert opened(first).status_code == 404
    (mail,) = sent_by_mailer(clone)
    assert opened(link_in(mail)).status_code == 200
    newest = Invitation.objects.order_by("-pk")[0]
    letter = Letter.objects.get(invitation=newest)
    assert newest.expires_at is not None
    assert letter.sent_at is not None
    assert newest.expires_at - letter.sent_at == timedelta(hours=72)


def test_the_database_never_holds_what_opens_a_link(clone: str) -> None:
    _, _, link = invited(clone)
    secret = link.removeprefix("/account/link/").rstrip("/")
    assert len(secret) == 43
    assert Invitation.objects.filter(digest=links.digest_of(secret)).exists()
    with database.owner_of(clone) as owner:
        for table in ("accounts_invitation", "accounts_letter", "accounts_act", "decisions_event"):
            rows = owner.execute(f"SELECT t::text FROM {table} t").fetchall()  # noqa: S608 - our own names
            assert rows, table
            assert not [row for row in rows if secret in row[0]]


def test_a_forgotten_password_is_chosen_anew_and_ends_every_session(clone: str) -> None:
    cast = assemble()
    elsewhere = Client()
    sign_in_wholly(elsewhere, cast.olu)
    assert is_signed_in(elsewhere)
    done = send(signed_in(cast.saba), f"/people/{cast.olu.pk}/link/", "Send the link")
    assert done.status_code == 302
    assert is_signed_in(elsewhere), "A link alone changes nothing."
    assert cast.olu.check_password(PASSWORD)
    (mail,) = sent_by_mailer(clone)
    choose(Client(), link_in(mail))
    assert not is_signed_in(elsewhere)
    client = Client()
    assert "password is not right" in words(sign_in(client, cast.olu.email))
    asked = sign_in(client, cast.olu.email, NEW_PASSWORD)
    assert asked["Location"] == "/account/code/", "The second factor is asked for as before."


def test_a_poor_password_is_refused_and_the_link_stays_good(clone: str) -> None:
    _, jo, link = invited(clone)
    client = Client()
    refused = choose(client, link, "short")
    assert refused.status_code == 422
    assert errors(refused)[0].startswith("Use at least 15 characters.")
    assert "bloggs" in errors(choose(client, link, "bloggs bloggs bloggs"))[0]
    choose(client, link)
    jo.refresh_from_db()
    assert jo.check_password(NEW_PASSWORD)


@pytest.mark.django_db
def test_links_cannot_be_guessed_one_after_the_other(cast: Cast, client: Client) -> None:
    answers = [client.get(f"/account/link/guess-{number}/").status_code for number in range(21)]
    assert answers == [302] * 20 + [429]


@pytest.mark.django_db
def test_no_log_tells_the_address_of_a_link(
    cast: Cast, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(22):
        client.get(f"/account/link/guess-{number}/", follow=True)
    assert "Not Found: /account/link/" in caplog.text
    assert "guess-" not in caplog.text


@pytest.mark.django_db
def test_nobody_is_sent_more_than_three_links_an_hour(cast: Cast) -> None:
    for _ in range(3):
        links.send_link(cast.olu, by=cast.saba)
    with pytest.raises(Refused, match="was sent 3 links within the last hour"):
        links.send_link(cast.olu, by=cast.saba)
    assert Invitation.objects.filter(person=cast.olu, revoked_at=None).count() == 1


@pytest.mark.django_db
def test_an_address_is_invited_once(cast: Cast) -> None:
    again = send(
        signed_in(cast.saba),
        "/people/invite/",
        "Invite",
        name="Olu Two",
        email="OLU@countersign.example",
    )
    assert again.status_code == 409
    assert errors(again)[0].startswith("Somebody with this e-mail address is here already.")
    assert User.objects.filter(name="Olu Two").count() == 0


@pytest.mark.django_db
def test_the_mail_says_where_and_nothing_else(cast: Cast) -> None:
    links.send_link(cast.olu, by=cast.saba)
    letter = Letter.objects.get()
    assert letter.recipient == cast.olu
    assert "/account/link/{secret}/" in letter.body
    assert "PCD" not in letter.body


@pytest.mark.django_db
def test_a_revoked_link_is_not_sent_and_cannot_be_revoked_twice(cast: Cast) -> None:
    link = links.send_link(cast.olu, by=cast.saba)
    saba = signed_in(cast.saba)
    done = send(saba, f"/people/links/{link.pk}/revoke/", "Revoke the link")
    assert notices(saba, done) == ["The link of Olu Adeyemi works no more."]
    assert not about_accounts.unsent().exists()
    again = send(saba, f"/people/links/{link.pk}/revoke/", "Revoke the link")
    assert errors(again) == ["This link was used or revoked already. Nothing was changed."]


def test_a_link_whose_mail_is_refused_is_made_anew_at_the_next_try(clone: str) -> None:
    cast = assemble()
    link = links.send_link(cast.olu, by=cast.saba)
    with post_office.open_for_mail() as office:
        office.refused = {cast.olu.email}
        assert post_office.send(clone, office, ABOUT_ACCOUNTS.send_due) == 0
        link.refresh_from_db()
        letter = Letter.objects.get()
        assert (letter.attempts, letter.sent_at, link.digest) == (1, None, None)
        set_letters(clone, attempts=1)
        office.refused = set()
        assert post_office.send(clone, office, ABOUT_ACCOUNTS.send_due) == 1
        (mail,) = office.taken
    link.refresh_from_db()
    assert link.digest == sha256(link_in(mail).strip("/").split("/")[-1].encode()).hexdigest()
    assert str(mail["Message-ID"]).startswith(f"<letter.{letter.pk}.2@")


def test_the_secretariat_reads_that_a_link_could_not_be_sent(clone: str) -> None:
    cast = assemble()
    links.send_link(cast.olu, by=cast.saba)
    assert messages_that_wait() == ()
    set_letters(clone, attempts=TRIES)
    sentence = (
        "1 message to Olu Adeyemi could not be sent and is no longer tried. Tell whoever runs the "
        "service."
    )
    assert messages_that_wait() == (sentence,)
    assert sentence in words(signed_in(cast.saba).get("/"))


def set_letters(name: str, *, attempts: int) -> None:
    """Say that every letter was tried so often and is due now; its owner alone can."""
    with database.owner_of(name) as owner, owner.transaction():
        owner.execute("ALTER TABLE accounts_letter DISABLE TRIGGER letter_stays_as_written")
        owner.execute("UPDATE accounts_letter SET attempts = %s, due_at = now()", [attempts])


@pytest.mark.django_db
def test_lost_factors_are_removed_with_the_link_and_it_is_written_down(cast: Cast) -> None:
    assert Authenticator.objects.filter(user=cast.olu).exists()
    saba = signed_in(cast.saba)
    send(saba, f"/people/{cast.olu.pk}/link/", "Send the link", lost="on")
    assert not Authenticator.objects.filter(user=cast.olu).exists()
    page = words(saba.get(f"/people/{cast.olu.pk}/"))
    assert "and removed what they proved themselves by" in page


@pytest.mark.django_db
def test_every_act_enters_the_chain_by_number_and_digest(cast: Cast) -> None:
    links.send_link(cast.olu, by=cast.saba)
    act = Act.objects.get()
    event = Event.objects.get(verb="people.send_link")
    assert (event.paper, event.actor) == (None, cast.saba)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT encode(sha256(convert_to(facts, 'UTF8')), 'hex') FROM accounts_act "
            "WHERE id = %s",
            [act.pk],
        )
        (digest,) = cursor.fetchone()
    assert event.facts == (
        f'{{"act":{act.pk},"digest":"{digest}","operator":false,"person":{cast.olu.pk}}}'
    )


@pytest.mark.django_db
def test_an_invitation_without_duties_gives_none(cast: Cast) -> None:
    send(signed_in(cast.saba), "/people/invite/", "Invite", name="Mary Roe", email="m@x.example")
    assert not Duty.objects.filter(person__email="m@x.example").exists()


@pytest.mark.django_db
def test_no_link_is_changed_by_nobody_or_used_before_it_was_sent(cast: Cast) -> None:
    link = links.send_link(cast.olu, by=cast.saba)
    found = Invitation.objects.filter(pk=link.pk)
    with acting_as(None), pytest.raises(Error, match="Nobody is named"), transaction.atomic():
        found.update(revoked_at=timezone.now())
    with pytest.raises(Error, match="A link is used while it is good"), transaction.atomic():
        found.update(used_at=timezone.now())
    found.update(revoked_at=timezone.now())
    with pytest.raises(Error, match="used or revoked once"), transaction.atomic():
        found.update(revoked_at=None)


@pytest.mark.django_db
def test_one_secretary_removes_no_factors_of_who_signs_or_confirms(cast: Cast) -> None:
    saba = signed_in(cast.saba)
    for person in (cast.celia, cast.dominic, cast.hal):
        refused = send(saba, f"/people/{person.pk}/link/", "Send the link", lost="on")
        assert refused.status_code == 409
        assert errors(refused)[0].startswith(f"{person.name} signs, or confirms who signs")
        assert Authenticator.objects.filter(user=person).exists()
    assert not Invitation.objects.exists()
