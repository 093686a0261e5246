"""What the settings say of signing in: who needs a second factor, and the single sign-on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from config import env

_WHO: Final = ("signers", "everybody", "nobody")


def second_factor_for() -> str:
    """Who must have a second factor: "signers", "everybody" or "nobody" (development only).

    Raises ImproperlyConfigured for anything else.
    """
    chosen = env.text("SECOND_FACTOR_FOR", "signers")
    if chosen not in _WHO or (chosen == "nobody" and not env.is_development()):
        raise ImproperlyConfigured(
            f"SECOND_FACTOR_FOR is {chosen!r}. Set it to signers (who holds an office that signs, "
            "and the secretariat) or to everybody."
        )
    return chosen


@dataclass(frozen=True)
class SingleSignOn:
    """The one OpenID provider through which people may come in.

    `acr` is the level of proof that is asked for and must be told; with it, no second factor is
    asked for here. `max_age` is how many seconds ago somebody may have proved themselves there.
    """

    issuer: str
    client_id: str
    secret: str
    name: str
    acr: str
    max_age: int


def single_sign_on() -> SingleSignOn | None:
    """The provider of OIDC_ISSUER, or None. Raises ImproperlyConfigured for half a configuration.

    The secret is read from a file, so that it stands in no list of processes.
    """
    issuer = env.text("OIDC_ISSUER").rstrip("/")
    if not issuer:
        return None
    parts = urlsplit(issuer)
    if parts.scheme != "https" and not (env.is_development() and parts.scheme == "http"):
        raise ImproperlyConfigured(
            f"OIDC_ISSUER is {issuer!r}. Set it to the https:// address of your provider."
        )
    client, kept = env.text("OIDC_CLIENT_ID"), env.text("OIDC_CLIENT_SECRET_FILE")
    if not client or not kept or not Path(kept).is_file():
        raise ImproperlyConfigured(
            "OIDC_ISSUER is set, but OIDC_CLIENT_ID or the file of OIDC_CLIENT_SECRET_FILE is "
            "missing. Your provider gives you both."
        )
    return SingleSignOn(
        issuer=issuer,
        client_id=client,
        secret=Path(kept).read_text().strip(),
        name=env.text("OIDC_NAME") or "your organisation’s account",
        acr=env.text("OIDC_ACR"),
        max_age=env.number("OIDC_MAX_AGE_MINUTES", 60) * 60,
    )
