"""Whoever's password or factor is changed reads of it in a mail."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import Letter
from accounts.owner_letters import SUBJECT
from tests.cast import PASSWORD, Cast
from tests.doors import SECURITY, afresh, set_up, sign_in_wholly

NEW = "quiet lantern over seven hills"


def told(person_id: int) -> list[str]:
    """The first sentence of each message about an account, in order."""
    letters = Letter.objects.filter(recipient=person_id, subject=SUBJECT).order_by("pk")
    return [letter.body.partition(". ")[0] for letter in letters]


@pytest.fixture
def oona(cast: Cast, client: Client) -> int:
    """Somebody who has just signed in, with the app that everybody of the sample has."""
    sign_in_wholly(client, cast.oona)
    return cast.oona.pk


@pytest.mark.django_db
def test_a_passkey_that_comes_and_goes_is_told_to_its_owner(oona: int, client: Client) -> None:
    set_up(client)
    passkey = client.get(SECURITY).context["passkeys"][0]
    client.post(afresh(client, f"{SECURITY}remove/{passkey.pk}/"))
    assert told(oona) == [
        "A passkey was added to your account",
        "A passkey was removed from your account",
    ]


@pytest.mark.django_db
def test_the_app_and_new_recovery_codes_are_told(
    oona: int, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    set_up(client)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(afresh(client, f"{SECURITY}codes/new/"))
    app = client.get(SECURITY).context["app"]
    client.post(afresh(client, f"{SECURITY}remove/{app.pk}/"))
    assert told(oona)[1:] == [
        "Your recovery codes were made anew, and the old ones work no more",
        "An authenticator app was removed from your account",
    ]


@pytest.mark.django_db
def test_a_new_password_is_told_without_saying_it(oona: int, client: Client) -> None:
    client.post(f"{SECURITY}password/", {"current": PASSWORD, "new": NEW})
    assert told(oona) == ["Your password was changed"]
    body = Letter.objects.get(recipient=oona, subject=SUBJECT).body
    assert NEW not in body
    assert "If it was not, somebody else may be using your account" in body
    assert "http" not in body


@pytest.mark.django_db
def test_looking_and_refusals_tell_nothing(oona: int, client: Client) -> None:
    client.get(SECURITY)
    client.post(f"{SECURITY}password/", {"current": "not this one", "new": NEW})
    client.post(f"{SECURITY}password/", {"current": PASSWORD, "new": "short"})
    assert told(oona) == []
