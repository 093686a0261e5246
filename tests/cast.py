"""The sample cast, for tests: the same people as in the sample data, with a known password."""

from __future__ import annotations

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from accounts import codes, sample_codes
from accounts.models import User
from approvals.sample import cast as sample
from approvals.sample.cast import SINCE, Cast

__all__ = ["PASSWORD", "SINCE", "Cast", "assemble", "code_of"]

PASSWORD = "correct horse battery staple"


def assemble() -> Cast:
    """Make the cast, its duties and appointments, its sample codes, and the series PCD."""
    return sample.assemble(PASSWORD)


def code_of(person: User) -> str:
    """A code that this person's authenticator app shows now, and that is taken.

    A code is taken once in its time; this forgets that it was, so that a test in which somebody
    proves themselves several times need not wait for half a minute each time.
    """
    step = int(time.time()) // codes.STEP_SECONDS
    code: str = format_hotp_value(hotp_value(sample_codes.secret_of(person), step))
    held = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP)
    codes.forget_spent(held, code)
    return code
