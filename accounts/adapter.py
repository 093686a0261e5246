"""How django-allauth behaves here: people are invited, never self-registered."""

from __future__ import annotations

import time
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse

from accounts.factors import again, rules
from accounts.models import User
from accounts.signed_in import MARK


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
        "rate_limited": "There were too many tries. Wait five minutes and try again.",
        "incorrect_password": (
            "That is not your password. Type it again. If you have forgotten it, ask the "
            "secretariat for a new one."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers themselves."""
        return False

    def get_login_stages(self) -> list[str]:
        """Our own question for the second factor in place of the usual one."""
        return [
            "accounts.factors.stages.SecondFactor" if path.endswith(".AuthenticateStage") else path
            for path in super().get_login_stages()
        ]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever signed in, wholly, within the last minutes need not prove it again.

        A page that changes what a factor is asks each time, and first (accounts.factors.again).
        """
        if again.holds(self.request):
            return False
        signed_in = self.request.session.get(MARK)
        return not signed_in or time.time() - signed_in["at"] >= (
            settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        )

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, str]]:
        """What somebody proves themselves by again: a second factor where they have one.

        A password alone could be one that was overseen, and takes no factor away.
        """
        if not isinstance(user, User):
            return []
        kinds = rules.kinds(user)
        methods = []
        if kinds & {rules.APP, rules.CODES}:
            methods.append(("mfa_reauthenticate", "Use a code"))
        if rules.PASSKEY in kinds:
            methods.append(("mfa_reauthenticate_webauthn", "Use a passkey"))
        if not methods and user.has_usable_password():
            methods.append(("account_reauthenticate", "Use your password"))
        return [{"id": name, "description": words, "url": reverse(name)} for name, words in methods]
