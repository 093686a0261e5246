"""The pages on which people set up and remove what they prove themselves by."""

from __future__ import annotations

import json
from typing import Any

from allauth.mfa.base.internal.flows import delete_and_cleanup
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.flows import (
    generate_recovery_codes,
    view_recovery_codes,
)
from allauth.mfa.totp.internal.flows import activate_totp
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.internal import flows as webauthn_flows
from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import owner_letters, signed_in
from accounts.factors import again, rules
from accounts.factors.adapter import passkeys_elsewhere
from accounts.factors.forms import AppForm, PasskeyForm
from accounts.models import User

__all__ = ["add_app", "add_passkey", "new_codes", "recovery_codes", "remove", "security"]


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - every page here is behind sign-in
    return request.user


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """What somebody proves themselves by, and where they are signed in."""
    person = _person(request)
    factors = list(Authenticator.objects.filter(user=person).order_by("created_at", "pk"))
    kept = next((f for f in factors if f.type == rules.CODES), None)
    context = {
        "passkeys": [f for f in factors if f.type == rules.PASSKEY],
        "app": next((f for f in factors if f.type == rules.APP), None),
        "codes_left": len(kept.wrap().get_unused_codes()) if kept else 0,
        "has_factor": any(f.type in rules.FACTORS for f in factors),
        "lacks_one": rules.lacks_one(person),
        "signed_in": signed_in.listed(request),
    }
    return render(request, "accounts/security.html", context)


@again.each_time
@require_http_methods(["GET", "HEAD", "POST"])
def add_passkey(request: HttpRequest) -> HttpResponse:
    """Set up a passkey that signs in by itself: it is kept on the device and asks for its owner.

    One that is not the first thing that they prove themselves by is marked, and signs later.
    """
    person = _person(request)
    form = PasskeyForm(request.POST or None, user=person)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            # Of two that are set up at once, the second is not the first.
            User.objects.select_for_update(no_key=True).get(pk=person.pk)
            is_first = not rules.has_own(person)
            passkey, codes = webauthn_flows.add_authenticator(
                request, name=form.cleaned_data["name"], credential=form.cleaned_data["credential"]
            )
            if not is_first:
                rules.let_settle(passkey)
            owner_letters.added(passkey)
        again.use_up(request)
        return redirect("mfa_view_recovery_codes" if codes else "mfa_index")
    options = webauthn.begin_registration(person, passwordless=True)
    form.options = json.dumps(options, cls=DjangoJSONEncoder)
    context = {
        "form": form,
        "passkeys_elsewhere": passkeys_elsewhere(request),
        "settles": rules.has_own(person),
    }
    return render(request, "accounts/add_passkey.html", context)


class AddApp(ActivateTOTPView):  # type: ignore[misc]  # allauth ships no types
    """Set up an authenticator app, by its picture or its text."""

    template_name = "accounts/add_app.html"

    def get_form_class(self) -> type[AppForm]:
        """Our own form."""
        return AppForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The secret in groups of four, for those who type it."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        secret = context["form"].secret.rstrip("=")
        context["secret"] = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
        return context

    def form_valid(self, form: AppForm) -> HttpResponse:
        """Keep the app and tell its owner, both or neither."""
        with transaction.atomic():
            app, codes = activate_totp(self.request, form)
            owner_letters.added(app)
        again.use_up(self.request)
        return redirect("mfa_view_recovery_codes" if codes else "mfa_index")


_add_app = again.each_time(AddApp.as_view())


@again.led_here
def add_app(request: HttpRequest) -> HttpResponse:
    """Set up an app; who has one is told to remove it first, before they prove anything."""
    if Authenticator.objects.filter(user=_person(request), type=rules.APP).exists():
        messages.info(request, "You have an authenticator app already. Remove it first.")
        return redirect("mfa_index")
    return _add_app(request)


@again.led_here
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a passkey or the app; never the last one of somebody who must have one."""
    person = _person(request)
    factor = get_object_or_404(Authenticator, pk=pk, user=person, type__in=rules.FACTORS)
    why_kept = rules.why_kept(factor)
    if why_kept:
        return _kept(request, factor, why_kept)
    return _remove(request, factor)


@again.each_time
def _remove(request: HttpRequest, factor: Authenticator) -> HttpResponse:
    person = _person(request)
    if request.method == "POST":
        with transaction.atomic():
            # Two tabs that remove the last two at once: the second waits, and is refused.
            User.objects.select_for_update().get(pk=person.pk)
            why_kept = rules.why_kept(factor)
            if not why_kept:
                owner_letters.removed(factor)
                delete_and_cleanup(request, factor)
        if why_kept:
            return _kept(request, factor, why_kept)
        again.use_up(request)
        messages.success(request, "It was removed and opens nothing any more.")
        return redirect("mfa_index")
    context = {"factor": factor, "is_app": factor.type == rules.APP}
    return render(request, "accounts/remove_factor.html", context)


def _kept(request: HttpRequest, factor: Authenticator, why_kept: str) -> HttpResponse:
    context = {"factor": factor, "is_app": factor.type == rules.APP, "why_kept": why_kept}
    return render(request, "accounts/remove_factor.html", context, status=409)


@require_safe
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Show the recovery codes, once."""
    kept, may_see = view_recovery_codes(request)
    context = {
        "codes": kept.get_unused_codes() if kept and may_see else [],
        "left": len(kept.get_unused_codes()) if kept else 0,
    }
    return render(request, "accounts/recovery_codes.html", context)


@again.each_time
@require_http_methods(["GET", "HEAD", "POST"])
def new_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes; the old ones open nothing any more."""
    if not rules.held(_person(request)):
        return redirect("mfa_index")
    if request.method == "POST":
        with transaction.atomic():
            generate_recovery_codes(request)
            owner_letters.made_codes_anew(_person(request))
        again.use_up(request)
        return redirect("mfa_view_recovery_codes")
    return render(request, "accounts/new_codes.html")


@again.lately
@require_POST
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """End every other session of this person."""
    ended = signed_in.end_others(request)
    messages.success(
        request,
        f"You were signed out of {ended} other browser{'s' if ended != 1 else ''}."
        if ended
        else "You were signed in nowhere else.",
    )
    return redirect(reverse("mfa_index"))
