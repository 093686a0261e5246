"""Signing in by a passkey: a device in software against the real pages, and every false answer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from allauth.mfa import models
from django.test import Client
from django.utils.http import int_to_base36
from pytest_django import Settings

from accounts.factors.adapter import FactorsAdapter
from tests.cast import Cast
from tests.doors import (
    CODE,
    PASSKEY,
    SECURITY,
    SIGN_IN,
    afresh,
    is_signed_in,
    options_of,
    set_up,
    sign_in,
    sign_in_by,
    sign_in_wholly,
)
from tests.pages import errors, notices, words
from tests.passkeys import Authenticator, coded

pytestmark = pytest.mark.django_db
WRONG = (
    "That did not prove who you are. Use the newest code, each code once only, or the passkey that "
    "you set up for this service."
)


@pytest.fixture
def passkey(cast: Cast) -> Authenticator:
    """A passkey of Celia's."""
    client = Client()
    sign_in_wholly(client, cast.celia)
    return set_up(client)


def refused(client: Client, answer: Any) -> None:
    """Expect that nobody came in, and that the page says why."""
    assert (answer.status_code, answer["Location"]) == (302, SIGN_IN)
    assert notices(client, answer) == [WRONG]
    assert not is_signed_in(client)


def asked(client: Client) -> dict[str, Any]:
    """The question of the sign-in page."""
    answer = client.get(PASSKEY, headers={"accept": "application/json"})
    told: dict[str, Any] = answer.json()["request_options"]
    return told


def test_a_passkey_is_set_up_with_a_name_and_listed_with_its_last_use(
    cast: Cast, client: Client
) -> None:
    sign_in_wholly(client, cast.celia)
    passkey = set_up(client, "Blue key")
    page = words(client.get(SECURITY))
    assert "Blue key Set up on " in page
    assert "Not used yet." in page
    assert sign_in_by(Client(), passkey)["Location"] == "/"
    assert "Not used yet." not in words(client.get(SECURITY))


def test_a_passkey_is_asked_to_be_kept_by_the_device_and_to_know_its_owner(
    cast: Cast, client: Client
) -> None:
    sign_in_wholly(client, cast.celia)
    address = afresh(client, f"{SECURITY}passkey/")
    page = client.get(address, headers={"host": "localhost"})
    wanted = options_of(page)["publicKey"]
    assert wanted["rp"] == {"id": "localhost", "name": "Countersign"}
    assert wanted["authenticatorSelection"]["residentKey"] == "required"
    assert wanted["authenticatorSelection"]["userVerification"] == "required"
    assert "A passkey needs scripts" in page.content.decode()


def test_with_the_first_passkey_come_recovery_codes(cast: Cast, client: Client) -> None:
    sign_in_wholly(client, cast.celia)
    address = afresh(client, f"{SECURITY}passkey/")
    page = client.get(address, headers={"host": "localhost"})
    made = Authenticator.new().made(options_of(page))
    done = client.post(address, {"name": "", "credential": json.dumps(made)})
    assert done["Location"] == f"{SECURITY}codes/"
    assert notices(client, done) == ["The passkey was set up. It signs you in from now on."]
    assert (
        models.Authenticator.objects.get(user=cast.celia, type="webauthn").data["name"] == "Passkey"
    )


@pytest.mark.parametrize("credential", ["", "{}", "[]", "null", '{"id": "a"}', "\x00"])
def test_what_is_no_passkey_sets_nothing_up(cast: Cast, client: Client, credential: str) -> None:
    sign_in_wholly(client, cast.celia)
    address = afresh(client, f"{SECURITY}passkey/")
    client.get(address, headers={"host": "localhost"})
    page = client.post(address, {"name": "Key", "credential": credential})
    assert page.status_code in {200, 400}
    assert page.status_code == 400 or errors(page) != []
    assert not models.Authenticator.objects.filter(user=cast.celia, type="webauthn").exists()


def test_a_passkey_that_asked_for_no_finger_is_not_set_up(cast: Cast, client: Client) -> None:
    sign_in_wholly(client, cast.celia)
    address = afresh(client, f"{SECURITY}passkey/")
    page = client.get(address, headers={"host": "localhost"})
    made = Authenticator.new(finger=False).made(options_of(page))
    again = client.post(address, {"name": "", "credential": json.dumps(made)})
    assert errors(again) == [WRONG]


def test_a_passkey_alone_signs_in(cast: Cast, client: Client, passkey: Authenticator) -> None:
    assert sign_in_by(client, passkey)["Location"] == "/"
    assert is_signed_in(client)


def test_a_passkey_serves_after_the_password_too(
    cast: Cast, client: Client, passkey: Authenticator
) -> None:
    assert sign_in(client, cast.celia.email)["Location"] == CODE
    page = client.get(CODE, headers={"host": "localhost"})
    answer = passkey.answer(options_of(page))
    assert client.post(CODE, {"credential": json.dumps(answer)})["Location"] == "/"
    assert is_signed_in(client)


