"""What the log says of signing in: who, by what, from where; and nothing of what was typed."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.conf import settings as kept
from django.contrib.auth import authenticate
from django.test import Client

from config.logs import KindAndPlace
from config.sign_in import SingleSignOn
from tests.cast import PASSWORD, Cast, code_of
from tests.doors import CODE, afresh, sign_in
from tests.pages import signed_in

WATCHED = "accounts.sign_in_log"
TYPED = "correct horse battery staple canary"


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What our own log would hold, without the moments."""
    told = [KindAndPlace().format(each) for each in caplog.records if each.name == WATCHED]
    return [line.split(" ", 1)[1] for line in told]


@pytest.mark.django_db
def test_a_sign_in_is_told_step_by_step(
    cast: Cast, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, WATCHED)
    sign_in(client, cast.celia.email)
    client.post(CODE, {"code": code_of(cast.celia)})
    client.post("/account/logout/")
    person = f"person {cast.celia.pk}"
    assert lines(caplog) == [
        f"INFO {WATCHED} {person} proved who they are by password, from 127.0.0.1.",
        f"INFO {WATCHED} {person} proved who they are by authenticator app, from 127.0.0.1.",
        f"INFO {WATCHED} {person} signed in, from 127.0.0.1.",
        f"INFO {WATCHED} {person} signed out, from 127.0.0.1.",
    ]


@pytest.mark.django_db
def test_what_is_refused_is_told_without_a_word_that_was_typed(
    cast: Cast, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, WATCHED)
    sign_in(client, cast.celia.email, TYPED)
    sign_in(client, "canary@nowhere.example", TYPED)
    sign_in(client, cast.celia.email)
    client.post(CODE, {"code": "000000"})
    person = f"person {cast.celia.pk}"
    assert lines(caplog) == [
        f"WARNING {WATCHED} A password for {person} was refused, from 127.0.0.1.",
        f"WARNING {WATCHED} A password for somebody was refused, from 127.0.0.1.",
        f"INFO {WATCHED} {person} proved who they are by password, from 127.0.0.1.",
        f"WARNING {WATCHED} The authenticator app of {person} was refused, from 127.0.0.1.",
    ]
    for typed in ("canary", PASSWORD, cast.celia.email, "000000"):
        assert typed not in "\n".join(lines(caplog))


@pytest.mark.django_db
def test_a_refusal_without_a_request_is_told_too(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, WATCHED)
    assert authenticate(email=cast.celia.email, password=TYPED) is None
    said = f"WARNING {WATCHED} A password for person {cast.celia.pk} was refused, from an unknown"
    assert lines(caplog) == [f"{said} address."]


@pytest.mark.django_db
def test_a_factor_that_goes_is_told(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, WATCHED)
    client = signed_in(cast.oona)
    factor = client.get("/account/security/").context["app"]
    client.post(afresh(client, f"/account/security/remove/{factor.pk}/"))
    said = f"INFO {WATCHED} person {cast.oona.pk} removed authenticator app, from 127.0.0.1."
    assert said in lines(caplog)


@pytest.mark.django_db
def test_a_new_password_is_told_and_not_said(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, WATCHED)
    said = {"current": PASSWORD, "new": TYPED}
    assert signed_in(cast.oona).post("/account/security/password/", said).status_code == 302
    line = f"INFO {WATCHED} person {cast.oona.pk} changed their password, from 127.0.0.1."
    assert lines(caplog)[-1] == line


@pytest.mark.django_db
def test_a_refused_single_sign_on_is_told(
    client: Client, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    caplog.set_level(logging.INFO, WATCHED)
    settings.OIDC = SingleSignOn(
        issuer="https://id.office.example",
        client_id="us",
        secret="",
        name="Office",
        acr="",
        max_age=60,
    )
    assert client.get("/account/sso/back/?code=canary&state=canary").status_code == 403
    said = f"WARNING {WATCHED} An answer of the single sign-on was refused, from 127.0.0.1."
    assert lines(caplog) == [said]


@pytest.mark.django_db
def test_a_refused_passkey_is_told(
    cast: Cast, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, WATCHED)
    sign_in(client, cast.celia.email)
    client.post(CODE, {"credential": '{"id": "canary"}'})
    said = f"WARNING {WATCHED} The passkey of person {cast.celia.pk} was refused, from 127.0.0.1."
    assert lines(caplog)[-1] == said


def test_the_lines_are_kept_in_every_process() -> None:
    assert kept.LOGGING["loggers"][WATCHED] == {"level": "INFO"}
