"""Tell people by mail when what opens their account changes: their password, a passkey, the app.

Whoever sits at an open browser of somebody else's changes these first. The message goes to the
owner's address, which nobody changes from a browser, and holds no secret and no link.
"""

from __future__ import annotations

from typing import Any, Final

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.utils import timezone

from accounts.models import Letter, User
from components.words import long_time

SUBJECT: Final = "How you sign in to Countersign was changed"
_KINDS: Final = {
    Authenticator.Type.WEBAUTHN: "A passkey was {done}.",
    Authenticator.Type.TOTP: "An authenticator app was {done}.",
}
_BODY: Final = (
    "{what} That was on {moment}, London time.\n\n"
    "If it was you, there is nothing to do. If it was not, somebody else may be using your "
    "account: tell the secretariat at once.\n\n"
    "Countersign sent this by itself. Do not reply to this message.\n"
)


def connect() -> None:
    """Have every change of a factor write its message."""
    for signal, told in (
        (authenticator_added, _added),
        (authenticator_removed, _removed),
        (authenticator_reset, _made_anew),
    ):
        signal.connect(told, dispatch_uid=f"accounts.owner_letters.{told.__name__}")


def changed_password(person: User) -> None:
    """Tell somebody that their password was changed: Django has no signal for it."""
    _tell(person, "Your password was changed.")


def _added(user: User, authenticator: Authenticator, **more: Any) -> None:
    if authenticator.type in _KINDS:  # recovery codes come and go with the others
        _tell(user, _KINDS[authenticator.type].format(done="added to your account"))


def _removed(user: User, authenticator: Authenticator, **more: Any) -> None:
    if authenticator.type in _KINDS:
        _tell(user, _KINDS[authenticator.type].format(done="removed from your account"))


def _made_anew(user: User, **more: Any) -> None:
    _tell(user, "Your recovery codes were made anew, and the old ones work no more.")


def _tell(person: User, what: str) -> None:
    body = _BODY.format(what=what, moment=long_time(timezone.now()))
    Letter.objects.create(recipient=person, subject=SUBJECT, body=body)
