"""correct: a new edition with a public note; what was signed and every outcome stay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from accounts.models import User
from approvals.actions.move import Refused, move
from approvals.editions import corrected_edition
from approvals.jobs import ask_for_document
from approvals.models import Edition
from approvals.needs import leaks


def correct(
    paper_id: int,
    *,
    by: User,
    note: str,
    passages: Mapping[str, str],
    at: datetime | None = None,
) -> Edition:
    """Make the next edition with these passages of Part 1 written anew, and ask for its document.

    `passages` maps "summary" or a section's number to its new text. Recommendations, money,
    outcomes and signatures cannot be corrected: they need a new decision. Raises Refused.
    """
    with move(paper_id, "correct", by, at=at) as moving:
        before = moving.case.edition
        if before is None:
            raise Refused("There is no decision to correct yet.")
        if not note.strip():
            raise Refused("Write the note that tells the public what changed.", field="note")
        edition = corrected_edition(before, passages, note.strip(), by, moving.at)
        if edition is None:
            raise Refused("Nothing is written differently yet, so there is nothing to correct.")
        if leaks(moving.paper, edition.record):
            raise Refused(
                "A passage of Part 2 stands in the corrected text, which will be published, so no "
                "edition was made. Take the passage out."
            )
        ask_for_document(edition, by)
        moving.facts = {"edition": edition.number, "digest": edition.digest}
    return edition
