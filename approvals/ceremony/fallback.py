"""Signing without a passkey: the password, and a code of an authenticator app, both asked afresh.

Weaker than a passkey, since both can be handed to a page that imitates this one and nothing ties
them to the text; so the signature says so. A recovery code signs nothing: it is for signing in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import validate_totp_code
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.core.exceptions import ValidationError

from accounts import codes
from accounts.models import User
from approvals.ceremony.proofs import BY_PASSWORD_AND_CODE, NotProved, Proven, Signing
from approvals.models import Act

# What SIGNING_FALLBACK may say.
ALLOWED: Final = "allowed"
ENDORSEMENT_ONLY: Final = "endorsement-only"
REFUSED: Final = "refused"

WRONG_PASSWORD: Final = "That is not your password, so nothing was signed. Type it again."  # noqa: S105 - a sentence
WRONG_CODE: Final = (
    "That is not a code that your authenticator app shows now, so nothing was signed. Type the "
    "newest one. A recovery code cannot sign."
)
USED_CODE: Final = (
    "That code was used already, so nothing was signed. Wait until your authenticator app shows "
    "the next one, which takes half a minute at most."
)
NO_APP: Final = (
    "You have no authenticator app, so nothing was signed. Set one up, or a passkey, among your "
    "ways to sign in."
)
PASSKEY_ONLY: Final[dict[str, str]] = {
    Act.DECIDE: (
        "This service takes a decision only with a passkey, so nothing was signed. Set one up "
        "among your ways to sign in, then sign with it."
    ),
    Act.ENDORSE: (
        "This service takes a signature only with a passkey, so nothing was signed. Set one up "
        "among your ways to sign in, then sign with it."
    ),
}


def is_allowed(act: str) -> bool:
    """Whether this act may be signed without a passkey on this service (SIGNING_FALLBACK)."""
    if settings.SIGNING_FALLBACK == ENDORSEMENT_ONLY:
        return act == Act.ENDORSE
    return bool(settings.SIGNING_FALLBACK == ALLOWED)


def app_of(person: User) -> Authenticator | None:
    """The authenticator app of this person, or None."""
    found: Authenticator | None = Authenticator.objects.filter(
        user_id=person.pk, type=Authenticator.Type.TOTP
    ).first()
    return found


@dataclass(frozen=True)
class PasswordAndCode:
    """A password and a code of six figures, as they were typed.

    `found_right` is told when both were found right, and of nothing else: neither a refusal before
    they were looked at nor a signature made earlier says that they are.
    """

    password: str
    code: str
    found_right: Callable[[], None] | None = None

    def look(self, by: User, act: str) -> None:
        """Whether both are right, without using the code up. Raises NotProved."""
        if not is_allowed(act):
            raise NotProved(PASSKEY_ONLY[act])
        app = app_of(by)
        if app is None:
            raise NotProved(NO_APP)
        if not by.check_password(self.password):
            raise NotProved(WRONG_PASSWORD, field="password")
        if not validate_totp_code(decrypt(app.data["secret"]), self._figures):
            raise NotProved(WRONG_CODE, field="code")
        if codes.was_spent(app, self._figures):
            raise NotProved(USED_CODE, field="code")
        if self.found_right is not None:
            self.found_right()

    def prove(self, signing: Signing) -> Proven:
        """Use the code up, in the transaction that signs; so a refusal costs none."""
        app = app_of(signing.by)
        if app is None:
            raise NotProved(NO_APP)
        try:
            codes.spend(app, self._figures)
        except ValidationError as error:
            raise NotProved(USED_CODE, field="code") from error
        return Proven(BY_PASSWORD_AND_CODE)

    @property
    def _figures(self) -> str:
        """The code without the spaces that people type between figures."""
        return "".join(self.code.split())
