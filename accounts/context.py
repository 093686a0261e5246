"""What every staff template can rely on."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.models import User
from accounts.people import rights


def staff(request: HttpRequest) -> dict[str, Any]:
    """`sample_data`: whether this is a sample system; `public_url`: the public site, no slash.

    `about_people`: the name of the page about people that the reader may open, or "".
    """
    return {
        "sample_data": settings.SAMPLE_DATA,
        "public_url": settings.PUBLIC_URL,
        "about_people": lambda: _about_people(request),
    }


def _about_people(request: HttpRequest) -> str:
    if not isinstance(request.user, User):
        return ""
    if rights.reads(request.user):
        return "people"
    return "proposals" if rights.confirms(request.user) else ""
