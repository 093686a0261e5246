"""Where this service stands, by its settings and never by what a request says of itself."""

from __future__ import annotations

from urllib.parse import urlsplit

from allauth.mfa.adapter import get_adapter
from django.conf import settings


def relying_party() -> str:
    """The name that every passkey of this service is for: the host of STAFF_URL."""
    return str(get_adapter().get_public_key_credential_rp_entity()["id"])


def origin() -> str:
    """The one origin at which a passkey may sign: scheme, relying party and port of STAFF_URL."""
    parts = urlsplit(settings.STAFF_URL)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{relying_party()}{port}"
