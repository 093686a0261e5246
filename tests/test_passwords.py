"""Which passwords are taken, and how somebody changes theirs."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from tests.cast import PASSWORD, Cast
from tests.doors import SECURITY, is_signed_in, sign_in_wholly
from tests.pages import errors, notices

pytestmark = pytest.mark.django_db
CHANGE = f"{SECURITY}password/"
NEW = "seven quiet otters paint"
SHORT = (
    "Use at least 15 characters. Three or four words that have nothing to do with each other are "
    "easy to keep in mind."
)
COMMON = (
    "Too many people use this password, or one much like it. Use three or four words that have "
    "nothing to do with each other."
)


def contains(word: str) -> str:
    return (
        f"It contains “{word}”, which whoever guesses would try first. Use words that have nothing "
        "to do with you or this service."
    )


@pytest.mark.parametrize(
    ("password", "sentences"),
    [
        ("sevenotters1234", []),
        ("               ".replace(" ", "ab cdé "), []),
        ("七つの静かなカワウソが絵を描いている朝に", []),
        (NEW * 5, []),
        ("sevenotters123", [SHORT]),
        (NEW * 6, ["Use no more than 128 characters."]),
        ("the Mopac password here", [contains("mopac")]),
        ("m0p4c is where i work", [contains("mopac")]),
        ("PCD 1828 is a reference", [contains("pcd")]),
        ("my favourite DMPC letter", [contains("dmpc")]),
        ("countersign all the things", [contains("countersign")]),
        ("olu likes green tea a lot", [contains("olu")]),
        ("Adeyemi likes green tea", [contains("adeyemi")]),
        ("password1234567890", [COMMON]),
        ("1234567890letmein!", [COMMON]),
        ("dragondragondragon", [COMMON]),
        ("aaaaaaaaaaaaaaaaaaaa", [COMMON]),
        ("12341234123412341234", [COMMON]),
    ],
)
def test_a_password_is_long_and_not_what_one_would_guess(
    cast: Cast, password: str, sentences: list[str]
) -> None:
    if not sentences:
        validate_password(password, cast.olu)
        return
    with pytest.raises(ValidationError) as refused:
        validate_password(password, cast.olu)
    assert refused.value.messages == sentences


def test_a_changed_password_ends_every_other_session(cast: Cast, client: Client) -> None:
    elsewhere = Client()
    elsewhere.force_login(cast.olu)
    sign_in_wholly(client, cast.olu)
    before = client.session.session_key
    done = client.post(CHANGE, {"current": PASSWORD, "new": NEW})
    assert notices(client, done) == ["Your password was changed. You were signed out elsewhere."]
    assert client.session.session_key != before
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)
    cast.olu.refresh_from_db()
    assert cast.olu.check_password(NEW)


@pytest.mark.parametrize(
    ("current", "new", "sentences"),
    [
        ("not it", NEW, ["That is not your password now. Type it again."]),
        (PASSWORD, "short", [SHORT]),
        (PASSWORD, PASSWORD, ["That is the password you have already. Enter another one."]),
        ("", "", ["Enter the password that you have now", "Enter a new password"]),
    ],
)
def test_a_password_is_not_changed_without_the_old_one_or_to_a_bad_one(
    cast: Cast, client: Client, current: str, new: str, sentences: list[str]
) -> None:
    sign_in_wholly(client, cast.olu)
    refused = client.post(CHANGE, {"current": current, "new": new})
    assert errors(refused) == sentences
    assert "not it" not in refused.content.decode()
    cast.olu.refresh_from_db()
    assert cast.olu.check_password(PASSWORD)


def test_the_old_password_cannot_be_tried_one_after_the_other(cast: Cast, client: Client) -> None:
    sign_in_wholly(client, cast.olu)
    statuses = [client.post(CHANGE, {"current": "x", "new": NEW}).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]
