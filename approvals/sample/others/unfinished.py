"""A draft, begun and half filled: what is missing shows on its task list."""

from __future__ import annotations

from decimal import Decimal

from approvals.sample.calendar import Calendar
from approvals.sample.cast import Cast
from approvals.sample.law import paragraphs
from approvals.sample.life import Life, Sample
from approvals.sample.writing import CAPITAL, Ask, Line, Text
from decisions.models import SectionKind


def sample(cast: Cast, calendar: Calendar) -> Sample:
    """PCD 1819, on which its officer still works."""
    year = calendar.year(1)
    text = Text(
        title="Sample: Repairs to the river police boathouse",
        summary=paragraphs(
            "The boathouse of the river police leaks, and its slipway is no longer safe at low "
            "tide. This paper asks for £728,600 to repair both.",
        ),
        asks=(
            Ask(
                f"capital spending of £728,600 in {year} on repairs to the boathouse and its "
                "slipway.",
                amount=Decimal(728_600),
                kind=CAPITAL,
            ),
        ),
        lines=(Line("Slipway", Decimal(412_000), CAPITAL, year, "Property capital programme"),),
        sections={
            SectionKind.INTRODUCTION: paragraphs(
                "The boathouse was built in 1907. Eleven boats are kept and mended in it.",
                "A survey last winter found water in the roof timbers, and cracks in the slipway.",
            ),
            SectionKind.ISSUES: "To be written when the second survey is in.",
        },
        answered=False,
    )
    return Sample(1819, cast.oona, calendar.ago(29, 11, 30), text, _live)


def _live(_life: Life) -> None:
    """Nothing has happened to it yet."""
