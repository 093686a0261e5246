"""The states of a paper, whose turn each one is, and in which a paper may be edited."""

from __future__ import annotations

from typing import Final

from django.db import models


class State(models.TextChoices):
    """Where a paper is in its life."""

    DRAFT = "draft", "Draft"
    CONSULTATION = "consultation", "Out for advice"
    ENDORSEMENT = "endorsement", "With the Chief Executive"
    DECISION = "decision", "Awaiting decision"
    DECIDED = "decided", "Decided"
    WITHDRAWN = "withdrawn", "Withdrawn"


EDITABLE: Final = frozenset({State.DRAFT, State.CONSULTATION})

# Exactly one owner each: who is being waited for.
TURN: Final[dict[State, str]] = {
    State.DRAFT: "the originating officer",
    State.CONSULTATION: "the advisers",
    State.ENDORSEMENT: "the Chief Executive",
    State.DECISION: "the decision maker",
    State.DECIDED: "the secretariat",
    State.WITHDRAWN: "nobody",
}
