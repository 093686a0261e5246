"""What is asked for after a password, who must have it, and how it is set up and taken away."""

from __future__ import annotations

import time
from urllib.parse import unquote

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, validate_totp_code
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from accounts import codes, sample_codes
from accounts.factors.rules import LAST
from accounts.models import User
from approvals.sample import cast as sample
from config.sign_in import second_factor_for
from tests.cast import PASSWORD, Cast, code_of
from tests.doors import CODE, SECURITY, afresh, is_signed_in, set_up, sign_in, sign_in_wholly
from tests.pages import errors, signed_in, soup, words

pytestmark = pytest.mark.django_db
WRONG = (
    "That did not prove who you are. Use the newest code, each code once only, or the passkey that "
    "you set up for this service."
)
NOT_IT = (
    "That is not your password. Type it again. If you have forgotten it, ask the secretariat for a "
    "new one."
)


def without_factors(person: User) -> User:
    """Somebody who has not set up anything yet."""
    Authenticator.objects.filter(user=person).delete()
    return person


def test_a_password_alone_lets_nobody_in_who_has_a_second_factor(
    cast: Cast, client: Client
) -> None:
    asked = sign_in(client, cast.olu.email)
    assert (asked.status_code, asked["Location"]) == (302, CODE)
    assert client.get("/")["Location"].startswith("/account/login/")
    page = client.get(CODE)
    assert "Type the code that your authenticator app shows" in words(page)
    assert client.post(CODE, {"code": code_of(cast.olu)})["Location"] == "/"
    assert is_signed_in(client)


@pytest.mark.parametrize(
    "code", ["000000", "abc", "12345678", "0" * 5000, "\uff11\uff12\uff13\uff14\uff15\uff16"]
)
def test_a_wrong_code_lets_nobody_in(cast: Cast, client: Client, code: str) -> None:
    assert code != code_of(cast.olu)
    sign_in(client, cast.olu.email)
    refused = client.post(CODE, {"code": code})
    assert errors(refused) == [WRONG]
    assert not is_signed_in(client)


def test_the_code_of_somebody_else_lets_nobody_in(cast: Cast, client: Client) -> None:
    sign_in(client, cast.olu.email)
    assert errors(client.post(CODE, {"code": code_of(cast.oona)})) == [WRONG]
    assert errors(client.post(CODE, {"code": ""})) == ["Enter the code"]
    assert not is_signed_in(client)


def test_a_code_is_taken_once(cast: Cast, client: Client) -> None:
    code = code_of(cast.olu)
    sign_in(client, cast.olu.email)
    assert client.post(CODE, {"code": code})["Location"] == "/"
    other = Client()
    sign_in(other, cast.olu.email)
    assert errors(other.post(CODE, {"code": code})) == [WRONG]
    assert not is_signed_in(other)


def test_half_way_in_one_may_begin_again_as_somebody_else(cast: Cast, client: Client) -> None:
    sign_in(client, cast.olu.email)
    assert client.get("/account/login/")["Location"] == CODE
    assert client.post(CODE, {"start_again": "1"})["Location"] == "/account/login/"
    assert client.get(CODE)["Location"] == "/account/login/"
    assert sign_in_wholly(client, cast.oona)["Location"] == "/"


def test_codes_cannot_be_tried_one_after_the_other(cast: Cast, client: Client) -> None:
    sign_in(client, cast.olu.email)
    for _ in range(5):
        assert errors(client.post(CODE, {"code": "000000"})) == [WRONG]
    refused = client.post(CODE, {"code": code_of(cast.olu)})
    assert errors(refused)[0].startswith("There were too many tries to sign in.")
    assert not is_signed_in(client)


def test_a_sample_page_says_the_code_and_a_real_one_does_not(
    cast: Cast, client: Client, settings: Settings
) -> None:
    sign_in(client, cast.olu.email)
    shown = sample_codes.code_of(cast.olu)
    assert f"Sample data: the code is {shown}" in words(client.get(CODE))
    app = Authenticator.objects.get(user=cast.olu, type=Authenticator.Type.TOTP)
    for _ in range(2):
        codes.spend(app, sample_codes.code_of(cast.olu))
    assert sample_codes.USED_UP in words(client.get(CODE))
    Authenticator.objects.filter(user=cast.oona).update(data={"secret": "of her own"})
    assert sample_codes.hint(cast.oona) == ""
    settings.SAMPLE_DATA = False
    assert "Sample data" not in words(client.get(CODE))
    with pytest.raises(RuntimeError, match="outside a sample system"):
        sample_codes.give([cast.olu])
    settings.SAMPLE_DATA, settings.DEVELOPMENT = True, False
    assert "Sample data: " not in words(client.get(CODE))


