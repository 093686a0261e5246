"""What the log says of signing in: who, by what, from where, and whether they were let in.

Lines for whoever watches the service. A person is told by number, and nothing that was typed is
told: some type their password where the address belongs. Acts on papers stand in the chain.
"""

from __future__ import annotations

import logging
from typing import Any, Final

from allauth.account.adapter import get_adapter
from allauth.account.signals import authentication_step_completed
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.models import User

log = logging.getLogger(__name__)

_NOBODY: Final = "somebody"
_KINDS: Final = {
    "totp": "authenticator app",
    "webauthn": "passkey",
    "recovery_codes": "recovery codes",
    "single_sign_on": "single sign-on",
}
_NOWHERE: Final = "an unknown address"


def connect() -> None:
    """Have every sign-in, refused ones too, and every change of a factor write its line."""
    for signal, line in (
        (authentication_step_completed, _proved),
        (user_logged_in, _signed_in),
        (user_logged_out, _signed_out),
        (user_login_failed, _refused_password),
        (authentication_failed, _refused_factor),
        (authenticator_added, _added),
        (authenticator_removed, _removed),
        (authenticator_reset, _made_anew),
    ):
        signal.connect(line, dispatch_uid=f"accounts.sign_in_log.{line.__name__}")


def changed_password(request: HttpRequest, person: User) -> None:
    """Say that somebody changed their own password: Django has no signal for it."""
    log.info("%s changed their password, from %s.", _who(person), _where(request))


def refused_single_sign_on(request: HttpRequest) -> None:
    """Say that a provider's answer let nobody in; of whom it spoke is not believed, nor told."""
    log.warning("An answer of the single sign-on was refused, from %s.", _where(request))


def _proved(request: HttpRequest, user: User, method: str, **more: Any) -> None:
    again = " again" if more.get("reauthenticated") else ""
    by = _kind(more.get("type") or method)
    log.info("%s proved who they are%s by %s, from %s.", _who(user), again, by, _where(request))


def _signed_in(request: HttpRequest, user: User, **more: Any) -> None:
    log.info("%s signed in, from %s.", _who(user), _where(request))


def _signed_out(request: HttpRequest, user: User | None, **more: Any) -> None:
    if user is not None:
        log.info("%s signed out, from %s.", _who(user), _where(request))


def _refused_password(credentials: dict[str, Any], request: Any = None, **more: Any) -> None:
    typed = str(credentials.get("email") or "").strip().lower()
    person = User.objects.filter(email=typed).first()
    log.warning("A password for %s was refused, from %s.", _who(person), _where(request))


def _refused_factor(request: HttpRequest, user: User, authenticator: Any, **more: Any) -> None:
    kind, who = _kind(authenticator.type), _who(user)
    log.warning("The %s of %s was refused, from %s.", kind, who, _where(request))


def _added(request: HttpRequest, user: User, authenticator: Any, **more: Any) -> None:
    log.info("%s added %s, from %s.", _who(user), _kind(authenticator.type), _where(request))


def _removed(request: HttpRequest, user: User, authenticator: Any, **more: Any) -> None:
    log.info("%s removed %s, from %s.", _who(user), _kind(authenticator.type), _where(request))


def _made_anew(request: HttpRequest, user: User, authenticator: Any, **more: Any) -> None:
    log.info("%s made new %s, from %s.", _who(user), _kind(authenticator.type), _where(request))


def _kind(name: str) -> str:
    return _KINDS.get(name, name)


def _who(person: Any) -> str:
    return f"person {person.pk}" if isinstance(person, User) else _NOBODY


def _where(request: Any) -> str:
    """The reader's network address, as the rate limits count it."""
    if not isinstance(request, HttpRequest):
        return _NOWHERE
    try:
        return str(get_adapter(request).get_client_ip(request))
    except PermissionDenied:
        return _NOWHERE
