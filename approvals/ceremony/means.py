"""What a person can sign with, so that the page offers that and says what is missing."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.models import Authenticator

from accounts.models import User
from approvals.ceremony.fallback import is_allowed


@dataclass(frozen=True)
class Means:
    """`passkey` and `app`: whether the person has one. `allowed`: whether a code may sign this."""

    passkey: bool
    app: bool
    allowed: bool

    @property
    def code(self) -> bool:
        """Whether password and code are offered."""
        return self.app and self.allowed


def means_of(person: User, act: str) -> Means:
    """What this person can sign this act with today."""
    held = set(Authenticator.objects.filter(user_id=person.pk).values_list("type", flat=True))
    return Means(
        passkey=Authenticator.Type.WEBAUTHN in held,
        app=Authenticator.Type.TOTP in held,
        allowed=is_allowed(act),
    )