def test_the_secret_of_an_app_is_not_readable_in_the_database(cast: Cast) -> None:
    secret = sample_codes.secret_of(cast.olu)
    kept = Authenticator.objects.get(user=cast.olu).data["secret"]
    assert validate_totp_code(secret, code_of(cast.olu))
    assert secret not in kept


def test_under_another_key_a_kept_secret_opens_nothing(
    cast: Cast, client: Client, settings: Settings
) -> None:
    code = code_of(cast.olu)
    settings.SECRET_KEY = "another key that is long enough to be one, fifty and more signs"
    sign_in(client, cast.olu.email)
    assert errors(client.post(CODE, {"code": code})) == [WRONG]


@pytest.mark.parametrize("who", ["celia", "dominic", "saba"])
def test_who_signs_must_set_up_a_second_factor_before_anything_else(
    cast: Cast, client: Client, who: str
) -> None:
    person = without_factors(cast.everybody[who])
    done = sign_in(client, person.email)
    assert done["Location"] == "/"
    for address in ("/", "/papers/"):
        assert client.get(address)["Location"] == SECURITY
    page = client.get(SECURITY)
    assert "nothing else opens until you have one" in words(page)
    set_up(client)
    assert is_signed_in(client)


@pytest.mark.parametrize("who", ["olu", "farah", "aud"])
def test_the_others_may_do_without(cast: Cast, client: Client, who: str) -> None:
    sign_in(client, without_factors(cast.everybody[who]).email)
    assert is_signed_in(client)
    assert "nothing else opens" not in words(client.get(SECURITY))


