"""What a person can sign with, so that the page offers that and says what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.utils import timezone

from accounts.factors import rules
from accounts.models import User
from approvals.ceremony.fallback import is_allowed
from approvals.ceremony.passkeys import signs_now


@dataclass(frozen=True)
class Means:
    """`passkey` and `app`: whether the person has one that signs. `allowed`: whether a code may.

    `waits_until`: when the next of those passkeys begins to sign that are too new, if there is one.
    """

    passkey: bool
    app: bool
    allowed: bool
    waits_until: datetime | None

    @property
    def code(self) -> bool:
        """Whether password and code are offered."""
        return self.app and self.allowed


def means_of(person: User, act: str) -> Means:
    """What this person can sign this act with today."""
    held = list(Authenticator.objects.filter(user_id=person.pk))
    keys = [row for row in held if row.type == rules.PASSKEY]
    now = timezone.now()
    waiting = [rules.signs_from(row) for row in keys if not signs_now(row, now)]
    return Means(
        passkey=len(waiting) < len(keys),
        app=any(row.type == rules.APP for row in held),
        allowed=is_allowed(act),
        waits_until=min(filter(None, waiting), default=None),
    )
