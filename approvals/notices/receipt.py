"""The receipt of a signature: to who signed, and to the secretariat."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from approvals.models import Signature
from approvals.notices.letters import RECEIPT, Message
from decisions.register.words import long_time

if TYPE_CHECKING:
    from approvals.actions.move import Move


def receipt(moving: Move, done: str, turn: str) -> Iterator[Message]:
    """Tell the signer and the secretariat what was signed, by digests. `done` as in "endorsed"."""
    signature, reference = moving.signature, moving.paper.reference
    if signature is None:
        raise ValueError("There is no receipt without a signature.")
    particulars = tuple(_particulars(signature))
    signer = frozenset({signature.signer_id})
    for people, happened in (
        (signer, f"You {done} {reference}."),
        (moving.case.secretariat - signer, f"{reference} was {done}."),
    ):
        yield Message(
            RECEIPT,
            people,
            subject=f"{reference}: receipt for a signature",
            happened=happened,
            turn=turn,
            particulars=particulars,
        )


def _particulars(signature: Signature) -> Iterator[tuple[str, str]]:
    yield "Act", signature.get_act_display()
    yield "Signed by", signature.name
    yield "Office", signature.title
    yield "Time", f"{long_time(signature.signed_at)}, London time"
    yield "Digest of Part 1 (SHA-256)", signature.digest
    if signature.part_two_commitment:
        yield "Commitment to Part 2", signature.part_two_commitment
    yield "Proof of identity", signature.identity
