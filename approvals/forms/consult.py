"""consult: one person for each row of the officer's declaration."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from accounts.models import Duty, User
from approvals.actions.consult import ALWAYS
from approvals.case import Case
from approvals.models import Consultation
from components.fields import Choice, RadiosField
from components.forms import GovukForm
from decisions.models import DeclarationKind

NOT_NEEDED: Final = "none"


class ConsultForm(GovukForm):
    """For each kind of advice, who gives it; some kinds may not be needed."""

    submit_label = "Ask for advice"

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        self.people = _people(case)
        kwargs.setdefault("initial", _only_ones(self.people) | _asked_before(case))
        super().__init__(*args, **kwargs)
        for kind in DeclarationKind:
            self.fields[kind.value] = _question(kind, self.people[kind])

    def advisers(self) -> dict[str, User]:
        """Kind to the person who was chosen for it; only of a valid form."""
        found = {}
        for kind in DeclarationKind:
            chosen = self.cleaned_data[kind]
            if chosen != NOT_NEEDED:
                found[kind.value] = next(p for p in self.people[kind] if str(p.pk) == chosen)
        return found


def _question(kind: DeclarationKind, people: list[User]) -> RadiosField:
    choices = [Choice(str(person.pk), person.name) for person in people]
    if kind not in ALWAYS:
        choices.append(
            Choice(NOT_NEEDED, "Not needed on this paper", divider_before="or" if people else "")
        )
    nobody = (
        f"Nobody does the work of “{kind.label}” today. Ask the secretariat to record who does, "
        "then ask for advice."
    )
    return RadiosField(
        label=kind.label,
        choices=choices,
        help_text="" if choices else nobody,
        error_messages={
            "required": f"Select who gives the advice “{kind.label}”" if choices else nobody
        },
    )


def _people(case: Case) -> dict[str, list[User]]:
    """Kind to who does that duty today, without the paper's own officer, by name."""
    people: dict[str, list[User]] = defaultdict(list)
    duties = (
        Duty.objects.current()
        .filter(kind__in=DeclarationKind.values)
        .exclude(person=case.paper.officer)
        .select_related("person")
        .order_by("person__name", "pk")
    )
    for duty in duties:
        if duty.person not in people[duty.kind]:
            people[duty.kind].append(duty.person)
    return people


def _only_ones(people: Mapping[str, list[User]]) -> dict[str, str]:
    """Where advice is always needed and one person alone gives it, there is nothing to choose."""
    return {
        kind.value: str(people[kind][0].pk) for kind in ALWAYS if len(people.get(kind, ())) == 1
    }


def _asked_before(case: Case) -> dict[str, str]:
    """Who was asked in the round before, so that a paper sent back need not be asked anew."""
    rows = Consultation.objects.filter(paper=case.paper, round=case.paper.round - 1)
    return {row.kind: str(row.person_id) for row in rows}
