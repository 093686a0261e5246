"""Signing with a passkey over HTTP, as the page's script does it: ask, sign, send the form."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.test import Client

from approvals.models import Assertion, Outcome, Signature
from decisions.models import Paper
from tests.passkeys import Authenticator
from tests.verb_pages import answers, as_it_stands

ALL_APPROVED = {"has_interest": "no", "outcome_1": "approved", "outcome_2": "approved"}


@dataclass
class Ceremony:
    """A form that was filled in, and what its script was told to ask for."""

    client: Client
    address: str
    form: dict[str, Any]
    token: str
    options: dict[str, Any]

    def send(self, credential: dict[str, Any], **changed: Any) -> Any:
        """Send the form with what the passkey returned, after these changes to its fields."""
        token = changed.pop("token", self.token)
        return self.client.post(self.address, self.form | told(token, credential) | changed)

    def sign(self, passkey: Authenticator, **bent: Any) -> Any:
        """Sign and send."""
        return self.send(passkey.sign(self.options, **bent))


def begin(client: Client, paper: Paper, verb: str, **given: Any) -> Ceremony:
    """Open the page, fill it in, and ask what to sign."""
    address = f"/papers/{paper.slug}/{verb}/"
    said = given or (ALL_APPROVED if verb == "decide" else {})
    form = answers(client.get(address), **said)
    told_so = client.post(f"{address}challenge/", form | {"passkey": "asked"})
    assert told_so.status_code == 200, told_so.content
    asked = told_so.json()
    return Ceremony(client, address, form, asked["token"], asked["options"])


def told(token: str, credential: Any) -> dict[str, str]:
    """What the script puts into the form."""
    return {"passkey": json.dumps({"token": token, "credential": credential})}


def all_that_is_written(paper: Paper) -> tuple[Any, ...]:
    """What a refused signature must leave as it was."""
    counts = [each.objects.count() for each in (Signature, Outcome, Assertion)]
    return (*as_it_stands(paper), *counts)
