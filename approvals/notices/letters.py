"""How a message reads: what happened, whose turn it is, a receipt's particulars, where to look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.urls import reverse

from decisions.models import Paper

RECEIPT: Final = "receipt"
DEFERRAL: Final = "deferral"
_FOOT: Final = (
    "Countersign sent this by itself. What the paper says stands on its page alone, which asks you "
    "to sign in. Do not reply to this message."
)


@dataclass(frozen=True)
class Message:
    """One message to some people, by their ids.

    `kind` is the verb, RECEIPT or DEFERRAL. `happened` and `turn` are sentences, `particulars` the
    lines of a receipt. It is sent at once, or from `due_at` on.
    """

    kind: str
    to: frozenset[int]
    subject: str
    happened: str
    turn: str
    particulars: tuple[tuple[str, str], ...] = ()
    due_at: datetime | None = None


def body(message: Message, paper: Paper) -> str:
    """The text of a message about a paper, with the address of its page on the staff side."""
    parts = [f"{message.happened}\n{message.turn}"]
    if message.particulars:
        parts.append("\n".join(f"{name}: {value}" for name, value in message.particulars))
    parts += [settings.STAFF_URL.rstrip("/") + reverse("paper", args=[paper.slug]), _FOOT]
    return "\n\n".join(parts) + "\n"
