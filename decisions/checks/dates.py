"""Are the dates that the paper promises still to come?"""

from __future__ import annotations

from collections.abc import Iterator

from accounts.models import today
from decisions.checks.finding import Finding
from decisions.models import Paper
from decisions.part_two import room
from decisions.register.words import long_date


def check_dates(paper: Paper) -> Iterator[Finding]:
    """A deferral, or an exemption, that would be over before anybody has decided."""
    until = paper.deferred_until if paper.deferred else None
    if until is not None and until <= today():
        yield Finding(
            "deferral",
            f"Publication is deferred until {long_date(until)}, which has passed. Choose a later "
            "day, or say that publication is not deferred.",
        )
    notice = room.notice(paper)
    if notice is not None and notice.ends_on is not None and notice.ends_on <= today():
        yield Finding(
            "part-two",
            f"Part 2 ceases to be exempt on {long_date(notice.ends_on)}, which has passed. Choose "
            "a later end, or move what it says to Part 1.",
        )
