"""What is true of every answer of the public process."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from django.db import Error as DatabaseError
from django.http import HttpResponse, StreamingHttpResponse
from psycopg_pool import PoolTimeout

from decisions.register.conditional import BRIEFLY, NEVER
from decisions.register.views.errors import method_refused, unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

logger = logging.getLogger(__name__)

METHODS: Final = ("GET", "HEAD")
# The one address at which something can be handed in, to be looked at and not kept.
TAKES_IN: Final = "/verify/"
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "script-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}
# A missing page is not among them: it may be published, or due, in the next second.
CACHED_BRIEFLY: Final = frozenset({301})


class PublicHeaders:
    """Sets what an answer did not set for itself: the security headers and its life in caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        lasts = BRIEFLY if response.status_code in CACHED_BRIEFLY else NEVER
        response.headers.setdefault("Cache-Control", lasts)
        return _without_body(response) if request.method == "HEAD" else response


def _without_body(response: HttpResponseBase) -> HttpResponseBase:
    """The same answer with its length still told: the server would complain of a body to drop."""
    if isinstance(response, HttpResponse):
        response.content = b""
    elif isinstance(response, StreamingHttpResponse):
        response.streaming_content = ()
    return response


class ReadOnly:
    """Refuses every method that could ask for more than reading, before anything else runs.

    A POST is let through at one address, where a document is handed in to be checked.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        allowed = (*METHODS, "POST") if request.path_info == TAKES_IN else METHODS
        if request.method not in allowed:
            return method_refused(request, allowed)
        return self.get_response(request)


class DatabaseAway:
    """Turns a database that does not answer into a sentence, without a word of the error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """Answer 503 for a database error; every other exception takes its usual way."""
        if not isinstance(exception, DatabaseError | PoolTimeout):
            return None
        logger.error("The register could not be read: %s", type(exception).__name__)
        return unavailable(request)
