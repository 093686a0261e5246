"""What is asked of the OpenID provider, and what of its answer is believed.

OpenID Connect Core 1.0, the authorisation code flow, with PKCE (RFC 7636). Beyond what is signed,
the answer must be to this very question (state, nonce, verifier), for this client, recent, and say
when the person proved themselves: a provider that leaves `auth_time` out is refused, because a
question for it can be taken out of the address on the way.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import asdict, dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

import jwt
import requests

from accounts.single_sign_on import refusals
from config.sign_in import SingleSignOn

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA")
PATIENCE: Final = 10  # seconds for each of the provider's answers
LEEWAY: Final = 60  # seconds by which two clocks may differ
LIFE: Final = 600  # seconds from question to answer
NEEDED: Final = ["exp", "iat", "iss", "aud", "sub", "nonce", "auth_time"]


@dataclass(frozen=True)
class Question:
    """One sign-in that was begun, kept in the session until its answer comes."""

    back: str
    wanted: str
    state: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    at: float = field(default_factory=time.time)

    def kept(self) -> dict[str, Any]:
        """As the session keeps it."""
        return asdict(self)


@dataclass(frozen=True)
class Answer:
    """What is believed of the provider's statement."""

    subject: str
    email: str
    email_verified: bool
    proved_at: int


class Provider:
    """The one provider that the settings name."""

    def __init__(self, settings: SingleSignOn) -> None:
        self.settings = settings

    def address(self, question: Question) -> str:
        """Where the browser is sent. Raises Refused when the provider does not answer."""
        digest = hashlib.sha256(question.verifier.encode()).digest()
        wanted = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": question.back,
            "scope": "openid email",
            "state": question.state,
            "nonce": question.nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            "max_age": str(self.settings.max_age),
        }
        if self.settings.acr:
            wanted["acr_values"] = self.settings.acr
        return f"{self._described()['authorization_endpoint']}?{urlencode(wanted)}"

    def answer(self, question: Question, given: dict[str, str]) -> Answer:
        """What the provider states in answer to a question. Raises Refused."""
        if not hmac.compare_digest(given.get("state", "").encode(), question.state.encode()):
            raise refusals.not_ours()
        if time.time() - question.at > LIFE:
            raise refusals.not_ours()
        if given.get("iss", self.settings.issuer) != self.settings.issuer or "code" not in given:
            raise refusals.not_ours()
        described = self._described()
        exchanged = self._exchange(described, question, given["code"])
        claims = self._believed(described, exchanged.get("id_token"), question)
        if "email" not in claims:
            claims = self._asked_for_more(described, exchanged.get("access_token"), claims)
        return Answer(
            subject=claims["sub"],
            email=str(claims.get("email", "")).strip().lower(),
            email_verified=claims.get("email_verified") is True,
            proved_at=claims["auth_time"],
        )

    def _described(self) -> dict[str, Any]:
        found = _get(f"{self.settings.issuer}/.well-known/openid-configuration")
        needed = {"issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"}
        if not needed <= found.keys() or found["issuer"].rstrip("/") != self.settings.issuer:
            raise refusals.unreachable()
        return found

    def _exchange(self, described: dict[str, Any], question: Question, code: str) -> dict[str, Any]:
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": question.back,
            "code_verifier": question.verifier,
        }
        methods = described.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        secret = (self.settings.client_id, self.settings.secret)
        if "client_secret_basic" in methods:
            return _json("POST", described["token_endpoint"], data=sent, auth=secret)
        sent |= {"client_id": secret[0], "client_secret": secret[1]}
        return _json("POST", described["token_endpoint"], data=sent)

    def _believed(
        self, described: dict[str, Any], token: Any, question: Question
    ) -> dict[str, Any]:
        """The claims of an ID token, every one of them checked. Raises Refused."""
        try:
            claims: dict[str, Any] = jwt.decode(
                str(token),
                _key(described, str(token)),
                algorithms=ALGORITHMS,
                audience=self.settings.client_id,
                issuer=described["issuer"],
                leeway=LEEWAY,
                options={"require": NEEDED},
            )
        except jwt.PyJWTError as wrong:
            raise refusals.not_believed(_named(wrong)) from None
        if claims.get("azp", self.settings.client_id) != self.settings.client_id:
            raise refusals.not_believed("it is for another service")
        if not hmac.compare_digest(str(claims["nonce"]).encode(), question.nonce.encode()):
            raise refusals.not_believed("it answers another sign-in")
        self._recent(claims)
        if self.settings.acr and claims.get("acr") != self.settings.acr:
            raise refusals.not_believed("you did not prove yourself in the way that is asked for")
        return claims

    def _recent(self, claims: dict[str, Any]) -> None:
        proved_at, now = claims["auth_time"], time.time()
        if not isinstance(proved_at, int) or proved_at > now + LEEWAY:
            raise refusals.not_believed("it says of no time when you proved who you are")
        if now - proved_at > self.settings.max_age + LEEWAY:
            raise refusals.too_old()

    def _asked_for_more(
        self, described: dict[str, Any], token: Any, claims: dict[str, Any]
    ) -> dict[str, Any]:
        """The address, from the provider's second door, about the same person and no other."""
        if "userinfo_endpoint" not in described or not token:
            return claims
        found = _json(
            "GET", described["userinfo_endpoint"], headers={"Authorization": f"Bearer {token}"}
        )
        if found.get("sub") != claims["sub"]:
            raise refusals.not_believed("it speaks of two people")
        return claims | {name: found[name] for name in ("email", "email_verified") if name in found}


def _key(described: dict[str, Any], token: str) -> jwt.PyJWK:
    """The provider's key that this token says it was signed with. Raises PyJWTError."""
    wanted = jwt.get_unverified_header(token)
    if wanted.get("alg") not in ALGORITHMS:
        raise jwt.InvalidAlgorithmError("not signed")
    keys = jwt.PyJWKSet.from_dict(_get(described["jwks_uri"])).keys
    found = [key for key in keys if "kid" not in wanted or key.key_id == wanted["kid"]]
    if len(found) != 1:
        raise jwt.InvalidKeyError("no such key")
    return found[0]


def _named(wrong: jwt.PyJWTError) -> str:
    """What is wrong with a token, in words."""
    named = {
        jwt.ExpiredSignatureError: "it has expired",
        jwt.InvalidAudienceError: "it is for another service",
        jwt.InvalidIssuerError: "it comes from somebody else",
        jwt.InvalidSignatureError: "it is not signed by them",
        jwt.InvalidAlgorithmError: "it is not signed as it should be",
        jwt.InvalidKeyError: "it is signed with a key that they do not have",
        jwt.ImmatureSignatureError: "it is dated in the future",
    }
    if isinstance(wrong, jwt.MissingRequiredClaimError):
        return f"it lacks {wrong.claim}"
    return named.get(type(wrong), "it is not in order")


def _get(address: str) -> dict[str, Any]:
    return _json("GET", address)


def _json(method: str, address: str, **more: Any) -> dict[str, Any]:
    """An object of JSON from the provider. Raises Refused. No redirect is followed."""
    try:
        found = requests.request(method, address, timeout=PATIENCE, allow_redirects=False, **more)
        if found.status_code != requests.codes.ok:
            raise refusals.unreachable()
        told = found.json()
    except requests.RequestException:
        raise refusals.unreachable() from None
    if not isinstance(told, dict):
        raise refusals.unreachable()
    return told
