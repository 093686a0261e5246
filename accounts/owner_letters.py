"""Tell people by mail when what opens their account changes: their password, a passkey, the app.

Whoever sits at an open browser of somebody else's changes these first. The message goes to the
owner's address, which nobody changes from a browser, and holds no secret and no link. Each is
written in the transaction of the change that it tells of, so that the two stand or fall together:
the library's signals come after it, when a letter that cannot be written would undo nothing.
"""

from __future__ import annotations

from typing import Final

from allauth.mfa.models import Authenticator
from django.utils import timezone

from accounts.factors import rules
from accounts.models import Letter, User
from components.words import long_time

SUBJECT: Final = "How you sign in to Countersign was changed"
_KINDS: Final = {
    Authenticator.Type.WEBAUTHN: "A passkey was {done}.",
    Authenticator.Type.TOTP: "An authenticator app was {done}.",
}
_BODY: Final = (
    "{what} That was on {moment}, London time.\n\n"
    "If it was you, or you asked for it, there is nothing to do. If it was not, somebody else may "
    "be using your account: tell the secretariat at once.\n\n"
    "Countersign sent this by itself. Do not reply to this message.\n"
)


def changed_password(person: User) -> None:
    """Tell somebody that they changed their password."""
    _tell(person, "Your password was changed.")


def chose_password(person: User) -> None:
    """Tell somebody that their password was chosen by a link."""
    _tell(person, "Your password was set, by a link that was sent to your address.")


def added(factor: Authenticator) -> None:
    """Tell the owner of a new passkey or app; recovery codes come and go with those."""
    settled = rules.signs_from(factor)
    later = f" It signs nothing before {long_time(settled)}." if settled else ""
    _tell(factor.user, _KINDS[factor.type].format(done="added to your account") + later)


def removed(factor: Authenticator) -> None:
    """Tell the owner of a passkey or app that it was removed."""
    _tell(factor.user, _KINDS[factor.type].format(done="removed from your account"))


def removed_all(person: User) -> None:
    """Tell somebody that another person removed all that they proved themselves by."""
    _tell(
        person,
        "Your passkeys, your authenticator app and your recovery codes were removed, and your old "
        "password works no more.",
    )


def made_codes_anew(person: User) -> None:
    """Tell somebody that their recovery codes were made anew."""
    _tell(person, "Your recovery codes were made anew, and the old ones work no more.")


def _tell(person: User, what: str) -> None:
    body = _BODY.format(what=what, moment=long_time(timezone.now()))
    Letter.objects.create(recipient=person, subject=SUBJECT, body=body)
