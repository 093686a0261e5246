"""Judge a file in a process of its own, so that a hostile one can neither read, keep nor stop
anything here. Only a few words come back, and they are checked like anything from outside.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from cryptography.hazmat.primitives import serialization

from decisions.register.verify import process
from decisions.register.verify.child import MEGABYTE
from decisions.register.verify.trust import CannotJudge, trusted
from decisions.register.verify.verdict import Reason, Verdict, verdict

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from decisions.register.verify.trust import Trust

LARGEST: Final = 25 * MEGABYTE
SECONDS: Final = 30.0
# Of the processor, its start included. A document of ours takes one.
CPU_SECONDS: Final = 10
_CHILD: Final = Path(__file__).with_name("child.py")
_LONGEST_ANSWER: Final = 4096


class _Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the process says: nothing that it could put into words of its own but a name."""

    reason: Reason
    signer: Annotated[str, msgspec.Meta(max_length=200)]
    sealed_at: datetime | None
    sealed_bytes: Annotated[int, msgspec.Meta(ge=0, le=LARGEST)]


def judge_apart(
    pdf: bytes, trust: Trust | None = None, *, cpu_seconds: int = CPU_SECONDS
) -> Verdict:
    """Judge a file by the policy, in a process of its own with bounds on size, time and memory.

    Without `trust` the certificates are those of the settings. A file that goes beyond the bounds
    is "unreadable". Raises CannotJudge when no file could be judged: no certificate, or the
    process did not start.
    """
    known = trusted() if trust is None else trust
    if len(pdf) > LARGEST:
        return verdict("too_much")
    first = {"seals": _pem(known.seals), "tsa": _pem(known.tsa), "cpu_seconds": cpu_seconds}
    try:
        answer = process.ask(_CHILD, first, pdf, seconds=SECONDS, longest=_LONGEST_ANSWER)
    except process.NotStarted as error:
        raise CannotJudge(
            "The process that judges sealed documents did not start. Try again; if it fails again, "
            "look whether the machine has memory and room on its disk to spare."
        ) from error
    return _verdict(answer, len(pdf))


def _verdict(answer: bytes, size: int) -> Verdict:
    try:
        found = msgspec.json.decode(answer, type=_Answer)
    except msgspec.DecodeError:
        # It ended half way: out of time or out of memory, at its own limits or at ours.
        return verdict("too_much")
    if found.sealed_bytes > size or (found.sealed_at and found.sealed_at.tzinfo is None):
        return verdict("unreadable")
    return verdict(
        found.reason,
        signer=found.signer,
        sealed_at=found.sealed_at,
        sealed_bytes=found.sealed_bytes,
    )


def _pem(certificates: tuple[Certificate, ...]) -> str:
    pem = serialization.Encoding.PEM
    return "".join(one.public_bytes(pem).decode() for one in certificates)
