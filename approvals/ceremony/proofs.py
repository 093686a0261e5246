"""What every way of proving who signs has in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from accounts.models import User
from approvals.ceremony.text import Signed
from approvals.models import Assertion

# How a signature says that its signer proved themselves: in the paper's record, for good.
# PostgreSQL asks for an assertion with the first and for none with any other.
BY_PASSKEY: Final = "Passkey, which signed this very text"
BY_PASSWORD_AND_CODE: Final = "Password and code (weaker than a passkey)"  # noqa: S105 - words


class NotProved(Exception):
    """Nobody has proved that they sign this; the message is a sentence for the person.

    `field` names the field of the form that it is about, where it is about one.
    """

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


@dataclass(frozen=True)
class Signing:
    """A signature about to be written: who signs what, on which paper."""

    by: User
    paper_id: int
    what: Signed


@dataclass(frozen=True)
class Proven:
    """That it was proved: in which words, and by which assertion where there is one (not saved)."""

    identity: str
    assertion: Assertion | None = None


class Proof(Protocol):
    """A way of proving who signs."""

    def look(self, by: User, act: str) -> None:
        """What can be asked before the paper is held, and uses nothing up. Raises NotProved."""

    def prove(self, signing: Signing) -> Proven:
        """Ask the rest, inside the transaction that signs. Raises NotProved."""
