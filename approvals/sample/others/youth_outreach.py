"""Sent back once by the Chief Executive, with the reason: amounts to the penny."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from approvals.sample import law
from approvals.sample.calendar import Calendar
from approvals.sample.cast import Cast
from approvals.sample.law import paragraphs
from approvals.sample.life import Life, Sample
from approvals.sample.writing import REVENUE, Ask, Line, Text
from decisions.models import SectionKind

SOURCE: Final = "MOPAC commissioning budget"
FIRST: Final = Decimal("311208.75")
SECOND: Final = Decimal("378041.75")
BOTH: Final = Decimal("689250.50")


def sample(cast: Cast, calendar: Calendar) -> Sample:
    """PCD 1817, in draft again since four working days ago."""
    ago, year, next_year = calendar.ago, calendar.year(), calendar.year(1)
    text = Text(
        title="Sample: Street outreach for young people, two-year pilot",
        summary=paragraphs(
            "Outreach workers meet young people in the street, in the evening, when other services "
            "are closed. This paper asks for £689,250.50 to try this in three boroughs for two "
            "years.",
        ),
        asks=(
            Ask(
                "revenue spending of £689,250.50 on a two-year pilot of street outreach in three "
                "boroughs.",
                amount=BOTH,
                kind=REVENUE,
            ),
            Ask("the choice of the three boroughs on the figures given in section 1.", "Support"),
        ),
        lines=(
            Line("Outreach teams", FIRST, REVENUE, year, SOURCE),
            Line("Outreach teams", SECOND, REVENUE, next_year),
        ),
        sections={
            SectionKind.INTRODUCTION: paragraphs(
                "The three boroughs are those in which most people under 18 were hurt in the "
                "street between 6pm and midnight last year:",
                "| Borough | People under 18 hurt |\n"
                "| --- | --- |\n"
                "| Northmere | 214 |\n"
                "| Eastlow | 187 |\n"
                "| Wick Green | 171 |",
                "The names of the boroughs are invented, like everything else in this paper.",
            ),
            SectionKind.ISSUES: (
                "Each borough gets a team of four. They do not replace youth clubs; they lead "
                "young people to them."
            ),
            SectionKind.FINANCIAL: (
                f"The pilot costs £311,208.75 in {year} and £378,041.75 in {next_year}, "
                "£689,250.50 in all."
            ),
            SectionKind.LEGAL: law.PARAGRAPH_4_8,
            SectionKind.COMMERCIAL: None,
            SectionKind.DATA_PROTECTION: (
                "Teams keep notes about young people whom they meet often. A DPIA is being written."
            ),
            SectionKind.EQUALITY: law.EQUALITY_DUTY,
        },
        scheme_paragraph="4.8",
    )

    def live(life: Life) -> None:
        life.consult(ago(29, 9, 35), without=("commercial",))
        life.advise_all(
            {
                "finance": ago(24, 15, 40),
                "legal": ago(23, 11, 25),
                "equalities": ago(22, 10, 10),
                "data_protection": ago(20, 14, 55),
                "head_of_service": ago(14, 9, 0),
            }
        )
        life.submit(ago(11, 16, 15))
        life.send_back(
            ago(4, 12, 40),
            "Paragraph 3.1 does not say where the money for the second year comes from, and the "
            "equality comments repeat the law without saying what the pilot does about it. Please "
            "put both right and ask for advice again.",
            by=life.cast.celia,
        )

    return Sample(1817, cast.oona, ago(33, 13, 0), text, live)
