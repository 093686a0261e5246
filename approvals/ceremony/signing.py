"""Signing with a passkey: asking for it, and taking what it returns."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from accounts.models import User
from approvals.ceremony import assertions, nonces, passkeys, place
from approvals.ceremony.assertions import MALFORMED, PRESS_AGAIN, UNREADABLE, Answer, Asked
from approvals.ceremony.proofs import BY_PASSKEY, NotProved, Proven, Signing
from approvals.models import Assertion
from components.words import long_time

TOO_LATE: Final = (
    f"You took longer than ten minutes over your passkey, so nothing was signed. {PRESS_AGAIN}"
)
NOT_ASKED: Final = (
    "Your passkey was not asked by this page, on this paper, for you, so nothing was signed. "
    f"{PRESS_AGAIN}"
)
USED: Final = (
    "What your passkey signed was used for a signature already. Nothing more was signed. "
    f"{PRESS_AGAIN}"
)
TOO_NEW: Final = (
    "That passkey is new, and signs nothing before {moment}, so nothing was signed. Sign with an "
    "older passkey, or with your password and code where this service takes them."
)
NOT_YOURS: Final = (
    "That is none of the passkeys that you have on this service now, so nothing was signed. Use "
    "another one, or your password and code."
)


def ask(signing: Signing) -> dict[str, Any] | None:
    """What the page's script needs to ask for a passkey; None where the person has none."""
    credentials = passkeys.credentials_of(signing.by)
    if not credentials:
        return None
    token = nonces.issue(signing.by.pk, signing.paper_id, signing.what.act)
    nonce = nonces.opened(token, signing.by.pk, signing.paper_id, signing.what.act)
    asked = passkeys.options(credentials, signing.what.challenge(nonce))
    return {"token": token, "options": asked}


@dataclass(frozen=True)
class Passkey:
    """What the script put into the form: JSON of the token and of the browser's credential."""

    answer: str

    def look(self, by: User, act: str) -> None:
        """Whether it can be read at all. Raises NotProved."""
        del by, act
        self._read()

    def prove(self, signing: Signing) -> Proven:
        """Whether this person's passkey signed exactly this, once. Raises NotProved."""
        token, answer = self._read()
        nonce = _nonce(token, signing)
        held = passkeys.credentials_of(signing.by, hold=True)
        credential = next((each for each in held if each.id == answer.credential_id), None)
        if credential is None:
            raise NotProved(_why_not(signing.by, answer))
        counted, used = passkeys.before(credential, nonce)
        if used:
            raise NotProved(USED)
        asked = Asked(signing.what.challenge(nonce), place.origin(), place.relying_party())
        assertions.require(answer, asked, credential.public_key, counted)
        return Proven(
            BY_PASSKEY,
            Assertion(
                credential_id=credential.id,
                public_key=credential.public_key,
                authenticator_data=answer.authenticator_data,
                client_data=answer.client_data,
                signature_bytes=answer.signature,
                nonce=nonce,
                counter=answer.counter,
            ),
        )

    def _read(self) -> tuple[str, Answer]:
        try:
            said = json.loads(self.answer)
            token, credential = said["token"], said["credential"]
        except MALFORMED as error:
            raise NotProved(UNREADABLE) from error
        if not isinstance(token, str) or not isinstance(credential, dict):
            raise NotProved(UNREADABLE)
        return token, assertions.read(credential)


def _why_not(by: User, answer: Answer) -> str:
    """Why a passkey may not sign that is none of those which do."""
    settled = passkeys.settles(by, answer.credential_id)
    return TOO_NEW.format(moment=long_time(settled)) if settled else NOT_YOURS


def _nonce(token: str, signing: Signing) -> bytes:
    try:
        return nonces.opened(token, signing.by.pk, signing.paper_id, signing.what.act)
    except nonces.Expired as error:
        raise NotProved(TOO_LATE) from error
    except nonces.Foreign as error:
        raise NotProved(NOT_ASKED) from error
