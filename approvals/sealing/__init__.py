"""The seal: the service's own cryptographic signature over a PDF. Not to be mixed with a
person's signature, which is an act and stands in the text.

The sealed file begins with exactly the bytes that came in, and may never be changed again.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Literal, TypeVar

from django.conf import settings

from approvals.sealing.field import FIELD, FIELD_NAME
from approvals.sealing.refusal import SealingError
from decisions.register.verify import policy
from decisions.register.verify.trust import CannotJudge, trusted
from decisions.register.verify.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FIELD", "FIELD_NAME", "SealingError", "Verdict", "level", "seal", "verify"]

_Result = TypeVar("_Result")


def seal(pdf: bytes) -> bytes:
    """Seal a PDF: the bytes that came in, followed by the seal. Raises SealingError."""
    from approvals.sealing import pades

    return _alone(lambda: pades.sealed(pdf, lasting=level() == "B-LT"))


def level() -> Literal["B-B", "B-LT"]:
    """The level of PAdES at which documents are sealed today: by a key alone, or to last.

    B-LT where a timestamp authority is set; there is no way back from it for a single document.
    """
    return "B-LT" if settings.SEAL_TSA_URL else "B-B"


def verify(pdf: bytes) -> Verdict:
    """Judge a file whole, by our own policy and not by the library's verdict alone.

    Whatever upsets it is a "no". Raises SealingError only when our own certificates
    cannot be read, so that nothing can be judged.
    """
    try:
        known = trusted()
    except CannotJudge as refusal:
        raise SealingError(refusal.sentence) from refusal
    return policy.judge(pdf, known.seals, known.tsa)


def _alone(work: Callable[[], _Result]) -> _Result:
    """Do the work in a thread of its own: pyHanko starts an event loop, the caller may have one."""
    with ThreadPoolExecutor(max_workers=1) as one:
        return one.submit(work).result()
