"""What is no decision: the accessibility statement, robots.txt and the health of the process."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import HttpResponse
from django.shortcuts import render
from psycopg_pool import PoolTimeout

from decisions.register.conditional import NEVER, answer, entity_tag
from decisions.register.models import Decision

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

logger = logging.getLogger(__name__)


def accessibility(request: HttpRequest) -> HttpResponseBase:
    """How accessible this site is, and what to do where it is not."""
    context = {"contact": settings.CONTACT_EMAIL, "sample_data": settings.SAMPLE_DATA}
    return answer(
        request,
        entity_tag("accessibility", *map(str, context.values())),
        lambda: render(request, "register/accessibility.html", context),
    )


def robots(request: HttpRequest) -> HttpResponseBase:
    """Search engines are welcome, but not to sample data."""
    rule = "Disallow: /" if settings.SAMPLE_DATA else "Disallow:"
    body = f"User-agent: *\n{rule}\n"
    return answer(
        request,
        entity_tag("robots", body),
        lambda: HttpResponse(body, content_type="text/plain; charset=utf-8"),
    )


def healthz(request: HttpRequest) -> HttpResponse:
    """200 only when the published decisions can be read."""
    try:
        Decision.objects.values_list("digest", flat=True).first()
    except (DatabaseError, PoolTimeout) as error:
        logger.error("The register could not be read: %s", type(error).__name__)  # noqa: TRY400 - the message of a database error may quote a value
        return _health("The published decisions cannot be read.", 503)
    return _health("ok", 200)


def _health(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(
        f"{sentence}\n",
        content_type="text/plain; charset=utf-8",
        status=status,
        headers={"Cache-Control": NEVER},
    )