def test_a_setting_says_who_must_have_one(
    cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_factors(cast.olu)
    settings.SECOND_FACTOR_FOR = "everybody"
    assert signed_in(cast.olu).get("/")["Location"] == SECURITY
    monkeypatch.setenv("SECOND_FACTOR_FOR", "some people")
    with pytest.raises(ImproperlyConfigured, match="SECOND_FACTOR_FOR is 'some people'"):
        second_factor_for()
    monkeypatch.setenv("SECOND_FACTOR_FOR", "nobody")
    assert second_factor_for() == "nobody"
    monkeypatch.setenv("COUNTERSIGN_ENV", "production")
    with pytest.raises(ImproperlyConfigured, match="SECOND_FACTOR_FOR is 'nobody'"):
        second_factor_for()


def test_an_app_is_set_up_by_its_picture_or_its_text_and_its_first_code(
    cast: Cast, client: Client
) -> None:
    sign_in(client, without_factors(cast.olu).email)
    page = client.get(f"{SECURITY}app/")
    picture = soup(page).select_one("img.app-qr")
    assert picture is not None
    assert str(picture["src"]).startswith("data:image/svg+xml;base64,")
    secret = words(page).split("type this into the app: ")[1].split(" Then")[0].replace(" ", "")
    assert errors(client.post(f"{SECURITY}app/", {"code": "000000"})) == [WRONG]
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    done = client.post(f"{SECURITY}app/", {"code": code})
    assert done["Location"] == f"{SECURITY}codes/"
    assert Authenticator.objects.filter(user=cast.olu, type="totp").count() == 1


def test_recovery_codes_are_shown_once_and_each_signs_in_once(cast: Cast, client: Client) -> None:
    sign_in_wholly(client, cast.olu)
    done = client.post(afresh(client, f"{SECURITY}codes/new/"))
    assert done["Location"] == f"{SECURITY}codes/"
    shown = [line.get_text() for line in soup(client.get(done["Location"])).select(".app-codes li")]
    assert len(set(shown)) == 10
    again = client.get(f"{SECURITY}codes/")
    assert "are not shown again" in words(again)
    assert all(code not in again.content.decode() for code in shown)
    other = Client()
    sign_in(other, cast.olu.email)
    assert other.post(CODE, {"code": shown[3]})["Location"] == "/"
    third = Client()
    sign_in(third, cast.olu.email)
    assert errors(third.post(CODE, {"code": shown[3]})) == [WRONG]
    assert "You have 9 left" in words(client.get(SECURITY))
    client.post(afresh(client, f"{SECURITY}codes/new/"))
    assert errors(third.post(CODE, {"code": shown[4]})) == [WRONG]


def test_the_last_factor_of_who_must_have_one_stays(cast: Cast, client: Client) -> None:
    sign_in_wholly(client, cast.celia)
    only = Authenticator.objects.get(user=cast.celia)
    for answer in (client.get, client.post):
        refused = answer(f"{SECURITY}remove/{only.pk}/")
        assert refused.status_code == 409
        assert LAST in words(refused)
    set_up(client)
    assert client.post(afresh(client, f"{SECURITY}remove/{only.pk}/"))["Location"] == SECURITY
    assert [f.type for f in Authenticator.objects.filter(user=cast.celia).order_by("type")] == [
        "recovery_codes",
        "webauthn",
    ]


def test_somebody_who_need_not_have_one_may_remove_the_last(cast: Cast, client: Client) -> None:
    sign_in_wholly(client, cast.olu)
    client.post(afresh(client, f"{SECURITY}codes/new/"))
    only = Authenticator.objects.get(user=cast.olu, type="totp")
    opened = afresh(client, f"{SECURITY}remove/{only.pk}/")
    assert client.get(opened).status_code == 200
    assert client.post(opened)["Location"] == SECURITY
    # Recovery codes stand in for something; with nothing left they go too.
    assert not Authenticator.objects.filter(user=cast.olu).exists()


def test_nobody_removes_what_is_somebody_elses(cast: Cast, client: Client) -> None:
    sign_in_wholly(client, cast.olu)
    theirs = Authenticator.objects.get(user=cast.oona)
    assert client.post(afresh(client, f"{SECURITY}remove/{theirs.pk}/")).status_code == 404
    assert Authenticator.objects.filter(pk=theirs.pk).exists()


@pytest.mark.parametrize("page", ["passkey/", "app/", "codes/new/", "remove/{pk}/"])
def test_after_a_while_one_shows_again_that_it_is_oneself_before_changing_factors(
    cast: Cast, client: Client, settings: Settings, page: str
) -> None:
    sign_in_wholly(client, cast.olu)
    if page == "app/":  # who has an app is told so before anything is asked
        set_up(client)
        Authenticator.objects.filter(user=cast.olu, type="totp").delete()
    address = SECURITY + page.format(pk=Authenticator.objects.filter(user=cast.olu)[0].pk)
    before = Authenticator.objects.filter(user=cast.olu).count()
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    asked = client.post(address)
    assert asked["Location"].startswith("/account/again/")
    assert Authenticator.objects.filter(user=cast.olu).count() == before
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
    if page != "app/":  # an app gives no code to prove it by there
        assert client.get(afresh(client, address)).status_code == 200


def test_a_password_that_was_overseen_takes_no_factor_away(
    cast: Cast, client: Client, settings: Settings
) -> None:
    sign_in_wholly(client, cast.olu)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    asked = client.get(f"{SECURITY}codes/new/")
    assert unquote(asked["Location"]) == f"/account/again/code/?next={SECURITY}codes/new/"
    assert client.get("/account/again/")["Location"] == "/account/again/code/"
    refused = client.post(asked["Location"], {"code": PASSWORD})
    assert errors(refused) == [WRONG]
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
    shown = client.post(asked["Location"], {"code": code_of(cast.olu)})
    assert shown["Location"].startswith(f"{SECURITY}codes/new/?proved=")


def test_who_has_nothing_else_types_the_password_again(
    cast: Cast, client: Client, settings: Settings
) -> None:
    sign_in(client, without_factors(cast.olu).email)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    asked = client.get(f"{SECURITY}app/")
    assert unquote(asked["Location"]) == f"/account/again/?next={SECURITY}app/"
    refused = client.post(asked["Location"], {"password": "not it at all"})
    assert errors(refused) == [NOT_IT]
    shown = client.post(asked["Location"], {"password": PASSWORD})
    assert shown["Location"].startswith(f"{SECURITY}app/?proved=")
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
    assert client.get(shown["Location"]).status_code == 200


def test_answers_when_asked_again_are_counted(cast: Cast, client: Client) -> None:
    sign_in_wholly(client, cast.olu)
    again = "/account/again/code/"
    statuses = [client.post(again, {"code": "000000"}).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    assert client.get(again).status_code == 200  # looking is not trying


def test_everybody_of_the_sample_has_an_app_and_gets_it_once(cast: Cast) -> None:
    people = sample.find().everybody
    assert Authenticator.objects.filter(type="totp").count() == len(people)
    sample_codes.give(people.values())
    assert Authenticator.objects.filter(type="totp").count() == len(people)
