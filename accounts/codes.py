"""Codes that people type: of an authenticator app, or from their list of recovery codes.

A code is taken once. A code of an app is taken in its own half minute and in those beside it, for
clocks differ and people type slowly; so it is remembered for longer than it could be taken again.
"""

from __future__ import annotations

from typing import Final

from allauth.account.adapter import get_adapter as account_adapter
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.exceptions import ValidationError

from accounts.models import User

STEP_SECONDS: Final = 30
_REMEMBER_SECONDS: Final = 5 * STEP_SECONDS


def was_spent(held: Authenticator, code: str) -> bool:
    """Whether this code of this authenticator was taken in the last minutes."""
    return cache.get(_key(held, code)) is not None


def spend(held: Authenticator, code: str) -> None:
    """Take a code that proved right. Raises ValidationError where it was taken already."""
    if held.type == Authenticator.Type.TOTP and not cache.add(
        _key(held, code), "spent", timeout=_REMEMBER_SECONDS
    ):
        raise get_adapter().validation_error("incorrect_code")


def forget_spent(held: Authenticator, code: str) -> None:
    """Forget that a code was taken, as happens by itself when its time is over. For tests."""
    used_by_allauth = f"allauth.mfa.totp.used?user={held.user_id}&code={normalize_user_code(code)}"
    cache.delete_many([_key(held, code), used_by_allauth])


def prove(person: User, code: str) -> Authenticator:
    """Take a typed code of this person, and say which of their authenticators gave it.

    Counts tries as signing in does. Raises ValidationError, in a sentence, for a wrong code, a
    code that was used, and too many tries.
    """
    form = AuthenticateForm(user=person, data={"code": code})
    if not form.is_valid():
        wrong = form.errors.as_data().get("code")
        raise wrong[0] if wrong else account_adapter().validation_error("too_many_login_attempts")
    held: Authenticator = form.authenticator
    spend(held, code)
    return held


def _key(held: Authenticator, code: str) -> str:
    return f"accounts.code.{held.pk}.{normalize_user_code(code)}"


__all__ = ["STEP_SECONDS", "ValidationError", "forget_spent", "prove", "spend", "was_spent"]
