"""How, and when, the person of a session last proved who they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest

from accounts.models import User

# allauth's words for what was used, and ours.
_WORDS: Final = {
    "password": "password",
    "totp": "app",
    "webauthn": "passkey",
    "recovery_codes": "recovery code",
    "single_sign_on": "single sign-on",
}


@dataclass(frozen=True)
class Proof:
    """One moment at which somebody proved who they are, and by what.

    `by` is "password", "app", "passkey", "recovery code" or "single sign-on".
    """

    by: str
    at: datetime


def proofs(request: HttpRequest) -> tuple[Proof, ...]:
    """Everything that the person of this session proved themselves by in it, oldest first."""
    if not isinstance(request.user, User):
        return ()
    return tuple(
        Proof(
            by=_WORDS.get(record.get("type") or record["method"], record["method"]),
            at=datetime.fromtimestamp(record["at"], tz=UTC),
        )
        for record in get_authentication_records(request, request.user)
    )


def last(request: HttpRequest) -> Proof | None:
    """The newest proof of this session, or None where nobody signed in."""
    found = proofs(request)
    return found[-1] if found else None
