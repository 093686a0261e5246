"""The change and the letter that tells its owner stand or fall together."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import Error
from django.test import Client

from accounts.models import Invitation, Letter, User
from accounts.owner_letters import SUBJECT
from accounts.people import links
from tests import database
from tests.cast import PASSWORD, Cast, assemble
from tests.doors import SECURITY, options_of, sign_in, sign_in_wholly
from tests.pages import words
from tests.passkeys import Authenticator as Passkey
from tests.people import NEW_PASSWORD, SET_PASSWORD, link_in, sent_by_mailer

NO_LETTERS: Final = (
    "ALTER TABLE accounts_letter ADD CONSTRAINT no_letters CHECK "
    f"(subject <> '{SUBJECT}') NOT VALID"
)


@dataclass
class Owner:
    """Somebody, the browser in which they are signed in, and the database of the test."""

    person: User
    client: Client
    cast: Cast
    database_name: str

    def stands(self) -> tuple[Any, ...]:
        """What a change that nobody could be told of must leave as it was."""
        return (
            User.objects.get(pk=self.person.pk).password,
            sorted(Authenticator.objects.filter(user=self.person).values_list("pk", "type")),
            Invitation.objects.filter(person=self.person, used_at=None, revoked_at=None).count(),
        )


def owner(clone: str, *, factor: bool) -> Owner:
    """Olu, with the sample's app or without any factor, signed in."""
    cast = assemble()
    client = Client(raise_request_exception=False)
    if factor:
        sign_in_wholly(client, cast.olu)
    else:
        Authenticator.objects.filter(user=cast.olu).delete()
        sign_in(client, cast.olu.email)
    return Owner(cast.olu, client, cast, clone)


def password(each: Owner) -> Callable[[], Any]:
    return lambda: each.client.post(
        f"{SECURITY}password/", {"current": PASSWORD, "new": NEW_PASSWORD}
    )


def passkey(each: Owner) -> Callable[[], Any]:
    page = each.client.get(f"{SECURITY}passkey/", headers={"host": "localhost"})
    made = json.dumps(Passkey.new().made(options_of(page)))
    return lambda: each.client.post(f"{SECURITY}passkey/", {"name": "", "credential": made})


def app(each: Owner) -> Callable[[], Any]:
    page = words(each.client.get(f"{SECURITY}app/"))
    secret = page.split("type this into the app: ")[1].split(" Then")[0].replace(" ", "")
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    return lambda: each.client.post(f"{SECURITY}app/", {"code": code})


def link(each: Owner) -> Callable[[], Any]:
    links.send_link(each.person, by=each.cast.saba)
    (mail,) = sent_by_mailer(each.database_name)
    each.client.get(link_in(mail))
    return lambda: each.client.post(SET_PASSWORD, {"new": NEW_PASSWORD})


CHANGES: Final = {"password": password, "passkey": passkey, "app": app, "link": link}


@pytest.mark.parametrize("change", CHANGES)
def test_where_the_owner_cannot_be_told_nothing_is_changed(clone: str, change: str) -> None:
    each = owner(clone, factor=False)
    does = CHANGES[change](each)
    before = each.stands()
    with database.owner_of(clone) as power:
        power.execute(NO_LETTERS)
    assert does().status_code == 500
    assert each.stands() == before
    assert not Letter.objects.filter(subject=SUBJECT).exists()


@pytest.mark.parametrize("change", CHANGES)
def test_the_same_change_stands_where_they_are_told(clone: str, change: str) -> None:
    each = owner(clone, factor=False)
    does = CHANGES[change](each)
    before = each.stands()
    assert does().status_code == 302
    assert each.stands() != before
    assert Letter.objects.filter(subject=SUBJECT, recipient=each.person).count() == 1


def test_factors_are_not_forgotten_where_the_owner_cannot_be_told(clone: str) -> None:
    each = owner(clone, factor=True)
    before = each.stands()
    with database.owner_of(clone) as power:
        power.execute(NO_LETTERS)
    with pytest.raises(Error, match="no_letters"):
        links.send_link(each.person, by=each.cast.saba, lost_factors=True)
    assert each.stands() == before
