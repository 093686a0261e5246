"""Codes of the sample cast, who have no telephone to make them: shown on the page that asks.

Sample data only. A secret here is worked out from the address, so it is no secret at all; that is
why it is given, and its code shown, on a developer's machine that asked for sample data, and
nowhere else.
"""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Iterable
from typing import Final

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt, encrypt
from django.conf import settings

from accounts.codes import STEP_SECONDS, forget_spent, was_spent
from accounts.models import User

TOTP: Final = Authenticator.Type.TOTP
USED_UP: Final = (
    "Sample data: the codes of now are used. Open this page again in half a minute for the next."
)


def secret_of(person: User) -> str:
    """The secret that the authenticator app of somebody of the sample cast would hold."""
    digest = hashlib.sha256(f"the sample cast of Countersign: {person.email}".encode()).digest()
    return base64.b32encode(digest[:20]).decode()


def give(people: Iterable[User]) -> None:
    """Let everybody of the cast have an authenticator app, where they have none yet.

    Raises RuntimeError outside a sample system: a second factor that everybody knows is none.
    """
    if not _is_sample_system():
        raise RuntimeError("A sample second factor was asked for outside a sample system.")
    wanted = list(people)
    have = set(
        Authenticator.objects.filter(user__in=wanted, type=TOTP).values_list("user_id", flat=True)
    )
    Authenticator.objects.bulk_create(
        Authenticator(user=person, type=TOTP, data={"secret": encrypt(secret_of(person))})
        for person in wanted
        if person.pk not in have
    )


def code_of(person: User) -> str:
    """The code that would be taken from this person of the cast now, or "" where there is none.

    A code is taken once. Where the code of this half minute was used, the next one is given,
    which is taken already; where both were used, there is none for up to half a minute.
    """
    held = app_of(person)
    if held is None:
        return ""
    now = int(time.time()) // STEP_SECONDS
    for step in (now, now + 1):
        code: str = format_hotp_value(hotp_value(secret_of(person), step))
        if not was_spent(held, code):
            return code
    return ""


def code_again(person: User) -> str:
    """The code of this half minute of somebody of the cast; that it was used is forgotten.

    For whoever signs many sample papers, one straight after the other. Raises RuntimeError outside
    a sample system.
    """
    if not _is_sample_system():
        raise RuntimeError("A code was asked for a second time outside a sample system.")
    step = int(time.time()) // STEP_SECONDS
    code: str = format_hotp_value(hotp_value(secret_of(person), step))
    forget_spent(Authenticator.objects.get(user_id=person.pk, type=TOTP), code)
    return code


def hint(person: User) -> str:
    """What a page says beneath its code field: the code, on a sample system; else nothing."""
    if app_of(person) is None:
        return ""
    code = code_of(person)
    return f"Sample data: the code is {code}" if code else USED_UP


def app_of(person: User) -> Authenticator | None:
    """The app that sample data gave this person, while they use it on a sample system."""
    if not _is_sample_system():
        return None
    held: Authenticator | None = Authenticator.objects.filter(user_id=person.pk, type=TOTP).first()
    if held is None or decrypt(held.data["secret"]) != secret_of(person):
        return None
    return held


def _is_sample_system() -> bool:
    return bool(settings.SAMPLE_DATA and settings.DEVELOPMENT)
