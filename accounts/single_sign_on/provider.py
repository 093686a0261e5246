"""What is asked of the OpenID provider, and what of its answer is believed.

Authlib speaks the protocol: the authorisation code flow with PKCE (RFC 7636), state and nonce, the
provider's keys, and the signature, expiry and hash of its statement. What it leaves to its user is
here: that the provider is the one of the settings, that the statement is for us and signed by one
of four kinds of key, that it says when the person proved themselves, and that this was lately.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Final

from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.base_client.framework_integration import FrameworkIntegration
from authlib.integrations.django_client.apps import DjangoOAuth2App
from django.http import HttpRequest, HttpResponse
from joserfc.errors import (
    BadSignatureError,
    ExpiredTokenError,
    InvalidClaimError,
    JoseError,
    MissingClaimError,
)
from requests import RequestException

from accounts.single_sign_on import refusals
from config.sign_in import SingleSignOn

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA")
PATIENCE: Final = 10  # seconds for each of the provider's answers
LEEWAY: Final = 60  # seconds by which two clocks may differ
LIFE: Final = 600  # seconds from question to answer
NEEDED: Final = {"authorization_endpoint", "token_endpoint", "jwks_uri"}
# What Authlib raises for an answer that is not of the shape it takes for granted: no JSON, or a
# list where an object should be.
_OTHER_SHAPES: Final = (ValueError, TypeError, AttributeError, KeyError)
_WRONG_CLAIMS: Final = {
    "aud": "it is for another service",
    "azp": "it is for another service",
    "iss": "it comes from somebody else",
    "nonce": "it answers another sign-in",
    "acr": "you did not prove yourself in the way that is asked for",
    "iat": "it is dated in the future",
    "nbf": "it is dated in the future",
    "auth_time": "it does not say when you proved who you are",
}


@dataclass(frozen=True)
class Answer:
    """What is believed of the provider's statement."""

    subject: str
    email: str
    email_verified: bool


class _Kept(FrameworkIntegration):  # type: ignore[misc]  # Authlib ships no types
    """A question is kept in the session, for ten minutes."""

    expires_in = LIFE

    def get_state_data(self, session: Any, state: str | None) -> dict[str, Any] | None:
        """The question with this state, unless it is too old."""
        kept = session.get(f"_state_{self.name}_{state}")
        if not kept or kept["exp"] < time.time():
            return None
        found: dict[str, Any] | None = super().get_state_data(session, state)
        return found


class _Client(DjangoOAuth2App):  # type: ignore[misc]  # Authlib ships no types
    """Authlib's client, for the provider of the settings and no other."""

    issuer: str = ""

    def load_server_metadata(self) -> dict[str, Any]:
        """What the provider says of itself. Raises Refused where it is another one."""
        found: dict[str, Any] = super().load_server_metadata()
        if not found.keys() >= NEEDED or str(found.get("issuer")).rstrip("/") != self.issuer:
            raise refusals.unreachable()
        # "none" and keys that both sides know are no signature, whatever the provider says it does.
        found["id_token_signing_alg_values_supported"] = list(ALGORITHMS)
        return found


class Provider:
    """The one provider that the settings name."""

    def __init__(self, settings: SingleSignOn) -> None:
        self.settings = settings
        self.client = _Client(
            _Kept("single_sign_on"),
            client_id=settings.client_id,
            client_secret=settings.secret,
            server_metadata_url=f"{settings.issuer}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid email",
                "code_challenge_method": "S256",
                "default_timeout": PATIENCE,
            },
        )
        self.client.issuer = settings.issuer

    def ask(self, request: HttpRequest, back: str) -> HttpResponse:
        """Send the browser to the provider. Raises Refused when the provider does not answer."""
        more = {"acr_values": self.settings.acr} if self.settings.acr else {}
        try:
            sent: HttpResponse = self.client.authorize_redirect(
                request, back, max_age=self.settings.max_age, **more
            )
        except (RequestException, *_OTHER_SHAPES):
            raise refusals.unreachable() from None
        return sent

    def answer(self, request: HttpRequest) -> Answer:
        """What the provider states in answer to this browser's question. Raises Refused."""
        try:
            token = self.client.authorize_access_token(
                request, claims_options=self._wanted(), leeway=LEEWAY
            )
            claims = token.get("userinfo")
            if not claims:
                raise refusals.not_believed("it is missing")
            self._recent(claims)
            if "email" not in claims:
                claims = self._asked_for_more(token, claims)
        except OAuthError:
            raise refusals.not_ours() from None
        except JoseError as wrong:
            raise refusals.not_believed(_named(wrong)) from None
        except (RequestException, *_OTHER_SHAPES):
            raise refusals.unreachable() from None
        return Answer(
            subject=claims["sub"],
            email=str(claims.get("email", "")).strip().lower(),
            email_verified=claims.get("email_verified") is True,
        )

    def _wanted(self) -> dict[str, dict[str, Any]]:
        """What the statement must say, besides what Authlib asks of every statement."""
        wanted: dict[str, dict[str, Any]] = {
            "iss": {"essential": True, "value": self.client.load_server_metadata()["issuer"]},
            "aud": {"essential": True, "value": self.settings.client_id},
            "nonce": {"essential": True},
            "auth_time": {"essential": True},
        }
        if self.settings.acr:
            wanted["acr"] = {"essential": True, "value": self.settings.acr}
        return wanted

    def _recent(self, claims: dict[str, Any]) -> None:
        """Raises Refused unless the person proved themselves there within the time asked for.

        The question for it can be taken out of the address on the way; so the answer is looked at.
        """
        proved_at, now = claims["auth_time"], time.time()
        if not isinstance(proved_at, int) or proved_at > now + LEEWAY:
            raise refusals.not_believed(_WRONG_CLAIMS["auth_time"])
        if now - proved_at > self.settings.max_age + LEEWAY:
            raise refusals.too_old()

    def _asked_for_more(self, token: dict[str, Any], claims: dict[str, Any]) -> dict[str, Any]:
        """The address, from the provider's second door, about the same person and no other."""
        if "userinfo_endpoint" not in self.client.load_server_metadata():
            return claims
        found: dict[str, Any] = self.client.userinfo(token=token)
        if found.get("sub") != claims["sub"]:
            raise refusals.not_believed("it speaks of two people")
        return {**claims, **{name: found.get(name) for name in ("email", "email_verified")}}


def _named(wrong: JoseError) -> str:
    """What is wrong with a statement, in words."""
    if isinstance(wrong, MissingClaimError | InvalidClaimError):
        return _WRONG_CLAIMS.get(wrong.claim, "it is not in order")
    if isinstance(wrong, ExpiredTokenError):
        return "it has expired"
    if isinstance(wrong, BadSignatureError):
        return "it is not signed by them"
    return "it is not signed as it should be"
