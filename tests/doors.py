"""Signing in as a person does: the pages, one after the other."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from accounts.models import User
from tests.cast import PASSWORD, code_of
from tests.pages import soup
from tests.passkeys import Authenticator

SIGN_IN = "/account/login/"
CODE = "/account/code/"
PASSKEY = "/account/passkey/"
SECURITY = "/account/security/"


def sign_in(client: Client, login: str, password: str = PASSWORD, **query: str) -> Any:
    """Type address and password."""
    return client.post(SIGN_IN, {"login": login, "password": password}, query_params=query or None)


def sign_in_wholly(client: Client, person: User, **query: str) -> Any:
    """Type address, password and code; the answer is what follows the code."""
    asked = sign_in(client, person.email, **query)
    assert (asked.status_code, asked["Location"]) == (302, CODE)
    return client.post(CODE, {"code": code_of(person)})


def is_signed_in(client: Client) -> bool:
    """Whether "your work" opens."""
    return client.get("/").status_code == 200


def options_of(page: Any) -> dict[str, Any]:
    """What a page asks of a passkey."""
    form = soup(page).select_one("form[data-passkey][data-options]")
    assert form is not None, "The page asks for no passkey."
    told: dict[str, Any] = json.loads(str(form["data-options"]))
    return told


def afresh(client: Client, address: str) -> str:
    """Where the door to a change opens to who is signed in, proving themselves by their app."""
    asked = client.get(address, headers={"host": "localhost"})
    if asked.status_code != 302 or not asked["Location"].startswith("/account/again/"):
        return address
    person = User.objects.get(pk=client.session["_auth_user_id"])
    return str(client.post(asked["Location"], {"code": code_of(person)})["Location"])


def set_up(client: Client, name: str = "Work laptop") -> Authenticator:
    """Set up a passkey for who is signed in, and give it."""
    passkey = Authenticator.new()
    address = afresh(client, f"{SECURITY}passkey/")
    page = client.get(address, headers={"host": "localhost"})
    made = passkey.made(options_of(page))
    done = client.post(address, {"name": name, "credential": json.dumps(made)})
    assert done.status_code == 302, done.content.decode()
    return passkey


def sign_in_by(client: Client, passkey: Authenticator, **more: Any) -> Any:
    """Sign in by a passkey alone."""
    asked = client.get(PASSKEY, headers={"accept": "application/json"}).json()["request_options"]
    answer = passkey.answer(asked) | more
    return client.post(PASSKEY, {"credential": json.dumps(answer)})
