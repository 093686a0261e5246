"""submit: every adviser has advised on this version, so it goes to the Chief Executive."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from approvals.actions.move import move
from approvals.case import CHIEF_EXECUTIVE
from decisions.drafting.versions import take_version
from decisions.models import Paper
from decisions.part_two import room


def submit(paper_id: int, *, by: User, at: datetime | None = None) -> Paper:
    """Send the paper, as advised on, to the Chief Executive. Raises Refused."""
    from accounts.models import Appointment

    with move(paper_id, "submit", by, at=at) as moving:
        version = take_version(moving.paper, by, at=moving.at)
        moving.facts = {"number": version.number, "digest": version.digest}
        if moving.paper.has_part_two:
            for holder in Appointment.objects.current().filter(office__code=CHIEF_EXECUTIVE):
                room.clear(moving.paper, holder.person, by=by, reason="Chief Executive’s office")
    return moving.paper
