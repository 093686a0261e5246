"""Each change of what one signs in with is proved for itself: a stolen session changes nothing."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client

from accounts.factors import again
from tests.cast import Cast, code_of
from tests.doors import SECURITY, afresh, is_signed_in, options_of, set_up, sign_in, sign_in_wholly
from tests.pages import signed_in
from tests.passkeys import Authenticator as Passkey

pytestmark = pytest.mark.django_db

PASSKEY: Final = f"{SECURITY}passkey/"
CODES: Final = f"{SECURITY}codes/new/"
PROOF: Final = "/account/again/code/?next="
HERE: Final = {"host": "localhost"}


def copied(client: Client) -> Client:
    """The browser of somebody who has a copy of this one's cookie, and nothing else."""
    thief = Client()
    name = settings.SESSION_COOKIE_NAME
    thief.cookies[name] = client.cookies[name].value
    return thief


def answer_to(page: Any) -> dict[str, str]:
    """What a browser sends that made a passkey as this page asked."""
    return {"name": "", "credential": json.dumps(Passkey.new().made(options_of(page)))}


def passkeys(cast: Cast) -> int:
    """How many the decision maker has."""
    found = Authenticator.objects.filter(user=cast.dominic, type="webauthn")
    return len(found)


@pytest.fixture
def dominic(cast: Cast, client: Client) -> Client:
    """The decision maker, who signed in a moment ago."""
    sign_in_wholly(client, cast.dominic)
    return client


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("door", ["passkey/", "codes/new/", "remove/{pk}/", "app/"])
def test_straight_after_signing_in_a_stolen_session_is_asked_for_a_factor(
    cast: Cast, dominic: Client, method: str, door: str
) -> None:
    set_up(dominic)
    app = Authenticator.objects.get(user=cast.dominic, type="totp")
    if door == "app/":  # who has an app is not asked, for there is nothing to do
        dominic.post(afresh(dominic, f"{SECURITY}remove/{app.pk}/"))
    thief = copied(dominic)
    assert is_signed_in(thief)
    before = list(Authenticator.objects.filter(user=cast.dominic).order_by("pk").values())
    address = SECURITY + door.format(pk=app.pk)
    asked = getattr(thief, method)(address, headers=HERE)
    assert (asked.status_code, asked["Location"]) == (302, PROOF + address)
    after = list(Authenticator.objects.filter(user=cast.dominic).order_by("pk").values())
    assert after == before


def test_a_proof_lets_one_change_be_made_once_in_the_browser_that_gave_it(
    cast: Cast, dominic: Client
) -> None:
    opened = afresh(dominic, PASSKEY)
    assert opened.startswith(f"{PASSKEY}?proved=")
    thief = copied(dominic)
    for closed in (PASSKEY, f"{PASSKEY}?proved=", f"{PASSKEY}?proved=guessed"):
        assert thief.get(closed, headers=HERE)["Location"] == PROOF + PASSKEY
    said = answer_to(dominic.get(opened, headers=HERE))
    assert thief.post(PASSKEY, said)["Location"] == PROOF + PASSKEY
    assert passkeys(cast) == 0
    assert dominic.post(opened, said)["Location"] == f"{SECURITY}codes/"
    assert passkeys(cast) == 1
    assert dominic.get(opened, headers=HERE)["Location"] == PROOF + PASSKEY


def test_a_proof_for_one_page_opens_no_other(cast: Cast, dominic: Client) -> None:
    key = afresh(dominic, CODES).partition("?")[2]
    assert dominic.get(f"{CODES}?{key}").status_code == 200
    assert dominic.get(f"{PASSKEY}?{key}", headers=HERE)["Location"] == PROOF + PASSKEY


def test_a_proof_for_nothing_in_particular_opens_no_change(cast: Cast, dominic: Client) -> None:
    proved = dominic.post("/account/again/code/", {"code": code_of(cast.dominic)})
    assert proved["Location"] == "/"
    assert dominic.get(PASSKEY, headers=HERE)["Location"] == PROOF + PASSKEY


def test_what_a_thief_sent_is_not_done_by_the_owners_proof(cast: Cast, dominic: Client) -> None:
    opened = afresh(dominic, PASSKEY)
    said = answer_to(dominic.get(opened, headers=HERE))
    copied(dominic).post(PASSKEY, said)
    afresh(dominic, PASSKEY)
    assert passkeys(cast) == 0


def test_a_proof_is_over_after_five_minutes(cast: Cast, dominic: Client) -> None:
    opened = afresh(dominic, PASSKEY)
    said = answer_to(dominic.get(opened, headers=HERE))
    session = dominic.session
    kept = session["proved_for"]
    session["proved_for"] = kept | {"at": kept["at"] - 5 * 60}
    session.save()
    assert dominic.post(opened, said)["Location"] == PROOF + PASSKEY
    assert passkeys(cast) == 0


def test_whoever_has_no_factor_yet_sets_up_the_first_straight_away(
    cast: Cast, client: Client
) -> None:
    Authenticator.objects.filter(user=cast.dominic).delete()
    sign_in(client, cast.dominic.email)
    page = client.get(PASSKEY, headers=HERE)
    assert page.status_code == 200
    assert client.post(PASSKEY, answer_to(page))["Location"] == f"{SECURITY}codes/"
    assert client.get(PASSKEY, headers=HERE)["Location"] == PROOF + PASSKEY


def test_right_proofs_are_not_counted_as_tries(cast: Cast) -> None:
    client = signed_in(cast.dominic)
    for _ in range(7):
        assert again.KEY in afresh(client, CODES)


def test_an_address_of_another_site_is_given_no_key(cast: Cast, dominic: Client) -> None:
    code = {"code": code_of(cast.dominic)}
    led = dominic.post(f"/account/again/code/?next=https://evil.example{PASSKEY}", code)
    assert led["Location"] == "/"
    assert "proved_for" not in dominic.session
