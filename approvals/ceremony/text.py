"""What is signed, as bytes that this service, PostgreSQL and an outsider write alike.

The text is a row of parts, each with its length before it (four bytes, the greatest first), so that
no two rows of parts make the same bytes. Its SHA-256 is the challenge that a passkey signs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

# The first part of every text: whoever changes the form of the text changes the word.
FORMAT: Final = "countersign-sign-1"


@dataclass(frozen=True)
class OutcomeGiven:
    """The outcome of recommendation `number`; `words` are the changed words or the reason."""

    number: int
    kind: str
    words: str = ""


@dataclass(frozen=True)
class Declared:
    """What the signer says: the statement, their interests, and an outcome for each question."""

    statement: str
    interests: str = ""
    outcomes: tuple[OutcomeGiven, ...] = ()

    def json(self) -> str:
        """Canonical JSON: keys in order, no white space, outcomes by number, letters as they are.

        PostgreSQL writes the same text from the rows; JSON escapes the same signs in both.
        """
        return json.dumps(
            {
                "interests": self.interests,
                "outcomes": [
                    {"kind": each.kind, "number": each.number, "words": each.words}
                    for each in sorted(self.outcomes, key=lambda each: each.number)
                ],
                "statement": self.statement,
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON, in hexadecimal."""
        return hashlib.sha256(self.json().encode()).hexdigest()


@dataclass(frozen=True)
class Signed:
    """What one signature signs: the text of one version, and what is declared and decided on it.

    `digest` is that of Part 1, `commitment` that to Part 2 ("" where there is none); `office` is
    the code of the office, `act` the verb.
    """

    reference: str
    office: str
    act: str
    number: int
    digest: str
    commitment: str
    declared: Declared

    def parts(self, nonce: bytes) -> tuple[str, ...]:
        """The parts of the text, in their order."""
        return (
            FORMAT,
            self.reference,
            self.office,
            self.act,
            str(self.number),
            self.digest,
            self.commitment,
            self.declared.digest,
            nonce.hex(),
        )

    def challenge(self, nonce: bytes) -> bytes:
        """The 32 bytes that a passkey signs."""
        return hashlib.sha256(joined(self.parts(nonce))).digest()


def joined(parts: Iterable[str]) -> bytes:
    """The parts as one row of bytes, each with its length before it."""
    encoded = [part.encode() for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)
