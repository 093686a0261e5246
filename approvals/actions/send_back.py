"""send_back: the paper returns to draft with a reason; signatures of the round are void."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from approvals.actions.move import Refused, move
from decisions.models import Paper


def send_back(paper_id: int, *, by: User, reason: str, at: datetime | None = None) -> Paper:
    """Return the paper to its originating officer and begin a new round. Raises Refused."""
    with move(paper_id, "send_back", by, at=at) as moving:
        if not reason.strip():
            raise Refused("Say why you send the paper back.", field="reason")
        moving.reason = reason.strip()
    return moving.paper
