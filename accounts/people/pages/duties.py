"""Give somebody a duty, and end one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.models import Duty, DutyKind, today
from accounts.people import acts
from accounts.people.forms import DutyForm, LastDayForm
from accounts.people.pages.gate import answer, for_keepers, other, person_of
from components.words import long_date


@for_keepers
def give_duty(request: HttpRequest, pk: int) -> HttpResponse:
    """Give somebody a duty."""
    person = other(request, pk)
    form = DutyForm(request.POST or None, initial={"starts": today()})

    def do() -> str:
        typed = form.cleaned_data
        kind = DutyKind(typed["kind"])
        acts.give_duty(
            person, kind, starts=typed["starts"], ends=typed["ends"], by=person_of(request)
        )
        return f"{person.name} has the duty “{kind.label}” from {long_date(typed['starts'])}."

    to = reverse("person", args=[pk])
    return answer(request, "accounts/people/give_duty.html", form, do, to=to, person=person)


@for_keepers
def end_duty(request: HttpRequest, pk: int) -> HttpResponse:
    """End a duty with a day."""
    duty = get_object_or_404(Duty.objects.select_related("person"), pk=pk)
    person = other(request, duty.person_id)
    form = LastDayForm(request.POST or None)

    def do() -> str:
        last_day = form.cleaned_data["ends"]
        acts.end_duty(duty, last_day=last_day, by=person_of(request))
        label = duty.get_kind_display()
        return f"The duty “{label}” of {person.name} ends with {long_date(last_day)}."

    to = reverse("person", args=[person.pk])
    return answer(
        request, "accounts/people/end_duty.html", form, do, to=to, person=person, duty=duty
    )
