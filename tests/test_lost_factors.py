"""Where factors are removed the old password goes with them: only the mailed link opens."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.models import Act, Invitation, Letter, Purpose, User
from accounts.owner_letters import SUBJECT
from accounts.people import links
from config import env
from config.database.acting import acting_as
from tests import database
from tests.cast import Cast, assemble
from tests.doors import SECURITY, is_signed_in, set_up, sign_in, sign_in_wholly
from tests.pages import errors, notices, send, signed_in, words
from tests.people import NEW_PASSWORD, SET_PASSWORD, as_operator, link_in, run, sent_by_mailer

REMOVED = (
    "Your passkeys, your authenticator app and your recovery codes were removed, and your old "
    "password works no more. That was on "
)
WRONG = "The e-mail address or the password is not right. Type both again."


def by_the_secretariat(cast: Cast, person: User) -> None:
    """The secretariat's page removes what somebody lost, and says what that means."""
    page = f"/people/{person.pk}/link/"
    saba = signed_in(cast.saba)
    assert "their password goes at once too, and only the link opens" in words(saba.get(page))
    done = send(saba, page, "Send the link", lost="on")
    assert " ".join(notices(saba, done)) == (
        f"A link goes to {person.email}. Earlier links work no more. Their passkeys, app, recovery "
        "codes and password are removed: only the link opens their account."
    )


def opens_nothing(person: User) -> bool:
    """Whether the password of before is refused as any wrong one is."""
    intruder = Client()
    refused = sign_in(intruder, person.email)
    return errors(refused)[0].startswith(WRONG) and not is_signed_in(intruder)


def chosen_anew(person: User, mails: list[str]) -> Client:
    """The browser in which somebody chose a password by the link in their mailbox."""
    client = Client()
    (link,) = mails
    client.get(link)
    done = client.post(SET_PASSWORD, {"new": NEW_PASSWORD})
    assert done["Location"] == "/account/login/"
    sign_in(client, person.email, NEW_PASSWORD)
    return client


def links_to(person: User, database_name: str) -> list[str]:
    """Every link that the mailer sends to somebody now."""
    mails = [mail for mail in sent_by_mailer(database_name) if person.email in str(mail["To"])]
    return [link_in(mail) for mail in mails if SET_PASSWORD in mail.get_content()]


@pytest.mark.django_db
def test_after_the_secretariats_page_the_old_password_opens_nothing(
    cast: Cast, client: Client
) -> None:
    sign_in_wholly(client, cast.olu)
    assert is_signed_in(client)
    by_the_secretariat(cast, cast.olu)
    assert not Authenticator.objects.filter(user=cast.olu).exists()
    assert not is_signed_in(client)
    assert opens_nothing(cast.olu)


@pytest.mark.django_db
def test_the_link_says_that_a_password_is_chosen_anew_also_when_it_is_sent_again(
    cast: Cast,
) -> None:
    sign_in_wholly(Client(), cast.olu)
    by_the_secretariat(cast, cast.olu)
    links.send_link(cast.olu, by=cast.saba)
    assert set(Invitation.objects.values_list("purpose", flat=True)) == {Purpose.PASSWORD}


@pytest.mark.django_db
def test_who_had_no_factor_loses_the_password_too_and_is_told(cast: Cast) -> None:
    Authenticator.objects.filter(user=cast.olu).delete()
    by_the_secretariat(cast, cast.olu)
    assert opens_nothing(cast.olu)
    (letter,) = Letter.objects.filter(recipient=cast.olu, subject=SUBJECT)
    assert letter.body.startswith(REMOVED)


@pytest.mark.django_db
def test_a_link_without_lost_factors_leaves_the_password_until_it_is_used(cast: Cast) -> None:
    send(signed_in(cast.saba), f"/people/{cast.olu.pk}/link/", "Send the link")
    assert sign_in_wholly(Client(), cast.olu)["Location"] == "/"
    assert not Letter.objects.filter(recipient=cast.olu, subject=SUBJECT).exists()


def test_after_break_glass_only_the_link_opens_the_account_of_who_signs(clone: str) -> None:
    cast = assemble()
    his = Client()
    sign_in_wholly(his, cast.dominic)
    as_operator(clone)
    with acting_as(None):
        printed = run("break_glass", cast.dominic.email, lost_factors=True)
    database.connect("default", env.STAFF, clone)
    assert "Passkeys, app, recovery codes and password are removed: only the link opens it." in (
        printed
    )
    assert not is_signed_in(his)
    assert opens_nothing(cast.dominic)
    (letter,) = Letter.objects.filter(recipient=cast.dominic, subject=SUBJECT)
    assert letter.body.startswith(REMOVED)
    assert "http" not in letter.body


def test_the_link_opens_and_the_first_passkey_after_it_is_set_up(clone: str) -> None:
    cast = assemble()
    links.send_link(cast.olu, by=cast.saba, lost_factors=True)
    client = chosen_anew(cast.olu, links_to(cast.olu, clone))
    set_up(client)
    assert client.get(SECURITY).context["has_factor"]
    sentences = [
        letter.body.partition(". ")[0]
        for letter in Letter.objects.filter(recipient=cast.olu, subject=SUBJECT).order_by("pk")
    ]
    assert sentences == [
        REMOVED.partition(". ")[0],
        "Your password was set, by a link that was sent to your address",
        "A passkey was added to your account",
    ]


def test_without_lost_factors_break_glass_leaves_them_and_says_nothing_of_them(clone: str) -> None:
    cast = assemble()
    as_operator(clone)
    with acting_as(None):
        printed = run("break_glass", cast.dominic.email, lost_factors=False)
    assert "removed" not in printed
    assert Authenticator.objects.filter(user=cast.dominic).exists()
    assert '"factors_removed":0' in Act.objects.get(verb="break_glass").facts
