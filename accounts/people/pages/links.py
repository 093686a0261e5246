"""Send somebody a link, revoke it, and what its owner does with it."""

from __future__ import annotations

from typing import Final

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.models import Invitation
from accounts.people import links
from accounts.people.forms import ChooseForm, LinkForm, SureForm
from accounts.people.keeping import Refused
from accounts.people.pages.gate import answer, for_keepers, other, person_of

_KEPT: Final = "link"


@for_keepers
def send_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Send somebody a link to choose a password by."""
    person = other(request, pk)
    form = LinkForm(request.POST if request.method == "POST" else None)

    def do() -> str:
        lost = form.cleaned_data["lost"]
        links.send_link(person, by=person_of(request), lost_factors=lost)
        removed = (
            " Their passkeys, app, recovery codes and password are removed: only the link opens "
            "their account."
            if lost
            else ""
        )
        return f"A link goes to {person.email}. Earlier links work no more.{removed}"

    to = reverse("person", args=[pk])
    return answer(request, "accounts/people/send_link.html", form, do, to=to, person=person)


@for_keepers
def revoke_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a link work no more."""
    link = get_object_or_404(Invitation.objects.select_related("person"), pk=pk)
    person = other(request, link.person_id)
    form = SureForm(request.POST if request.method == "POST" else None, label="Revoke the link")

    def do() -> str:
        links.revoke_link(link, by=person_of(request))
        return f"The link of {person.name} works no more."

    to = reverse("person", args=[person.pk])
    return answer(
        request,
        "accounts/people/revoke_link.html",
        form,
        do,
        to=to,
        person=person,
        link_state=links.state_of(link),
    )


@login_not_required
@require_http_methods(["GET", "HEAD"])
def use_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Take the secret out of the address: keep its digest in the session, and go on without it."""
    limited = ratelimit.consume_or_429(request, action="use_link", limit_get=True)
    if limited:
        # Django's own mark: a log would tell the address, which holds the secret.
        limited._has_been_logged = True  # noqa: SLF001 - there is no public name for it
        return limited  # type: ignore[no-any-return]  # allauth ships no types
    digest = links.digest_of(secret)
    if links.find_link(digest) is not None:
        if request.user.is_authenticated:
            logout(request)
        request.session[_KEPT] = digest
    else:
        request.session.pop(_KEPT, None)
    # Also where it does not work, so that no log tells an address which is nearly right.
    return redirect("choose_password")


@sensitive_post_parameters()
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose_password(request: HttpRequest) -> HttpResponse:
    """Choose a password by the link that was opened in this browser. It works once."""
    link = links.find_link(request.session.get(_KEPT, ""))
    if link is None:
        return _gone(request)
    form = ChooseForm(request.POST or None, person=link.person)
    if request.method == "POST" and form.is_valid():
        try:
            links.use_link(link, form.cleaned_data["new"])
        except Refused:
            return _gone(request)
        request.session.flush()
        messages.success(request, "Your password is set. Sign in with it.")
        return redirect("account_login")
    status = 422 if form.errors else 200
    context = {"form": form, "person": link.person}
    return render(request, "accounts/people/choose_password.html", context, status=status)


def _gone(request: HttpRequest) -> HttpResponse:
    """One answer for unknown, used, revoked and old links: nobody learns which there were."""
    return render(request, "accounts/people/no_link.html", status=404)
