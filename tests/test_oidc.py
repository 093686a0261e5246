"""Single sign-on against a real provider: who comes in, and what is not believed."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.mfa.models import Authenticator
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from joserfc import jwk
from pytest_django import Settings

from accounts import proof
from accounts.models import Identity, User
from config.sign_in import SingleSignOn, single_sign_on
from tests.cast import Cast, code_of
from tests.doors import CODE, SIGN_IN, is_signed_in
from tests.openid_provider import CLIENT, SECRET, Provider, serving
from tests.pages import words

pytestmark = pytest.mark.django_db
BEGIN, BACK = "/account/sso/", "/account/sso/back/"
NOBODY = (
    "Nobody who may sign in here has the e-mail address that your organisation gave for you. Ask "
    "the secretariat for an account, or to correct its address."
)
NOT_OURS = "does not belong to a sign-in that you began in this browser"


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with serving(f"http://127.0.0.1:8000{BACK}") as provider:
        yield provider


@pytest.fixture
def provider(running: Provider, settings: Settings, cast: Cast) -> Provider:
    """The provider, with Olu sitting at it, and our settings that name it."""
    running.claims = {"sub": "olu-there", "email": cast.olu.email, "email_verified": True}
    running.in_userinfo, running.lies, running.asked = {}, [], []
    running.published = running.signs_with = None
    settings.STAFF_URL = "http://127.0.0.1:8000"
    settings.OIDC = SingleSignOn(
        running.issuer, CLIENT, SECRET, name="the office account", acr="", max_age=3600
    )
    return running


def there(client: Client, **query: str) -> dict[str, str]:
    """Go to the provider and come back with what it put into the address."""
    asked = client.get(BEGIN, query)
    assert asked.status_code == 302, words(asked)
    answered = requests.get(asked["Location"], allow_redirects=False, timeout=10)
    assert answered.status_code == 302, answered.text
    back = urlsplit(answered.headers["Location"])
    assert back.path == BACK
    return {name: values[0] for name, values in parse_qs(back.query).items()}


def come(client: Client, **query: str) -> Any:
    """Sign in there, and come back."""
    return client.get(BACK, there(client, **query))


def refused(client: Client, answer: Any, why: str) -> None:
    """Expect the page that says why, nobody signed in, and nobody linked."""
    assert answer.status_code == 403
    assert why in words(answer)
    assert not is_signed_in(client)
    assert not Identity.objects.exists()


def test_somebody_who_is_here_already_comes_in_and_types_their_code(
    cast: Cast, provider: Provider, client: Client
) -> None:
    assert "Sign in with the office account" in words(client.get(SIGN_IN))
    assert come(client)["Location"] == CODE
    assert not is_signed_in(client)
    done = client.post(CODE, {"code": code_of(cast.olu)})
    assert done["Location"] == "/"
    linked = Identity.objects.get()
    assert (linked.person, linked.issuer, linked.subject) == (
        cast.olu,
        provider.issuer,
        "olu-there",
    )
    request = client.get("/").wsgi_request
    assert [one.by for one in proof.proofs(request)] == ["single sign-on", "app"]


def test_what_is_asked_of_the_provider(provider: Provider, client: Client) -> None:
    come(client)
    come(Client())
    first, second = provider.asked
    assert first["response_type"] == "code"
    assert (first["scope"], first["max_age"]) == ("openid email", "3600")
    assert first["code_challenge_method"] == "S256"
    for secret in ("state", "nonce", "code_challenge"):
        assert len(first[secret]) >= 20
        assert first[secret] != second[secret]
    assert "acr_values" not in first


def test_the_asked_for_proof_stands_in_for_the_code(
    cast: Cast, provider: Provider, client: Client, settings: Settings
) -> None:
    settings.OIDC = SingleSignOn(provider.issuer, CLIENT, SECRET, "it", acr="twice", max_age=60)
    refused(client, come(client), "in the way that is asked for")
    provider.claims["acr"] = "once"
    refused(client, come(client), "in the way that is asked for")
    provider.claims["acr"] = "twice"
    assert come(client)["Location"] == "/"
    assert is_signed_in(client)
    assert provider.asked[0]["acr_values"] == "twice"


def test_somebody_without_a_second_factor_comes_in_at_once(
    cast: Cast, provider: Provider, client: Client
) -> None:
    Authenticator.objects.filter(user=cast.olu).delete()
    assert come(client, next="/papers/")["Location"] == "/papers/"
    assert is_signed_in(client)


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example"])
def test_it_leads_to_no_other_site(
    cast: Cast, provider: Provider, client: Client, elsewhere: str
) -> None:
    Authenticator.objects.filter(user=cast.olu).delete()
    assert come(client, next=elsewhere)["Location"] == "/"


def test_later_the_providers_name_for_somebody_counts_and_not_the_address(
    cast: Cast, provider: Provider, client: Client
) -> None:
    come(client)
    provider.claims["email"] = cast.oona.email  # their address there is hers now
    come(client)
    client.post(CODE, {"code": code_of(cast.olu)})
    assert "Signed in as Olu Adeyemi" in " ".join(
        client.get("/").content.decode().replace("<strong>", "").split()
    )
    assert Identity.objects.count() == 1


def test_an_address_that_went_to_somebody_else_there_opens_nothing_here(
    cast: Cast, provider: Provider, client: Client
) -> None:
    come(client)
    provider.claims["sub"] = "somebody-else-there"
    other = Client()
    answer = come(other)
    assert answer.status_code == 403
    assert NOBODY in words(answer)
    assert not is_signed_in(other)
    assert Identity.objects.get().subject == "olu-there"


def test_the_address_may_come_from_the_second_door(provider: Provider, client: Client) -> None:
    provider.in_userinfo = {key: provider.claims.pop(key) for key in ("email", "email_verified")}
    assert come(client)["Location"] == CODE


def test_the_second_door_may_speak_of_no_other_person(provider: Provider, client: Client) -> None:
    provider.in_userinfo = {key: provider.claims.pop(key) for key in ("email", "email_verified")}
    provider.in_userinfo["sub"] = "somebody-else"
    refused(client, come(client), "it speaks of two people")


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "nobody@countersign.example"},
        {"email": ""},
        {"email": "olu@countersign.example.evil.example"},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": None},
    ],
)
def test_nobody_registers_and_no_unverified_address_is_believed(
    provider: Provider, client: Client, claims: dict[str, Any]
) -> None:
    provider.claims |= claims
    people = User.objects.count()
    refused(client, come(client), NOBODY)
    assert User.objects.count() == people


def test_a_closed_account_is_not_opened(cast: Cast, provider: Provider, client: Client) -> None:
    cast.olu.is_active = False
    cast.olu.save()
    refused(client, come(client), "your account was closed")


def _set(**claims: Any) -> Any:
    return lambda header, told: told.update(claims)


def _drop(claim: str) -> Any:
    return lambda header, told: told.pop(claim)


def _alg(name: str) -> Any:
    return lambda header, told: header.update(alg=name)


NOW = int(time.time())
LIES: dict[str, tuple[Any, str]] = {
    "the nonce of another sign-in": (_set(nonce="another"), "it answers another sign-in"),
    "no nonce": (_drop("nonce"), "it answers another sign-in"),
    "expired": (_set(exp=NOW - 3600), "it has expired"),
    "no end": (_drop("exp"), "it is not in order"),
    "for another service": (_set(aud="another"), "it is for another service"),
    "for another service, by us": (_set(aud="another", azp=CLIENT), "it is for another service"),
    "for us, by another service": (_set(azp="another"), "it is for another service"),
    "of another provider": (_set(iss="https://evil.example"), "it comes from somebody else"),
    "made tomorrow": (_set(iat=NOW + 86400), "it is dated in the future"),
    "not signed": (_alg("none"), "it is not signed as it should be"),
    "signed with our secret": (_alg("HS256"), "it is not signed as it should be"),
    "of no time": (_drop("auth_time"), "it does not say when you proved who you are"),
    "of a time that is none": (_set(auth_time="now"), "it does not say when"),
    "of a time to come": (_set(auth_time=NOW + 86400), "it does not say when"),
    "of long ago": (_set(auth_time=NOW - 7200), "too long ago, so you were not signed in"),
    "of nobody": (_drop("sub"), "it is not in order"),
}


@pytest.mark.parametrize("name", LIES)
def test_a_statement_that_does_not_hold_lets_nobody_in(
    cast: Cast, provider: Provider, client: Client, name: str
) -> None:
    Authenticator.objects.filter(user=cast.olu).delete()
    lie, why = LIES[name]
    provider.lies = [lie]
    refused(client, come(client), why)
    provider.lies = []
    assert come(client)["Location"] == "/"  # the same, told truly, is believed


def test_a_statement_signed_with_another_key_lets_nobody_in(
    provider: Provider, client: Client
) -> None:
    provider.signs_with = jwk.RSAKey.generate_key(2048, {"kid": "one"})
    refused(client, come(client), "it is not signed by them")
    provider.lies = [lambda header, told: header.update(kid="two")]
    refused(client, come(client), "it is not signed as it should be")


def test_an_answer_is_taken_once_and_in_the_browser_that_asked(
    provider: Provider, client: Client
) -> None:
    answer = there(client)
    refused(Client(), Client().get(BACK, answer), NOT_OURS)
    assert client.get(BACK, answer)["Location"] == CODE
    again = client.get(BACK, answer)
    assert (again.status_code, NOT_OURS in words(again)) == (403, True)


@pytest.mark.parametrize(
    "change",
    [{"state": "another"}, {"state": ""}, {"code": "another"}, {"error": "access_denied"}],
)
def test_an_answer_that_was_changed_on_the_way_is_refused(
    provider: Provider, client: Client, change: dict[str, str]
) -> None:
    refused(client, client.get(BACK, there(client) | change), NOT_OURS)


def test_an_answer_that_comes_too_late_is_refused(provider: Provider, client: Client) -> None:
    answer = there(client)
    session = client.session
    (kept,) = [key for key in dict(session.items()) if key.startswith("_state_single_sign_on_")]
    session[kept] = session[kept] | {"exp": time.time() - 1}
    session.save()
    refused(client, client.get(BACK, answer), NOT_OURS)


def test_another_provider_at_the_address_is_refused(
    provider: Provider, client: Client, settings: Settings
) -> None:
    elsewhere = provider.issuer.replace("127.0.0.1", "localhost")
    settings.OIDC = SingleSignOn(elsewhere, CLIENT, SECRET, "it", acr="", max_age=60)
    refused(client, client.get(BEGIN), "did not answer as it should")


def test_a_provider_that_does_not_answer_is_said_to_be_away(
    provider: Provider, client: Client, settings: Settings
) -> None:
    settings.OIDC = SingleSignOn("http://127.0.0.1:9", CLIENT, SECRET, "it", acr="", max_age=60)
    refused(client, client.get(BEGIN), "did not answer as it should")


def test_without_a_provider_there_is_no_such_address(cast: Cast, client: Client) -> None:
    assert client.get(BEGIN).status_code == 404
    assert client.get(BACK).status_code == 404
    assert "Sign in with the" not in words(client.get(SIGN_IN))


def test_half_a_configuration_does_not_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert single_sign_on() is None
    monkeypatch.setenv("OIDC_ISSUER", "https://sso.police.example/")
    with pytest.raises(ImproperlyConfigured, match="OIDC_CLIENT_ID or the file of"):
        single_sign_on()
    secret = tmp_path / "secret"
    secret.write_text("between the two\n")
    monkeypatch.setenv("OIDC_CLIENT_ID", "us")
    monkeypatch.setenv("OIDC_CLIENT_SECRET_FILE", os.fspath(secret))
    found = single_sign_on()
    assert found == SingleSignOn(
        issuer="https://sso.police.example",
        client_id="us",
        secret="between the two",
        name="your organisation’s account",
        acr="",
        max_age=3600,
    )
    monkeypatch.setenv("OIDC_ISSUER", "ftp://sso.police.example")
    with pytest.raises(ImproperlyConfigured, match="Set it to the https:// address"):
        single_sign_on()
