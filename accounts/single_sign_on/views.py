"""The two addresses of single sign-on: where it begins, and where it comes back."""

from __future__ import annotations

from typing import Final

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import sign_in_log
from accounts.models import Identity, User
from accounts.single_sign_on import refusals
from accounts.single_sign_on.provider import Answer, Provider
from accounts.single_sign_on.refusals import Refused

WANTED: Final = "single_sign_on_wanted"


@login_not_required
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider, with a question that only this browser can answer."""
    provider = _provider()
    if limited := ratelimit.consume_or_429(request, action="single_sign_on"):
        return limited  # type: ignore[no-any-return]  # allauth ships no types
    back = f"{settings.STAFF_URL}{reverse('single_sign_on_back')}"
    request.session[WANTED] = get_next_redirect_url(request)
    try:
        return provider.ask(request, back)
    except Refused as refused:
        return _refused(request, refused)


@login_not_required
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """Let in whom the provider names, if they are somebody here already."""
    provider = _provider()
    if limited := ratelimit.consume_or_429(request, action="single_sign_on"):
        return limited  # type: ignore[no-any-return]  # allauth ships no types
    wanted = request.session.pop(WANTED, None)
    try:
        person = _person(provider.settings.issuer, provider.answer(request))
    except Refused as refused:
        return _refused(request, refused)
    record_authentication(
        request, person, "single_sign_on", proved_twice=bool(provider.settings.acr)
    )
    response: HttpResponse = perform_login(request, Login(user=person, redirect_url=wanted))
    return response


def _provider() -> Provider:
    """Raises Http404 where the settings name no provider."""
    if settings.OIDC is None:
        raise Http404
    return Provider(settings.OIDC)


def _person(issuer: str, answer: Answer) -> User:
    """Whoever this is here: by the provider's name for them, at first by their verified address.

    Raises Refused for anybody else, and for one whose account was closed.
    """
    known = Identity.objects.filter(issuer=issuer, subject=answer.subject).first()
    person = known.person if known else _by_address(answer)
    if person is None:
        raise refusals.unknown()
    if not person.is_active:
        raise refusals.closed()
    if known is None:
        try:
            with transaction.atomic():
                Identity.objects.create(person=person, issuer=issuer, subject=answer.subject)
        except IntegrityError:
            # This person is somebody else there: their address went to another.
            raise refusals.unknown() from None
    return person


def _by_address(answer: Answer) -> User | None:
    if not answer.email_verified:
        return None
    return User.objects.filter(email=answer.email).first()


def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    sign_in_log.refused_single_sign_on(request)
    return render(
        request, "accounts/single_sign_on_refused.html", {"why": str(refused)}, status=403
    )
