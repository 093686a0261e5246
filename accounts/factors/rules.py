"""Who must have a second factor, and which of them may be removed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from allauth.mfa.models import Authenticator
from django.conf import settings

from accounts import sample_codes
from accounts.models import DutyKind, User

PASSKEY: Final = Authenticator.Type.WEBAUTHN
APP: Final = Authenticator.Type.TOTP
CODES: Final = Authenticator.Type.RECOVERY_CODES
# Recovery codes stand in for one of these and are worth nothing by themselves.
FACTORS: Final = (PASSKEY, APP)
# How long a passkey signs in before it signs decisions, unless it was the first factor: long enough
# that its owner, who is told by mail, sleeps over it and can still say that it is not theirs.
SETTLES_IN: Final = timedelta(hours=12)
_SETTLES: Final = "settles"
LAST: Final = (
    "It is your last one. You must have a passkey or an authenticator app, because your name or "
    "your office signs decisions. Set up another one first, then remove this."
)


def held(person: User) -> int:
    """How many passkeys and apps somebody has."""
    count: int = Authenticator.objects.filter(user=person, type__in=FACTORS).count()
    return count


def has_own(person: User) -> bool:
    """Whether somebody has a passkey or app already; the app of the sample data, whose code every
    page of a sample system tells, is nobody's own.
    """
    mine = Authenticator.objects.filter(user=person, type__in=FACTORS)
    sample = sample_codes.app_of(person)
    return bool(mine.exclude(pk=sample.pk).exists() if sample else mine.exists())


def let_settle(passkey: Authenticator) -> None:
    """Have this new passkey sign nothing for a while. Kept with it, whatever is removed later."""
    passkey.data[_SETTLES] = True
    passkey.save(update_fields=["data"])


def signs_from(passkey: Authenticator) -> datetime | None:
    """From when on this passkey signs; None for the first of somebody, which signs at once."""
    since: datetime = passkey.created_at
    return since + SETTLES_IN if passkey.data.get(_SETTLES) else None


def must_have_one(person: User) -> bool:
    """Whether this person must have a second factor, by the setting SECOND_FACTOR_FOR.

    "signers", the default, are who holds an office that signs, and the secretariat.
    """
    if settings.SECOND_FACTOR_FOR == "everybody":
        return True
    if settings.SECOND_FACTOR_FOR == "nobody":
        return False
    return is_signer(person) or DutyKind.SECRETARIAT in person.duties()


def is_signer(person: User) -> bool:
    """Whether this person holds, or acts in, an office that signs today."""
    return bool(person.appointments_today())


def lacks_one(person: User) -> bool:
    """Whether this person must have a second factor and has none."""
    return not held(person) and must_have_one(person)


def why_kept(factor: Authenticator) -> str:
    """Why a factor may not be removed, or ""."""
    person: User = factor.user
    return LAST if held(person) == 1 and must_have_one(person) else ""


def kinds(person: User) -> set[str]:
    """Which kinds of factors somebody has, recovery codes included."""
    return set(Authenticator.objects.filter(user=person).values_list("type", flat=True))
