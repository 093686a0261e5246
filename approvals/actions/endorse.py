"""endorse: the Chief Executive confirms that advice was taken, and signs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.models import Appointment, User
from approvals.actions.move import move
from approvals.actions.signing import once, require_password, require_version, sign
from approvals.models import Act, Signature
from decisions.part_two import room
from decisions.wording import ENDORSEMENT


def endorse(
    paper_id: int,
    *,
    by: User,
    mark: str,
    password: str,
    key: UUID,
    at: datetime | None = None,
) -> Signature:
    """Sign the Chief Executive's statement on the version on the screen.

    `mark` names that version, `key` this form: a second click gets the first signature back.
    Raises Refused, and then nothing is signed.
    """
    return once(
        paper_id, key, Act.ENDORSE, by, lambda: _sign(paper_id, by, mark, password, key, at)
    )


def _sign(
    paper_id: int, by: User, mark: str, password: str, key: UUID, at: datetime | None
) -> Signature:
    require_password(by, password)
    with move(paper_id, "endorse", by, at=at) as moving:
        version = require_version(moving, mark)
        office = moving.paper.office
        signature = sign(
            moving, Act.ENDORSE, version, key=key, statement=ENDORSEMENT.format(office=office.title)
        )
        if moving.paper.has_part_two:
            for holder in Appointment.objects.current().filter(office=office):
                room.clear(moving.paper, holder.person, by=by, reason="Office that decides")
    return signature
