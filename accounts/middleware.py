"""What every staff answer carries, and how bad input is answered."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import render

from accounts.views import signed_out
from config.database.acting import acting_as

CSP: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "script-src 'self'; connect-src 'self'; frame-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)

# The library's own pages take a PUT for a POST; every other page says itself what it takes.
_LIBRARYS: Final = "/account/"
_METHODS: Final = ("GET", "HEAD", "POST")
# Below /static/ everything else is a page, with the name of who signed in.
_OF_A_FILE: Final = frozenset({HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT, HTTPStatus.NOT_MODIFIED})

Answer = Callable[[HttpRequest], HttpResponse]


class StaffHeaders:
    """No staff page is ever kept by a cache, and no page runs a script that is not ours."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers to whatever comes back, refusals included."""
        response = self.get_response(request)
        if not (request.path.startswith("/static/") and response.status_code in _OF_A_FILE):
            response["Cache-Control"] = "no-store"
        response.setdefault("Content-Security-Policy", CSP)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class Acting:
    """Whoever signed in acts in this request, and nobody does when it is over."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer for the person of the session; without one PostgreSQL shows and takes nothing."""
        with acting_as(request.user.pk):
            return self.get_response(request)


class SignInRequired(LoginRequiredMiddleware):
    """Every page is for people who signed in; what was typed before a session ended is shown."""

    def handle_no_permission(  # type: ignore[override]  # Django's own answer is a redirect
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponse:
        """Send a reader to sign in. Show a writer what they typed, so that they can copy it."""
        if request.method == "POST":
            return signed_out(request)
        return super().handle_no_permission(request, view_func)


class BadInput:
    """Answer input that no field can hold (a NUL, a number too large) with a page, not a crash."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse a NUL before any view meets it; say in words that a page takes no such method."""
        if "\x00" in request.path or any(
            "\x00" in value for values in request.GET.lists() for value in values[1]
        ):
            return self._page(request)
        if request.path.startswith(_LIBRARYS) and request.method not in _METHODS:
            response: HttpResponse = HttpResponseNotAllowed(_METHODS)
        else:
            response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
            page = render(request, "405.html", status=response.status_code)
            page["Allow"] = response["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn a refusal of the framework into a page that says what to do."""
        if isinstance(error, BadRequest | SuspiciousOperation):
            return self._page(request)
        return None

    def _page(self, request: HttpRequest) -> HttpResponse:
        return render(request, "400.html", status=400)
