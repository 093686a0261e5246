"""endorse: the Chief Executive confirms that advice was taken, and signs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.models import Appointment, Office, User
from approvals.actions.move import move
from approvals.actions.signing import look, once, require_version, sign
from approvals.ceremony import Declared, Proof
from approvals.models import Act, Signature
from decisions.part_two import room
from decisions.wording import ENDORSEMENT


def endorse(
    paper_id: int,
    *,
    by: User,
    mark: str,
    proof: Proof,
    key: UUID,
    at: datetime | None = None,
) -> Signature:
    """Sign the Chief Executive's statement on the version on the screen.

    `mark` names that version, `key` this form: a second click gets the first signature back.
    `proof` is how the signer proves that it is they who sign.
    Raises Refused, and then nothing is signed.
    """
    return once(paper_id, key, Act.ENDORSE, by, lambda: _sign(paper_id, by, mark, proof, key, at))


def declared_by_endorsing(decides: Office) -> Declared:
    """What is declared by endorsing a paper that this office decides."""
    return Declared(ENDORSEMENT.format(office=decides.title))


def _sign(
    paper_id: int, by: User, mark: str, proof: Proof, key: UUID, at: datetime | None
) -> Signature:
    look(proof, by, Act.ENDORSE)
    with move(paper_id, "endorse", by, at=at) as moving:
        version = require_version(moving, mark)
        office = moving.paper.office
        signature = sign(
            moving,
            Act.ENDORSE,
            version,
            key=key,
            proof=proof,
            declared=declared_by_endorsing(office),
        )
        if moving.paper.has_part_two:
            for holder in Appointment.objects.current().filter(office=office):
                room.clear(moving.paper, holder.person, by=by, reason="Office that decides")
    return signature
