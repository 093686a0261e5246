"""Who reads the pages about people, who changes what stands there, and who confirms."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Act, Appointment, Duty, DutyKind, User, today

CHIEF_EXECUTIVE: Final = "chief_executive"
CONFIRMING: Final = frozenset({DutyKind.SECRETARIAT, DutyKind.HEAD_OF_SERVICE})
# One person gives these duties. Until then, everybody who was told can object.
SETTLES_IN: Final = timedelta(days=7)


def keeps(user: User) -> bool:
    """Whether this person is of the secretariat today, which keeps the accounts of the others."""
    return DutyKind.SECRETARIAT in user.duties()


def reads(user: User) -> bool:
    """Whether this person may look at people: the secretariat and the auditor."""
    return bool(user.duties() & {DutyKind.SECRETARIAT, DutyKind.AUDITOR})


def confirms(user: User) -> bool:
    """Whether this person may be the second one at an appointment.

    Who holds or acts in the office of Chief Executive; and the secretariat and heads of service,
    seven days after they were given that duty. `sight.may_confirm` says the same in the database.
    """
    if user.holds(CHIEF_EXECUTIVE) is not None:
        return True
    return bool(user.duties() & CONFIRMING) and confirming_duties().filter(person=user.pk).exists()


def weighs(user: User) -> bool:
    """Whether this person signs, or confirms who signs: one secretary alone opens no such account.

    Whether the account is open or closed: what ends today counts until midnight.
    """
    held = Appointment.objects.on(today()).filter(person=user.pk)
    duties = Duty.objects.on(today()).filter(person=user.pk, kind__in=CONFIRMING)
    return held.exists() or duties.exists()


def confirming_duties() -> QuerySet[Duty]:
    """The duties that let somebody confirm today: settled in, or there since the set-up."""
    given = Act.objects.filter(person=OuterRef("person"), verb="give_duty")
    settled = Q(starts__lte=today() - SETTLES_IN) | ~Exists(given)
    return Duty.objects.current().filter(settled, kind__in=CONFIRMING)