def test_an_answer_is_taken_once(client: Client, passkey: Authenticator) -> None:
    answer = {"credential": json.dumps(passkey.answer(asked(client)))}
    assert client.post(PASSKEY, answer)["Location"] == "/"
    other = Client()
    asked(other)
    refused(other, other.post(PASSKEY, answer))


def test_an_answer_to_the_question_of_another_browser_is_refused(
    client: Client, passkey: Authenticator
) -> None:
    answer = passkey.answer(asked(Client()))
    asked(client)
    refused(client, client.post(PASSKEY, {"credential": json.dumps(answer)}))


@pytest.mark.parametrize(
    "origin", ["https://localhost.evil.example", "http://evil.example", "null", ""]
)
def test_an_answer_from_another_site_is_refused(
    client: Client, passkey: Authenticator, origin: str
) -> None:
    passkey.origin = origin
    refused(client, sign_in_by(client, passkey))


def test_an_answer_without_a_finger_is_refused(client: Client, passkey: Authenticator) -> None:
    passkey.flags = Authenticator.new(finger=False).flags
    refused(client, sign_in_by(client, passkey))


def test_a_forged_signature_is_refused(client: Client, passkey: Authenticator) -> None:
    passkey.key = Authenticator.new().key
    refused(client, sign_in_by(client, passkey))


def test_the_passkey_of_one_person_does_not_sign_in_another(
    cast: Cast, client: Client, passkey: Authenticator
) -> None:
    passkey.owner = coded(int_to_base36(cast.olu.pk).encode())
    refused(client, sign_in_by(client, passkey))
    passkey.owner = coded(b"nobody")
    refused(client, sign_in_by(client, passkey))


@pytest.mark.parametrize("credential", ["", "{}", "[]", "null", "1", '"a"', '{"id": "a"}'])
def test_what_is_no_answer_is_refused_and_crashes_nothing(client: Client, credential: str) -> None:
    asked(client)
    answer = client.post(PASSKEY, {"credential": credential})
    assert (answer.status_code, answer["Location"]) == (302, SIGN_IN)
    assert not is_signed_in(client)


def test_the_log_says_that_a_passkey_was_refused(
    cast: Cast, client: Client, passkey: Authenticator, caplog: pytest.LogCaptureFixture
) -> None:
    passkey.key = Authenticator.new().key
    refused(client, sign_in_by(client, passkey))
    assert sign_in(client, cast.celia.email)["Location"] == CODE
    answer = passkey.answer(options_of(client.get(CODE, headers={"host": "localhost"})))
    client.post(CODE, {"credential": json.dumps(answer)})
    lines = [line for line in caplog.messages if "was refused" in line]
    assert [line.split(" was refused")[0] for line in lines] == [
        "The passkey of somebody",
        f"The passkey of person {cast.celia.pk}",
    ]


def test_a_removed_passkey_signs_nobody_in(
    cast: Cast, client: Client, passkey: Authenticator
) -> None:
    hers = Client()
    assert sign_in_by(hers, passkey)["Location"] == "/"
    row = models.Authenticator.objects.get(user=cast.celia, type="webauthn")
    assert hers.post(afresh(hers, f"{SECURITY}remove/{row.pk}/"))["Location"] == SECURITY
    refused(client, sign_in_by(client, passkey))


def test_a_closed_account_is_not_opened_by_its_passkey(
    cast: Cast, client: Client, passkey: Authenticator
) -> None:
    cast.celia.is_active = False
    cast.celia.save()
    assert sign_in_by(client, passkey)["Location"] == "/account/inactive/"
    assert not is_signed_in(client)


def test_passkeys_cannot_be_tried_one_after_the_other(client: Client) -> None:
    statuses = [client.post(PASSKEY, {"credential": "{}"}).status_code for _ in range(21)]
    assert statuses == [302] * 20 + [429]


def test_the_service_that_a_passkey_is_for_does_not_depend_on_what_was_asked_for(
    settings: Settings,
) -> None:
    service = FactorsAdapter().get_public_key_credential_rp_entity
    settings.STAFF_URL = "https://decisions.police.example"
    assert service()["id"] == "decisions.police.example"
    settings.STAFF_URL = "http://127.0.0.1:8000"
    assert service()["id"] == "localhost"


def test_at_an_address_without_passkeys_the_page_says_where_they_work(
    cast: Cast, client: Client
) -> None:
    page = client.get(SIGN_IN, headers={"host": "127.0.0.1:8000"})
    assert 'href="http://localhost:8000/"' in page.content.decode()
    assert "Sign in with a passkey" in words(
        client.get(SIGN_IN, headers={"host": "localhost:8000"})
    )
