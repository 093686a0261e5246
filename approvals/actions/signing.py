"""What the two signed acts share: proof of who signs, the version on the screen, the signature."""

from __future__ import annotations

import logging
from collections.abc import Callable
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.db import IntegrityError

from accounts.models import User
from approvals.actions.kept import digest_of_columns
from approvals.actions.move import Move, Refused
from approvals.ceremony import Declared, NotProved, Proof, Signed, Signing
from approvals.models import Act, Assertion, Outcome, Signature
from decisions.models import Paper, Version

log = logging.getLogger(__name__)

# Our triggers raise integrity_constraint_violation; PostgreSQL's own constraints raise its kinds.
_RAISED_BY_GUARDS: Final = "23000"
USED_ELSEWHERE: Final = "This form was already used for another signature. Open the page again."


def once(
    paper_id: int, key: UUID, act: Act, by: User, sign_now: Callable[[], Signature]
) -> Signature:
    """Sign, unless a click with the same key already did: then hand back what it made.

    A second click is refused, because the paper has moved on, and then finds the first one's
    signature; at the same moment it waits for the paper's lock first. PostgreSQL takes a key once,
    so a form that already served another paper signs nothing. Where a guard of PostgreSQL refuses
    what the table allowed, somebody changed people or paper in between, and its sentence is told.
    Raises Refused.
    """
    try:
        return sign_now()
    except (Refused, IntegrityError) as error:
        earlier = _already_signed(paper_id, key, act, by)
        if earlier is not None:
            return earlier
        if _took_a_key(error):  # for a paper that this person may no longer see
            raise Refused(USED_ELSEWHERE) from error
        guard = _guard_said(error)
        if guard:
            log.warning("PostgreSQL refused a signature to %s on %s: %s", by.pk, paper_id, guard)
            raise Refused(
                f"Something changed at the moment of signing, so nothing was signed. {guard} Open "
                "the paper again to see how it stands now."
            ) from error
        raise


def _guard_said(error: Exception) -> str:
    """The sentence of a trigger of ours that refused; empty for any other error."""
    said = getattr(error.__cause__, "diag", None)
    if said is None or said.sqlstate != _RAISED_BY_GUARDS:
        return ""
    return str(said.message_primary)


def _took_a_key(error: Exception) -> bool:
    """Whether PostgreSQL refused a signature because its key has signed already."""
    said = getattr(error.__cause__, "diag", None)
    name = (said and said.constraint_name) or ""
    return name.startswith("approvals_signature_key")


def _already_signed(paper_id: int, key: UUID, act: Act, by: User) -> Signature | None:
    """The signature that an earlier click with this key made, if one did.

    Raises Refused when the key belongs to another paper, person or act.
    """
    signature = Signature.objects.filter(key=key).first()
    if signature is None:
        return None
    if (signature.paper_id, signature.signer_id, signature.act) != (paper_id, by.pk, act):
        raise Refused(USED_ELSEWHERE)
    return signature


def look(proof: Proof, by: User, act: Act) -> None:
    """Ask what can be asked of a proof before the paper is held. Raises Refused."""
    try:
        proof.look(by, act)
    except NotProved as missing:
        raise Refused(missing.sentence, field=missing.field) from missing


def require_version(moving: Move, mark: str) -> Version:
    """The newest version, if it is the one on the screen. Raises Refused when it is not."""
    version = moving.case.version
    if version is None or version.mark != mark:
        raise Refused(
            f"{moving.paper.reference} changed after you opened this page, so nothing was signed. "
            "The paper as it is now is shown; read it and sign again."
        )
    return version


def what_is_signed(
    paper: Paper, office: str, act: Act, version: Version, declared: Declared
) -> Signed:
    """All that a signature of this act, by this office, on this version signs."""
    return Signed(
        reference=paper.reference,
        office=office,
        act=act,
        number=version.number,
        digest=version.digest,
        commitment=version.part_two_commitment,
        declared=declared,
    )


def sign(
    moving: Move, act: Act, version: Version, *, key: UUID, proof: Proof, declared: Declared
) -> Signature:
    """Write the signature, its outcomes and what its passkey returned. Raises Refused.

    Name and title are frozen as they are today.
    """
    appointment = moving.case.appointment
    if appointment is None:
        raise Refused("You do not hold the office that signs this. Nothing was signed.")
    person, office = moving.case.person, appointment.office
    what = what_is_signed(moving.paper, office.code, act, version, declared)
    try:
        proven = proof.prove(Signing(person, moving.paper.pk, what))
    except NotProved as missing:
        raise Refused(missing.sentence, field=missing.field) from missing
    signature = Signature.objects.create(
        paper=moving.paper,
        version=version,
        round=moving.paper.round,
        act=act,
        signer=person,
        appointment=appointment,
        office=office,
        name=person.name,
        title=appointment.title,
        acting_for=office.title if appointment.acting else "",
        statement=declared.statement,
        interests=declared.interests,
        digest=version.digest,
        part_two_commitment=version.part_two_commitment,
        identity=proven.identity,
        key=key,
        signed_at=moving.at,
    )
    outcomes = Outcome.objects.bulk_create(
        Outcome(signature=signature, number=each.number, kind=each.kind, words=each.words)
        for each in declared.outcomes
    )
    moving.signature = signature
    moving.facts = {
        "number": version.number,
        "digest": version.digest,
        "commitment": version.part_two_commitment,
        "signature": signature.pk,
        "signed": digest_of_columns(signature, outcomes),
    }
    if proven.assertion is not None:
        moving.facts |= {"assertion": _keep(proven.assertion, signature)}
    return signature


def _keep(assertion: Assertion, signature: Signature) -> str:
    """Keep what the passkey returned; the digest by which the chain of events names it."""
    assertion.signature = signature
    assertion.save(force_insert=True)
    returned = (assertion.authenticator_data, assertion.client_data, assertion.signature_bytes)
    return sha256(b"".join(map(bytes, returned))).hexdigest()
