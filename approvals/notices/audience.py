"""Who is told: the ids of people, as they hold offices and do duties today."""

from __future__ import annotations

from django.db.models import Q

from accounts.models import Appointment, DatedQuerySet, Duty, DutyKind


def holders(**office: object) -> frozenset[int]:
    """Who holds an office today, and who acts in it: `holders(code=...)`, `holders(pk=...)`."""
    wanted = Q(**{f"office__{name}": value for name, value in office.items()})
    return frozenset(Appointment.objects.current().filter(wanted).values_list("person", flat=True))


def secretariat() -> frozenset[int]:
    """Everybody whose duty is the secretariat's today."""
    return frozenset(on_duty().values_list("person", flat=True))


def on_duty() -> DatedQuerySet:
    """The secretariat's duties of today."""
    duties: DatedQuerySet = Duty.objects.current().filter(kind=DutyKind.SECRETARIAT)
    return duties
