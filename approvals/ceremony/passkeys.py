"""The passkeys of a person, as sign-in keeps them, and what a browser is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.db.models import Count, Max, Q
from django.utils import timezone
from fido2 import cbor
from fido2.utils import websafe_encode

from accounts.factors import rules
from accounts.models import User
from approvals.ceremony import place
from approvals.models import Assertion

# The kinds of key that may sign (COSE): ES256, Ed25519 and RS256, which outsiders can check too.
ALGORITHMS: Final = frozenset({-7, -8, -257})
# How long a browser may wait for a person, in milliseconds; the nonce lives longer.
PATIENCE: Final = 5 * 60 * 1000


@dataclass(frozen=True)
class Credential:
    """One passkey: its id, its public key as COSE, and its count when it was set up."""

    id: bytes
    public_key: bytes
    counted_at_first: int


def credentials_of(person: User, *, hold: bool = False) -> tuple[Credential, ...]:
    """Every passkey that this person has now and that may sign; a later one not before it settled.

    With `hold` they stay as they are until the transaction ends, and two signatures of one person
    at the same moment are counted one after the other. The person is held with each and before it,
    as by whoever takes passkeys away: else the two would wait for each other.
    """
    found = Authenticator.objects.filter(
        user_id=person.pk, type=Authenticator.Type.WEBAUTHN
    ).order_by("pk")
    if hold:
        # PostgreSQL holds what is named first before what is named after it.
        found = found.select_related("user").select_for_update(of=("user", "self"), no_key=True)
    now = timezone.now()
    return tuple(filter(None, (_read(row) for row in found if signs_now(row, now))))


def signs_now(row: Authenticator, now: datetime) -> bool:
    """Whether this passkey signs already: one that was set up beside another factor waits."""
    settled = rules.signs_from(row)
    return settled is None or settled <= now


def settles(person: User, credential_id: bytes) -> datetime | None:
    """When this passkey of this person begins to sign, where it is one that still waits."""
    now = timezone.now()
    for row in Authenticator.objects.filter(user_id=person.pk, type=Authenticator.Type.WEBAUTHN):
        held = _read(row)
        if held is not None and held.id == credential_id and not signs_now(row, now):
            return rules.signs_from(row)
    return None


def before(credential: Credential, nonce: bytes) -> tuple[int, bool]:
    """The highest count that this passkey ever gave, and whether the nonce was used already."""
    of_it, with_it = Q(credential_id=credential.id), Q(nonce=nonce)
    found = Assertion.objects.filter(of_it | with_it).aggregate(
        last=Max("counter", filter=of_it), used=Count("pk", filter=with_it)
    )
    return max(found["last"] or 0, credential.counted_at_first), bool(found["used"])


def options(credentials: tuple[Credential, ...], challenge: bytes) -> dict[str, Any]:
    """What `navigator.credentials.get` is asked for, as the browser's JSON form of it."""
    return {
        "challenge": websafe_encode(challenge),
        "rpId": place.relying_party(),
        "timeout": PATIENCE,
        "userVerification": "required",
        "allowCredentials": [
            {"type": "public-key", "id": websafe_encode(each.id)} for each in credentials
        ],
    }


def _read(row: Authenticator) -> Credential | None:
    data = row.wrap().authenticator_data
    held = data.credential_data
    if held is None or held.public_key.ALGORITHM not in ALGORITHMS:
        return None
    return Credential(
        id=bytes(held.credential_id),
        public_key=cbor.encode(dict(held.public_key)),
        counted_at_first=data.counter,
    )
