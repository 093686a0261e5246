"""What the two signed acts share: proof of identity, the version on the screen, the signature."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from accounts.models import User
from approvals.actions.move import Move, Refused
from approvals.models import Act, Signature
from decisions.models import Version

IDENTITY = "Signed in, password asked again"


def once(
    paper_id: int, key: UUID, act: Act, by: User, sign_now: Callable[[], Signature]
) -> Signature:
    """Sign, unless a click with the same key already did: then hand back what it made.

    Two clicks at the same moment both come here; the second waits for the paper's lock, is refused
    because the paper has moved on, and then finds the first one's signature. Raises Refused.
    """
    earlier = _already_signed(paper_id, key, act, by)
    if earlier is not None:
        return earlier
    try:
        return sign_now()
    except Refused:
        meanwhile = _already_signed(paper_id, key, act, by)
        if meanwhile is None:
            raise
        return meanwhile


def _already_signed(paper_id: int, key: UUID, act: Act, by: User) -> Signature | None:
    """The signature that an earlier click with this key made, if one did.

    Raises Refused when the key belongs to another paper, person or act.
    """
    signature = Signature.objects.filter(key=key).first()
    if signature is None:
        return None
    if (signature.paper_id, signature.signer_id, signature.act) != (paper_id, by.pk, act):
        raise Refused("This form was already used for another signature. Open the page again.")
    return signature


def require_password(by: User, password: str) -> None:
    """Ask afresh who is signing. Raises Refused when the password is not theirs."""
    if not by.check_password(password):
        raise Refused(
            "That is not your password, so nothing was signed. Type it again.", field="password"
        )


def require_version(moving: Move, mark: str) -> Version:
    """The newest version, if it is the one on the screen. Raises Refused when it is not."""
    version = moving.case.version
    if version is None or version.mark != mark:
        raise Refused(
            f"{moving.paper.reference} changed after you opened this page, so nothing was signed. "
            "The paper as it is now is shown; read it and sign again."
        )
    return version


def sign(
    moving: Move, act: Act, version: Version, *, key: UUID, statement: str, interests: str = ""
) -> Signature:
    """Write the signature with name and title frozen as they are today. Raises Refused."""
    appointment = moving.case.appointment
    if appointment is None:
        raise Refused("You do not hold the office that signs this. Nothing was signed.")
    signature = Signature.objects.create(
        paper=moving.paper,
        version=version,
        round=moving.paper.round,
        act=act,
        signer=moving.case.person,
        appointment=appointment,
        office=appointment.office,
        name=moving.case.person.name,
        title=appointment.title,
        acting_for=appointment.office.title if appointment.acting else "",
        statement=statement,
        interests=interests,
        digest=version.digest,
        part_two_commitment=version.part_two_commitment,
        identity=IDENTITY,
        key=key,
        signed_at=moving.at,
    )
    moving.signature = signature
    moving.facts = {
        "number": version.number,
        "digest": version.digest,
        "commitment": version.part_two_commitment,
        "signature": signature.pk,
    }
    return signature
