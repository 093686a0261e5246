"""How django-allauth behaves here: people are invited, never self-registered."""

from __future__ import annotations

from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Closed to strangers; the same sentence for an unknown address and a wrong password."""

    error_messages: ClassVar[dict[str, str]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": (
            "The e-mail address or the password is not right. Type both again. "
            "If you have forgotten your password, ask the secretariat for a new one."
        ),
        "too_many_login_attempts": (
            "There were too many tries to sign in. Wait five minutes and try again. "
            "If you have forgotten your password, ask the secretariat for a new one."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers themselves."""
        return False
