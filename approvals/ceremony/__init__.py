"""The signing ceremony: what is signed, word by word, and how a person proves that they sign it.

With a passkey the challenge *is* the digest of what is signed (`text`), so that what the passkey
returns can stand for no other paper, version, act or outcome. The fallback is password and code.
"""

from __future__ import annotations

from approvals.ceremony.fallback import PasswordAndCode
from approvals.ceremony.proofs import (
    BY_PASSKEY,
    BY_PASSWORD_AND_CODE,
    NotProved,
    Proof,
    Proven,
    Signing,
)
from approvals.ceremony.signing import Passkey
from approvals.ceremony.text import Declared, OutcomeGiven, Signed

__all__ = [
    "BY_PASSKEY",
    "BY_PASSWORD_AND_CODE",
    "Declared",
    "NotProved",
    "OutcomeGiven",
    "Passkey",
    "PasswordAndCode",
    "Proof",
    "Proven",
    "Signed",
    "Signing",
]
