from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests import stages
from tests.cast import PASSWORD, Cast, code_of
from tests.doors import CODE, SIGN_IN, sign_in, sign_in_wholly
from tests.pages import errors, notices, words
from tests.verb_pages import answers

WRONG = (
    "The e-mail address or the password is not right. Type both again. "
    "If you have forgotten your password, ask the secretariat for a new one."
)
# Whoever has not signed in may open these and no other address of the staff process.
OPEN = {
    "account_login",
    "account_inactive",
    "account_signup",
    "account_reset_password",
    # Whoever holds an invitation; without one it says that there is none.
    *("use_link", "choose_password"),
    "single_sign_on",
    "single_sign_on_back",
    "healthz",
    # Components with made-up words; these addresses do not exist in production.
    *("gallery", "gallery_form", "gallery_editor", "gallery_columns"),
}


# And these half way in; to anybody else they say to begin at the beginning.
HALF_WAY = {"mfa_authenticate", "mfa_login_webauthn"}


@pytest.mark.django_db
def test_somebody_signs_in_with_their_address_in_any_case_and_their_password(
    cast: Cast, client: Client
) -> None:
    page = client.get(SIGN_IN)
    assert set(answers(page)) == {"login", "password"}
    asked = sign_in(client, "Celia@Countersign.example")
    assert (asked.status_code, asked["Location"]) == (302, CODE)
    assert "_auth_user_id" not in client.session
    done = client.post(CODE, {"code": code_of(cast.celia)})
    assert (done.status_code, done["Location"]) == (302, "/")
    assert notices(client, done) == []
    page = client.get("/")
    assert "Signed in as Celia Marsh" in " ".join(page.content.decode().split()).replace(
        "<strong>", ""
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("celia@countersign.example", "not her password at all"),
        ("nobody@countersign.example", PASSWORD),
        ("celia@countersign.example", PASSWORD.upper()),
    ],
)
def test_a_wrong_address_and_a_wrong_password_get_the_same_answer(
    cast: Cast, client: Client, login: str, password: str
) -> None:
    refused = sign_in(client, login, password)
    assert errors(refused) == [WRONG]
    assert answers(refused) == {"login": login, "password": ""}
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("login", "password", "sentences"),
    [
        ("", "", ["Enter your e-mail address", "Enter your password"]),
        (
            "celia",
            PASSWORD,
            ["Enter an e-mail address in the correct format, like name@example.com"],
        ),
    ],
)
def test_what_is_missing_is_said_above_the_form(
    cast: Cast, client: Client, login: str, password: str, sentences: list[str]
) -> None:
    refused = sign_in(client, login, password)
    assert errors(refused) == sentences
    assert "<title>Error: Sign in" in refused.content.decode()


@pytest.mark.django_db
def test_passwords_cannot_be_tried_one_after_the_other(cast: Cast, client: Client) -> None:
    for _ in range(5):
        assert errors(sign_in(client, "celia@countersign.example", "wrong")) == [WRONG]
    refused = sign_in(client, "celia@countersign.example")
    assert errors(refused)[0].startswith("There were too many tries to sign in.")
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_whoever_hammers_at_the_door_gets_a_page_that_says_so(cast: Cast, client: Client) -> None:
    statuses = [client.post(SIGN_IN, {}).status_code for _ in range(31)]
    assert statuses == [200] * 30 + [429]
    refused = client.post(SIGN_IN, {})
    assert "There were too many tries Nothing was done. Wait" in words(refused)


@pytest.mark.django_db
def test_after_signing_in_one_is_where_one_wanted_to_be(cast: Cast, client: Client) -> None:
    paper = stages.blank(cast)
    asked = client.get(f"/papers/{paper.slug}/")
    assert asked["Location"] == f"{SIGN_IN}?next=/papers/{paper.slug}/"
    done = sign_in_wholly(client, cast.olu, next=f"/papers/{paper.slug}/")
    assert done["Location"] == f"/papers/{paper.slug}/"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "https:evil.example"],
)
def test_signing_in_leads_to_no_other_site(cast: Cast, client: Client, elsewhere: str) -> None:
    done = sign_in_wholly(client, cast.olu, next=elsewhere)
    assert done["Location"] == "/"


