"""How django-allauth's second factors behave here."""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings


class FactorsAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """Our sentences, and a passkey that belongs to this service and not to a typed address."""

    error_messages: ClassVar[dict[str, str]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": (
            "That did not prove who you are. Use the newest code, each code once only, or the "
            "passkey that you set up for this service."
        ),
    }

    def get_totp_issuer(self) -> str:
        """The name beside the code in somebody's authenticator app."""
        return "Countersign"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The service that a passkey is for: the host of STAFF_URL, whatever was asked for.

        A passkey cannot belong to an IP address, so a developer's own machine is "localhost".
        """
        host = urlsplit(settings.STAFF_URL).hostname or ""
        return {"id": "localhost" if host in {"127.0.0.1", "::1"} else host, "name": "Countersign"}
