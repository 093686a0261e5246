"""The list of people, one person's page, and how people come and go."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts.models import Appointment, Duty, DutyKind, Invitation, Proposal, User, today
from accounts.people import acts, rights, told
from accounts.people.forms import InviteForm, SureForm
from accounts.people.in_hand import in_hand
from accounts.people.links import state_of
from accounts.people.pages.gate import answer, for_keepers, for_readers, other, person_of


@for_readers
def people(request: HttpRequest) -> HttpResponse:
    """Everybody: what they do, what they hold, what they sign in with, and who is gone."""
    everybody = told.lines(User.objects.order_by("name", "pk"))
    context = {
        "here": [line for line in everybody if line.person.is_active],
        "gone": [line for line in everybody if not line.person.is_active],
        "waiting": Proposal.objects.filter(confirmation=None).count(),
        "keeps": rights.keeps(person_of(request)),
    }
    return render(request, "accounts/people/people.html", context)


@for_readers
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: duties, offices, how they sign in, the newest link, and what was done."""
    shown = get_object_or_404(User, pk=pk)
    reader = person_of(request)
    kinds = set(Authenticator.objects.filter(user=shown).values_list("type", flat=True))
    link = Invitation.objects.filter(person=shown).order_by("-pk").first()
    context = {
        "person": shown,
        "duties": Duty.objects.filter(person=shown).order_by("-starts", "-pk"),
        "appointments": Appointment.objects.filter(person=shown)
        .select_related("office")
        .order_by("-starts", "-pk"),
        "proposals": Proposal.objects.filter(person=shown, confirmation=None).select_related(
            "office"
        ),
        "factor": told.factor_words(kinds),
        "has_password": shown.has_usable_password(),
        "link": link,
        "link_state": state_of(link) if link else "",
        "link_open": bool(link and not link.used_at and not link.revoked_at),
        "history": told.history(shown),
        "today": today(),
        "changes": rights.keeps(reader) and reader.pk != shown.pk,
        "oneself": reader.pk == shown.pk,
    }
    return render(request, "accounts/people/person.html", context)


@for_keepers
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody: a link goes to their address."""
    form = InviteForm(request.POST or None)

    def do() -> str:
        typed = form.cleaned_data
        duties = [DutyKind(kind) for kind in typed["duties"]]
        acts.invite(typed["name"], typed["email"], duties, by=person_of(request))
        return f"{typed['name']} is invited. A link goes to {typed['email'].lower()}."

    return answer(request, "accounts/people/invite.html", form, do, to=reverse("people"))


@for_keepers
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Close somebody's account, after saying what they have in hand."""
    leaving = other(request, pk)
    form = SureForm(
        request.POST if request.method == "POST" else None, label="Deactivate", warns=True
    )

    def do() -> str:
        acts.deactivate(leaving, by=person_of(request))
        return f"{leaving.name} is deactivated and signed out everywhere."

    return answer(
        request,
        "accounts/people/deactivate.html",
        form,
        do,
        to=reverse("person", args=[pk]),
        person=leaving,
        work=in_hand(leaving),
    )


@for_keepers
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite somebody anew whose account was closed."""
    returning = other(request, pk)
    form = SureForm(request.POST if request.method == "POST" else None, label="Invite anew")

    def do() -> str:
        acts.reactivate(returning, by=person_of(request))
        return f"{returning.name} is invited anew. A link goes to {returning.email}."

    return answer(
        request,
        "accounts/people/reactivate.html",
        form,
        do,
        to=reverse("person", args=[pk]),
        person=returning,
    )
