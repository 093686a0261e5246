"""The pages of signing in, of proving it again, and of changing one's password."""

from __future__ import annotations

import json
from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView, ReauthenticateView
from allauth.core import ratelimit
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.base.views import ReauthenticateView as CodeAgainView
from allauth.mfa.webauthn.views import LoginWebAuthnView, ReauthenticateWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import owner_letters, sign_in_log, signed_in
from accounts.factors import again, rules
from accounts.factors.adapter import passkeys_elsewhere
from accounts.forms import ConfirmPasswordForm, PasswordForm
from accounts.models import User


class SignIn(LoginView):  # type: ignore[misc]  # allauth ships no types
    """By password, by passkey, or by single sign-on where there is one."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Why one was signed out, and what other ways in there are."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "ended": self.request.session.pop(signed_in.ENDED, ""),
            "single_sign_on": settings.OIDC.name if settings.OIDC else "",
            "passkeys_elsewhere": passkeys_elsewhere(self.request),
        }


class TypeCode(AuthenticateView):  # type: ignore[misc]  # allauth ships no types
    """The second factor, after the password."""

    template_name = "accounts/code.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take the code or the passkey; or forget the password, for somebody else to begin."""
        if "start_again" in request.POST:
            begin: HttpResponse = self.stage.abort()
            return begin
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Offer the passkey to who has one, and the code to who can make one."""
        kinds = rules.kinds(self.stage.login.user)
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "has_passkey": rules.PASSKEY in kinds,
            "options": json.dumps(context["js_data"]["request_options"], cls=DjangoJSONEncoder),
            "passkeys_elsewhere": passkeys_elsewhere(self.request),
        }


class _Again:
    """What the pages share on which somebody proves themselves again."""

    template_name = "accounts/prove_again.html"
    request: HttpRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, and the other ways."""
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]  # the view's
        asked = context.get("js_data", {}).get("request_options")
        return context | {
            "options": json.dumps(asked, cls=DjangoJSONEncoder) if asked else "",
            "passkeys_elsewhere": passkeys_elsewhere(self.request),
        }

    def form_valid(self, form: Any) -> HttpResponse:
        """Forget the wrong tries, and go on to what it was asked for."""
        ratelimit.clear(self.request, action="reauthenticate", user=self.request.user)
        answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # the view's
        return again.led_on(self.request, get_next_redirect_url(self.request), answer)

    def _check_ratelimit(self, request: HttpRequest) -> HttpResponse | None:
        """Count answers, and not how often the page was looked at."""
        limited: HttpResponse | None = (
            super()._check_ratelimit(request)  # type: ignore[misc]  # the view's
            if request.method == "POST"
            else None
        )
        return limited


class PasswordAgain(_Again, ReauthenticateView):  # type: ignore[misc]  # allauth ships no types
    """The password again, from somebody who has nothing else."""

    def get_form_class(self) -> type[ConfirmPasswordForm]:
        """Our own form."""
        return ConfirmPasswordForm


class CodeAgain(_Again, CodeAgainView):  # type: ignore[misc]  # allauth ships no types
    """A code again."""


class PasskeyAgain(_Again, ReauthenticateWebAuthnView):  # type: ignore[misc]  # allauth ships no types
    """The passkey again."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say what was wrong on the page that asks."""
        for sentence in form.errors.get("credential", []):
            messages.error(self.request, sentence)
        return redirect(self.passthrough_next_url(reverse("mfa_reauthenticate_webauthn")))


sign_in = SignIn.as_view()
type_code = TypeCode.as_view()
sign_in_by_passkey = login_not_required(LoginWebAuthnView.as_view())
password_again = PasswordAgain.as_view()
code_again = CodeAgain.as_view()
passkey_again = PasskeyAgain.as_view()


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; every other session of one's own ends."""
    person = request.user
    assert isinstance(person, User)  # noqa: S101 - the page is behind sign-in
    form = PasswordForm(request.POST or None, person=person)
    if request.method == "POST":
        limited = ratelimit.consume_or_429(request, action="change_password", user=person)
        if limited:
            return limited  # type: ignore[no-any-return]  # allauth ships no types
        if form.is_valid():
            with transaction.atomic():
                person.set_password(form.cleaned_data["new"])
                person.save(update_fields=["password"])
                owner_letters.changed_password(person)
                signed_in.end_others(request)
                before = request.session.session_key
                update_session_auth_hash(request, person)
                signed_in.follow_key(request, before)
            sign_in_log.changed_password(request, person)
            messages.success(request, "Your password was changed. You were signed out elsewhere.")
            return redirect("mfa_index")
    return render(request, "accounts/change_password.html", {"form": form})
