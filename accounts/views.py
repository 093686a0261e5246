"""How accounts come about, and what to do when a form has expired."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

# Never shown again, whatever the form was.
SECRETS: Final = (
    *("csrfmiddlewaretoken", "password", "mark", "key", "token"),
    *("code", "current", "new", "credential"),
)


@login_not_required
@require_safe
def by_invitation(request: HttpRequest) -> HttpResponse:
    """Accounts are made, and passwords set anew, by the secretariat."""
    return render(request, "accounts/by_invitation.html")


@login_not_required
def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form was sent without a valid form token: nothing was done, what to do, what was typed.

    The text is shown again only to a form of our own pages, so that no other site can put words
    on ours.
    """
    return _not_done(request, "accounts/form_expired.html")


def signed_out(request: HttpRequest) -> HttpResponse:
    """A form was sent after the session had ended: the same, and where to sign in again."""
    return _not_done(request, "accounts/signed_out.html")


def _not_done(request: HttpRequest, template: str) -> HttpResponse:
    context = {"typed": _typed(request) if _is_ours(request) else []}
    return render(request, template, context, status=403)


def _is_ours(request: HttpRequest) -> bool:
    """Whether the browser says that the form stood on one of our own pages."""
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name.replace("_", " ").capitalize(), str(text))
        for name, text in request.POST.items()
        if name not in SECRETS and not name.endswith("_html") and " " in str(text).strip()
    ]
