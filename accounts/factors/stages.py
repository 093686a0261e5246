"""When a second factor is asked for at sign-in."""

from __future__ import annotations

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest


class SecondFactor(AuthenticateStage):  # type: ignore[misc]  # allauth ships no types
    """After a password always; after single sign-on, unless it told of the asked-for proof."""

    def _should_handle(self, request: HttpRequest) -> bool:
        records = get_authentication_records(request, self.login.user)
        if records and records[-1].get("method") == "single_sign_on":
            return not records[-1]["proved_twice"] and bool(super()._should_handle(request))
        return bool(super()._should_handle(request))
