"""What every staff template can rely on."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def staff(request: HttpRequest) -> dict[str, Any]:
    """`sample_data`: whether this is a sample system; `register_address`: the public site."""
    return {"sample_data": settings.SAMPLE_DATA, "register_address": settings.PUBLIC_URL}
