"""The advice on a paper as pages show it: each row of the form, and who is not content."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from approvals.case import Case
from approvals.models import Advice, Consultation, Position
from decisions.models import Version

_MARK: Final = re.compile(r"[0-9a-f]{64}\.(?:[0-9a-f]{64})?")


@dataclass(frozen=True)
class Asked:
    """One row of the declaration: who was asked, and what they said last in this round.

    `stale` advice was given on an earlier version, so it is asked for again.
    """

    consultation: Consultation
    advice: Advice | None
    stale: bool


def asked(case: Case) -> tuple[Asked, ...]:
    """Everybody who was asked in this round, in the order of the form."""
    last = {advice.consultation_id: advice for advice in case.advice}
    return tuple(
        Asked(row, last.get(row.pk), stale=row.pk in last and row in case.outstanding)
        for row in case.consultations
    )


def shown_before(case: Case, posted: str) -> Version | None:
    """The version that was on the screen, by the mark that came with the form; None if it is none.

    What a browser sends may be anything, and PostgreSQL takes no text with a NUL in it.
    """
    if not _MARK.fullmatch(posted):
        return None
    digest, _, commitment = posted.partition(".")
    return case.paper.versions.filter(digest=digest, part_two_commitment=commitment).last()


def objections(case: Case) -> tuple[str, ...]:
    """A sentence for each adviser who is not content with the newest version."""
    return tuple(
        f"{row.advice.adviser.name} is not content ({row.consultation.get_kind_display()}). "
        "Read why before you go on."
        for row in asked(case)
        if row.advice and not row.stale and row.advice.position == Position.NOT_CONTENT
    )
