"""Pages about oneself: my work, and how accounts come about."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def my_work(request: HttpRequest) -> HttpResponse:
    """What waits for me, and what I wait for."""
    return render(request, "accounts/my_work.html")


@login_not_required
def by_invitation(request: HttpRequest) -> HttpResponse:
    """Accounts are made, and passwords set anew, by the secretariat."""
    return render(request, "accounts/by_invitation.html")


@login_not_required
def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form was sent without a valid form token: nothing was done, and what to do."""
    return render(request, "accounts/form_expired.html", status=403)
