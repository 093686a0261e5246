"""Whoever comes by single sign-on alone comes in again before they change how they sign in."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.factors.again import AGAIN
from accounts.models import User
from accounts.signed_in import MARK
from tests.cast import Cast
from tests.doors import SECURITY, is_signed_in
from tests.pages import signed_in, words

DOORS = [f"{SECURITY}passkey/", f"{SECURITY}app/"]
FIVE_MINUTES = 5 * 60


def by_single_sign_on(person: User) -> Client:
    """The browser of somebody who has neither password nor factor here."""
    person.set_unusable_password()
    person.save(update_fields=["password"])
    Authenticator.objects.filter(user=person).delete()
    return signed_in(person)


def after(client: Client, seconds: int) -> None:
    """Let time pass for a session."""
    session = client.session
    session[MARK] = session[MARK] | {"at": session[MARK]["at"] - seconds}
    session.save()


@pytest.mark.django_db
@pytest.mark.parametrize("door", DOORS)
def test_straight_after_signing_in_a_factor_can_be_set_up(cast: Cast, door: str) -> None:
    assert by_single_sign_on(cast.olu).get(door).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_later_they_have_to_come_in_again(cast: Cast, door: str, method: str) -> None:
    client = by_single_sign_on(cast.olu)
    after(client, FIVE_MINUTES)
    answer = getattr(client, method)(door)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/?next=")
    assert not is_signed_in(client)
    assert AGAIN in words(client.get(answer["Location"]))
    assert not Authenticator.objects.filter(user=cast.olu).exists()


@pytest.mark.django_db
def test_a_session_lying_open_does_not_sign_the_others_out(cast: Cast) -> None:
    at_work, elsewhere = signed_in(cast.olu), signed_in(cast.olu)
    after(at_work, FIVE_MINUTES)
    assert at_work.post(f"{SECURITY}sign-out/")["Location"].startswith("/account/again/")
    assert is_signed_in(elsewhere)
