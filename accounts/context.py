"""What every staff template can rely on."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def staff(request: HttpRequest) -> dict[str, Any]:
    """`sample_data`: whether this is a sample system; `public_url`: the public site, no slash."""
    return {"sample_data": settings.SAMPLE_DATA, "public_url": settings.PUBLIC_URL}
