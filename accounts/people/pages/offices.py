"""Propose that somebody hold an office, confirm it as the second person, end an appointment."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import Appointment, Proposal, today
from accounts.people import acts, offices, rights
from accounts.people.forms import LastDayForm, ProposeForm
from accounts.people.keeping import Refused
from accounts.people.pages.gate import (
    CONFIRMERS,
    answer,
    for_confirmers,
    for_keepers,
    other,
    person_of,
)
from components.words import join_words, long_date


@for_keepers
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose that somebody hold an office or act in it."""
    person = other(request, pk)
    form = ProposeForm(request.POST or None, initial={"starts": today()})

    def do() -> str:
        typed = form.cleaned_data
        proposal = offices.propose(
            person,
            form.office_chosen,
            acting=typed["acting"],
            legal_basis=typed["legal_basis"],
            starts=typed["starts"],
            ends=typed["ends"],
            by=person_of(request),
        )
        asked = [other.name for other in offices.may_confirm(proposal)]
        if not asked:
            return "It is proposed. There is nobody yet who could confirm it."
        return f"It is proposed, and counts once it is confirmed. Asked: {join_words(asked)}."

    to = reverse("person", args=[pk])
    return answer(request, "accounts/people/propose.html", form, do, to=to, person=person)


@require_safe
@for_confirmers
def proposals(request: HttpRequest) -> HttpResponse:
    """Every appointment that waits for a second person."""
    open_ones = Proposal.objects.filter(confirmation=None).select_related("person", "by", "office")
    context = {"proposals": open_ones.order_by("pk"), "reads": rights.reads(person_of(request))}
    return render(request, "accounts/people/proposals.html", context)


@for_confirmers
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal, and the answer to it."""
    rows = Proposal.objects.select_related("person", "by", "office", "confirmation__by")
    proposed = get_object_or_404(rows, pk=pk)
    reader = person_of(request)
    answered = getattr(proposed, "confirmation", None)
    why_not = "" if answered else offices.why_not_confirm(proposed, reader)
    refusal = ""
    if request.method == "POST":
        if not (offices.may_call_off(proposed, reader)):
            raise PermissionDenied(CONFIRMERS)
        try:
            if request.POST.get("answer") == "call_off":
                offices.call_off(proposed, by=reader)
                messages.success(request, "The proposal is called off. Nobody was appointed.")
            else:
                made = offices.confirm(proposed, by=reader)
                messages.success(
                    request, f"{proposed.person.name} is appointed from {long_date(made.starts)}."
                )
        except Refused as refused:
            refusal = refused.sentence
        else:
            return redirect("proposals")
    context = {
        "proposal": proposed,
        "answered": answered,
        "why_not": why_not,
        "refusal": refusal,
        "may_call_off": not answered and offices.may_call_off(proposed, reader),
    }
    status = 409 if refusal else 200
    return render(request, "accounts/people/proposal.html", context, status=status)


@for_keepers
def end_appointment(request: HttpRequest, pk: int) -> HttpResponse:
    """End an appointment early."""
    rows = Appointment.objects.select_related("person", "office")
    appointment = get_object_or_404(rows, pk=pk)
    person = other(request, appointment.person_id)
    form = LastDayForm(request.POST or None)

    def do() -> str:
        last_day = form.cleaned_data["ends"]
        acts.end_appointment(appointment, last_day=last_day, by=person_of(request))
        return f"The appointment of {person.name} ends with {long_date(last_day)}."

    to = reverse("person", args=[person.pk])
    return answer(
        request,
        "accounts/people/end_appointment.html",
        form,
        do,
        to=to,
        person=person,
        appointment=appointment,
    )
