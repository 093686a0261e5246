"""How django-allauth's second factors behave here."""

from __future__ import annotations

import base64
import logging
import secrets
from functools import cache
from typing import ClassVar
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from accounts.factors.drawing import drawing

log = logging.getLogger(__name__)


@cache
def _box(key: str) -> Fernet:
    """What secrets of authenticator apps are locked in: a key of its own, made from the key."""
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"countersign second factors")
    return Fernet(base64.urlsafe_b64encode(kdf.derive(key.encode())))


class FactorsAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """Our sentences, secrets under lock, and a passkey that belongs to this service's address."""

    error_messages: ClassVar[dict[str, str]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": (
            "That did not prove who you are. Use the newest code, each code once only, or the "
            "passkey that you set up for this service."
        ),
        "cannot_generate_recovery_codes": (
            "Recovery codes stand in for a passkey or an app, and you have neither yet. Set one "
            "up first; you get recovery codes with it."
        ),
    }

    def encrypt(self, text: str) -> str:
        """Lock a secret away, so that a copy of the database makes no codes."""
        return _box(settings.SECRET_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Unlock a secret. One that another key locked becomes a secret that nobody knows."""
        try:
            return _box(settings.SECRET_KEY).decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            log.error("A second factor was locked under another SECRET_KEY and opens nothing.")  # noqa: TRY400 - the trace would tell nothing
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def get_totp_issuer(self) -> str:
        """The name beside the code in somebody's authenticator app."""
        return "Countersign"

    def build_totp_svg(self, url: str) -> str:
        """The picture that an authenticator app reads."""
        return drawing(url)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: str) -> str:  # noqa: A002 - allauth's name
        """What a passkey is called whose owner gave it no name."""
        return "Passkey"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The service that a passkey is for: the host of STAFF_URL, whatever was asked for.

        A passkey cannot belong to an IP address, so a developer's own machine is "localhost".
        """
        host = urlsplit(settings.STAFF_URL).hostname or ""
        return {"id": "localhost" if host in {"127.0.0.1", "::1"} else host, "name": "Countersign"}


def passkeys_elsewhere(request: HttpRequest) -> str:
    """Where passkeys work, on a developer's machine opened at an address where they do not."""
    works_at: str = FactorsAdapter().get_public_key_credential_rp_entity()["id"]
    host, _, port = request.get_host().partition(":")
    return f"http://{works_at}:{port}/" if settings.DEVELOPMENT and host != works_at else ""
