"""withdraw: the paper is taken out of the process for good; its reference stays accounted for."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from approvals.actions.move import Refused, move
from decisions.models import Paper


def withdraw(paper_id: int, *, by: User, reason: str, at: datetime | None = None) -> Paper:
    """End the paper without a decision. Raises Refused."""
    with move(paper_id, "withdraw", by, at=at) as moving:
        if not reason.strip():
            raise Refused("Say why the paper is withdrawn.", field="reason")
        moving.reason = reason.strip()
    return moving.paper
