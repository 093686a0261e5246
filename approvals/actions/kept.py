"""What is kept of a signature, as one digest: so that the chain holds every column of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC

from approvals.models import Outcome, Signature


def digest_of_columns(signature: Signature, outcomes: Iterable[Outcome]) -> str:
    """SHA-256 of all that a signature and its outcomes say, in hexadecimal.

    PostgreSQL makes the same digest for the witness (`chain_evidence`, "signed"), which then knows
    of any column that was changed without having read one.
    """
    fields = (
        str(signature.version_id),
        str(signature.round),
        str(signature.act),
        str(signature.signer_id),
        str(signature.appointment_id),
        str(signature.office_id),
        signature.name,
        signature.title,
        signature.acting_for,
        signature.statement,
        signature.interests,
        signature.digest,
        signature.part_two_commitment,
        signature.identity,
        str(signature.key),
        signature.signed_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        ",".join(
            f"{one.number}:{one.kind}:{hashlib.sha256(one.words.encode()).hexdigest()}"
            for one in sorted(outcomes, key=lambda one: one.number)
        ),
    )
    parts = (field.encode() for field in fields)
    return hashlib.sha256(
        b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    ).hexdigest()
