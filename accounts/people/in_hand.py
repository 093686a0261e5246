"""What somebody has in hand, asked of apps that this one may not know.

An app with work of people names its question when it starts: `ask(papers_of)`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from accounts.models import User


class InHand(NamedTuple):
    """One piece of work: what it is called, its address, and what the person owes it."""

    text: str
    url: str
    owes: str


Question = Callable[["User"], list[InHand]]
_QUESTIONS: Final[list[Question]] = []


def ask(question: Question) -> None:
    """Have this asked whenever a page says what somebody has in hand."""
    if question not in _QUESTIONS:
        _QUESTIONS.append(question)


def in_hand(person: User) -> list[InHand]:
    """Everything that waits for this person."""
    return [work for question in _QUESTIONS for work in question(person)]
