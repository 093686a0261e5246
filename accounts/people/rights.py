"""Who reads the pages about people, who changes what stands there, and who confirms."""

from __future__ import annotations

from typing import Final

from accounts.models import DutyKind, User

CHIEF_EXECUTIVE: Final = "chief_executive"


def keeps(user: User) -> bool:
    """Whether this person is of the secretariat today, which keeps the accounts of the others."""
    return DutyKind.SECRETARIAT in user.duties()


def reads(user: User) -> bool:
    """Whether this person may look at people: the secretariat and the auditor."""
    return bool(user.duties() & {DutyKind.SECRETARIAT, DutyKind.AUDITOR})


def confirms(user: User) -> bool:
    """Whether this person may be the second one at an appointment.

    The secretariat, a head of service, and who holds or acts in the office of Chief Executive.
    """
    return (
        bool(user.duties() & {DutyKind.SECRETARIAT, DutyKind.HEAD_OF_SERVICE})
        or user.holds(CHIEF_EXECUTIVE) is not None
    )