@pytest.mark.django_db
def test_a_closed_account_cannot_sign_in(cast: Cast, client: Client) -> None:
    cast.celia.is_active = False
    cast.celia.save()
    done = client.post(SIGN_IN, {"login": cast.celia.email, "password": PASSWORD}, follow=True)
    assert "_auth_user_id" not in client.session
    assert "account was closed" in words(done)


@pytest.mark.django_db
def test_closing_an_account_ends_its_sessions(cast: Cast, client: Client) -> None:
    client.force_login(cast.celia)
    assert client.get("/").status_code == 200
    cast.celia.is_active = False
    cast.celia.save()
    assert client.get("/")["Location"] == f"{SIGN_IN}?next=/"


@pytest.mark.django_db
def test_signing_out_is_a_post(cast: Cast, client: Client) -> None:
    client.force_login(cast.celia)
    page = client.get("/account/logout/")
    assert "Do you want to sign out?" in words(page)
    assert "_auth_user_id" in client.session
    done = client.post("/account/logout/")
    assert done["Location"] == SIGN_IN
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/account/signup/", "/account/reset-password/"])
def test_nobody_makes_an_account_or_a_password_for_themselves(client: Client, address: str) -> None:
    page = client.get(address)
    assert "Nobody makes an account for themselves." in words(page)
    assert client.post(address, {"email": "me@countersign.example"}).status_code == 405


@pytest.mark.django_db
def test_a_form_without_its_token_does_nothing_and_says_what_to_do(cast: Cast) -> None:
    paper = stages.draft(cast)
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.olu)
    typed = {"reason": "The money came from elsewhere.", "password": PASSWORD}
    here = {"Sec-Fetch-Site": "same-origin"}
    refused = client.post(f"/papers/{paper.slug}/withdraw/", typed, headers=here)
    assert refused.status_code == 403
    assert "Nothing was done" in words(refused)
    assert "The money came from elsewhere." in words(refused)
    assert PASSWORD not in refused.content.decode()
    assert stages.fresh(paper).state == "draft"


@pytest.mark.django_db
def test_another_site_puts_no_words_on_our_pages(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    typed = {"reason": "Call this number to win."}
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}):
        refused = client.post("/account/login/", typed, headers=headers)
        assert refused.status_code == 403
        assert "Call this number" not in refused.content.decode()


def addresses(patterns: list[Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Every address of the staff process with the name of its pattern, its gaps filled in."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            for gap in pattern.pattern.converters:
                kind = pattern.pattern.converters[gap]
                filled = "pcd-1829" if "Slug" in type(kind).__name__ else "1"
                route = route.replace(
                    next(
                        p for p in (f"<slug:{gap}>", f"<int:{gap}>", f"<str:{gap}>") if p in route
                    ),
                    filled,
                )
            yield pattern.name or route, f"/{route}"


@pytest.mark.django_db
def test_every_page_is_behind_sign_in(cast: Cast, client: Client) -> None:
    stages.blank(cast)
    listed = list(addresses(get_resolver("config.urls_staff").url_patterns))
    assert len(listed) > 25
    assert {name for name, _ in listed} >= OPEN | {"my_work", "paper", "decide", "signed_document"}
    for name, address in listed:
        asked, sent = client.get(address), client.post(address)
        asked_in = asked.status_code == 302 and asked["Location"].startswith(SIGN_IN)
        refused = sent.status_code == 403 and "You were signed out" in sent.content.decode()
        assert asked_in == (name not in OPEN), (name, address)
        # signing out when one is signed out already has nothing to refuse
        assert refused == (name not in OPEN | HALF_WAY | {"account_logout"}), (name, address)
