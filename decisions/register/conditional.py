"""Entity tags and caching: a page is built only for who does not hold it already."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from django.utils.cache import get_conditional_response

from decisions.register.release import release

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from decisions.register.models import Decision

# A minute bounds how late a decision that has become due can appear.
FRESH: Final = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
BRIEFLY: Final = "public, max-age=60"
NEVER: Final = "no-store"


def marks(rows: Iterable[Decision]) -> tuple[str, ...]:
    """What tells one state of these rows from another."""
    return tuple(
        f"{row.digest} {row.pdf_digest} {row.published_at.isoformat()} "
        f"{row.edition_published_at.isoformat()} {row.current}"
        for row in rows
    )


def entity_tag(*parts: str) -> str:
    """A strong entity tag for a page made of these parts by this release."""
    text = "\n".join((release(), *parts))
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def answer(
    request: HttpRequest, tag: str, build: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """The page, or 304 when the reader holds it: with its entity tag and its life in caches."""
    response: HttpResponseBase | None = get_conditional_response(request, etag=tag)
    if response is None:
        response = build()
    response["ETag"] = tag
    response["Cache-Control"] = FRESH
    return response
