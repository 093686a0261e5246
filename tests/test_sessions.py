"""How long somebody stays signed in, where, and what ends it."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts import proof
from accounts.models import SignIn
from accounts.signed_in import MARK, browser_of
from tests import stages
from tests.cast import Cast
from tests.doors import SECURITY, SIGN_IN, is_signed_in, sign_in, sign_in_wholly
from tests.pages import notices, signed_in, words

pytestmark = pytest.mark.django_db
HOUR = 3600
WORDS = "An hour of work on the executive summary"


def ago(client: Client, **seconds: int) -> None:
    """Let a session have begun, or been used, so many seconds ago."""
    session = client.session
    for name, span in seconds.items():
        session[MARK] = session[MARK] | {name: time.time() - span}
    session.save()


def test_a_session_ends_ten_hours_after_it_began(cast: Cast) -> None:
    client = signed_in(cast.olu)
    ago(client, at=10 * HOUR - 60, seen=60)
    assert is_signed_in(client)
    ago(client, at=10 * HOUR)
    assert client.get("/")["Location"] == f"{SIGN_IN}?next=/"
    page = client.get(SIGN_IN)
    assert "You were signed out, because you signed in 10 hours ago. Sign in again." in words(page)
    assert "You were signed out" not in words(client.get(SIGN_IN))


@pytest.mark.parametrize(("who", "minutes"), [("celia", 30), ("dominic", 30), ("olu", 120)])
def test_a_session_that_lies_idle_ends_and_sooner_for_who_signs(
    cast: Cast, who: str, minutes: int
) -> None:
    client = signed_in(cast.everybody[who])
    ago(client, seen=minutes * 60 - 30)
    assert is_signed_in(client)
    ago(client, seen=minutes * 60)
    assert client.get("/")["Location"] == f"{SIGN_IN}?next=/"
    assert f"you did nothing here for {minutes} minutes" in words(client.get(SIGN_IN))


def test_looking_at_pages_keeps_a_session(cast: Cast) -> None:
    client = signed_in(cast.celia)
    for _ in range(3):
        ago(client, seen=29 * 60)
        assert is_signed_in(client)
    assert time.time() - client.session[MARK]["seen"] < 60


def test_a_session_that_does_not_say_when_it_began_has_ended(cast: Cast) -> None:
    client = signed_in(cast.olu)
    session = client.session
    del session[MARK]
    session.save()
    assert not is_signed_in(client)


def test_what_was_typed_when_the_session_ended_is_shown(cast: Cast) -> None:
    paper = stages.draft(cast)
    client = signed_in(cast.olu)
    ago(client, seen=3 * HOUR)
    answer = client.post(
        f"/papers/{paper.slug}/save/summary/",
        {"executive_summary": WORDS},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code == 403
    assert WORDS in words(answer)


def test_a_session_gets_a_new_key_at_sign_in(cast: Cast, client: Client) -> None:
    sign_in(client, cast.olu.email)
    half_way = client.session.session_key
    assert half_way
    sign_in_wholly(client, cast.olu)
    assert client.session.session_key != half_way
    assert not Session.objects.filter(session_key=half_way).exists()


def test_somebody_sees_where_they_are_signed_in_and_ends_it_elsewhere(
    cast: Cast, client: Client
) -> None:
    elsewhere, other = Client(headers={"user-agent": "Mozilla/5.0 (iPad) Safari/605"}), Client()
    sign_in_wholly(elsewhere, cast.olu)
    sign_in_wholly(other, cast.oona)
    sign_in_wholly(client, cast.olu)
    page = words(client.get(SECURITY))
    assert "A browser (this browser)" in page
    assert "Safari on iPad" in page
    done = client.post(f"{SECURITY}sign-out/")
    assert notices(client, done) == ["You were signed out of 1 other browser."]
    assert not is_signed_in(elsewhere)
    assert is_signed_in(other)
    assert "Safari on iPad" not in words(client.get(SECURITY))
    done = client.post(f"{SECURITY}sign-out/")
    assert notices(client, done) == ["You were signed in nowhere else."]
    assert client.get(f"{SECURITY}sign-out/").status_code == 405


def test_signing_out_ends_the_row_and_the_session(cast: Cast, client: Client) -> None:
    sign_in_wholly(client, cast.olu)
    key = client.session.session_key
    client.post("/account/logout/")
    assert not SignIn.objects.filter(session_key=key).exists()
    assert not Session.objects.filter(session_key=key).exists()


def test_rows_of_sessions_long_over_go_at_the_next_sign_in(cast: Cast, client: Client) -> None:
    long_ago = timezone.now() - timedelta(days=1)
    SignIn.objects.create(person=cast.olu, session_key="gone", started_at=long_ago, browser="Old")
    sign_in_wholly(client, cast.olu)
    assert [row.session_key for row in SignIn.objects.filter(person=cast.olu)] == [
        client.session.session_key
    ]


def test_closing_an_account_ends_every_session_at_the_next_request(cast: Cast) -> None:
    here, there = signed_in(cast.celia), signed_in(cast.celia)
    assert is_signed_in(here)
    assert is_signed_in(there)
    cast.celia.is_active = False
    cast.celia.save()
    assert not is_signed_in(here)
    assert not is_signed_in(there)


def test_the_proof_of_a_session_says_by_what_and_when(cast: Cast, client: Client) -> None:
    before = time.time()
    sign_in_wholly(client, cast.olu)
    request = client.get("/").wsgi_request
    assert [one.by for one in proof.proofs(request)] == ["password", "app"]
    last = proof.last(request)
    assert last is not None
    assert before <= last.at.timestamp() <= time.time()
    assert proof.last(Client().get(SIGN_IN).wsgi_request) is None


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/141.0 Safari/537.36 Edg/141", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux) Chrome/141.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (X11; Linux; rv:140) Gecko Firefox/140.0", "Firefox on Linux"),
        ("curl/8", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_called_by_what_it_says_of_itself(agent: str, name: str) -> None:
    assert browser_of(agent) == name
