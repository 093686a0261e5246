"""What is true of every answer of the staff process: its headers, and two cookies at most."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.middleware import CSP
from tests import stages
from tests.cast import Cast
from tests.doors import SIGN_IN, sign_in_wholly
from tests.pages import signed_in

STYLES = "/static/app.css"
ASKED = (
    "import django, json; django.setup(); from django.conf import settings as s;"
    "print(json.dumps({n: getattr(s, n) for n in dir(s) if n.startswith(('SESSION_COOKIE_',"
    " 'CSRF_COOKIE_', 'SECURE_'))} | {'DEBUG': s.DEBUG}, default=str))"
)
KEPT = {"countersign", "countersign-form"}


@pytest.mark.django_db
def test_every_answer_carries_the_security_headers(cast: Cast) -> None:
    met: set[int] = set()
    for client in (signed_in(cast.olu), Client()):
        for path in ("/", "/account/login/", "/papers/", "/nothing/", "/healthz"):
            for method in ("get", "head", "post", "put"):
                answer = getattr(client, method)(path)
                met.add(answer.status_code)
                headers_are_there(answer)
    assert {200, 302, 403, 404, 405} <= met


def test_a_file_of_styles_carries_them_too() -> None:
    answer = Client().head(STYLES)
    headers_are_there(answer)
    assert answer.status_code == 200


def headers_are_there(answer: Any) -> None:
    """The five headers, whatever the answer says."""
    assert answer.headers["Content-Security-Policy"] == CSP
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_the_pages_of_signing_in_take_no_other_method(cast: Cast, method: str) -> None:
    for client in (signed_in(cast.olu), Client()):
        for path in (SIGN_IN, "/account/code/", "/account/passkey/", "/account/logout/"):
            answer = client.generic(method, path)
            assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST"), path
            assert answer["Cache-Control"] == "no-store"
    assert client.get(SIGN_IN).status_code == 200


def test_the_policy_lets_no_other_site_frame_a_page_and_nothing_else_run() -> None:
    rules = dict(rule.split(" ", 1) for rule in CSP.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["frame-ancestors"] == "'self'"
    assert rules["base-uri"] == "'none'"
    assert rules["form-action"] == "'self'"
    assert "object-src" not in rules  # default-src 'none' holds


@pytest.mark.django_db
def test_there_are_two_cookies_and_no_other_whatever_is_said(cast: Cast) -> None:
    client = Client()
    client.get(SIGN_IN)
    sign_in_wholly(client, cast.olu)
    assert set(client.cookies) == KEPT
    for cookie in client.cookies.values():
        assert (cookie["httponly"], cookie["samesite"], cookie["domain"]) == (True, "Lax", "")
    paper = stages.draft(cast)
    said = client.post(f"/papers/{paper.slug}/withdraw/", {"reason": "It is not wanted."})
    assert "is withdrawn" in client.get(said["Location"]).content.decode()
    client.post("/account/logout/")
    assert set(client.cookies) == KEPT


def test_in_production_cookies_and_addresses_are_for_https_alone() -> None:
    told = subprocess.run(
        [sys.executable, "-c", ASKED],
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "config.settings.staff",
            "COUNTERSIGN_ENV": "production",
            "SECRET_KEY": "x" * 50,
            "CONTACT_EMAIL": "readers@office.example",
            "ALLOWED_HOSTS": "staff.office.example",
            "SAMPLE_DATA": "0",
            "DATA_DIR": str(settings.DATA_DIR),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(told.stdout)
    assert found["DEBUG"] is False
    for cookie in ("SESSION", "CSRF"):
        assert found[f"{cookie}_COOKIE_NAME"].startswith("__Host-")
        assert found[f"{cookie}_COOKIE_SECURE"] is True
        assert found[f"{cookie}_COOKIE_HTTPONLY"] is True
        assert found[f"{cookie}_COOKIE_SAMESITE"] == "Lax"
        assert (found[f"{cookie}_COOKIE_PATH"], found[f"{cookie}_COOKIE_DOMAIN"]) == ("/", None)
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert found["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True
    assert found["SECURE_SSL_REDIRECT"] is True
