"""How accounts come about, and what to do when a form has expired."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

# Never shown again, whatever the form was.
SECRETS: Final = ("csrfmiddlewaretoken", "password", "mark", "key", "token")


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
    context = {"typed": _typed(request) if _is_ours(request) else []}
    return render(request, "accounts/form_expired.html", context, status=403)


def _is_ours(request: HttpRequest) -> bool:
    """Whether the browser says that the form stood on one of our own pages."""
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name.replace("_", " ").capitalize(), str(text))
        for name, text in request.POST.items()
        if name not in SECRETS and not name.endswith("_html") and " " in str(text).strip()
    ]
