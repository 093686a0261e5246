"""With the Chief Executive: a grant, so that income and spending balance to the pound."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from approvals.sample import law
from approvals.sample.calendar import Calendar
from approvals.sample.cast import Cast
from approvals.sample.law import paragraphs
from approvals.sample.life import Life, Sample
from approvals.sample.writing import CAPITAL, INCOME, REVENUE, Ask, Line, Text
from decisions.models import SectionKind

GRANT: Final = "Government grant for safer streets"


def sample(cast: Cast, calendar: Calendar) -> Sample:
    """PCD 1816, submitted two working days ago."""
    ago, year, next_year = calendar.ago, calendar.year(), calendar.year(1)
    text = Text(
        title="Sample: Grant for knife surrender bins",
        summary=paragraphs(
            "The government has offered MOPAC a grant of £1,250,000 for bins in which knives can "
            "be left without questions, and for the work around them. This paper asks to accept "
            "the grant and to spend it. It costs MOPAC nothing of its own.",
        ),
        asks=(
            Ask(
                "to accept a grant of £1,250,000 on the terms of the offer.",
                verb="Agree",
                amount=Decimal(1_250_000),
                kind=INCOME,
            ),
            Ask(
                "capital spending of £287,500 on bins at 46 places.",
                amount=Decimal(287_500),
                kind=CAPITAL,
            ),
            Ask(
                "revenue spending of £962,500 on emptying the bins, on work with young people near "
                "them, and on finding out what has changed.",
                amount=Decimal(962_500),
                kind=REVENUE,
            ),
        ),
        lines=(
            Line("Grant", Decimal(750_000), INCOME, year, GRANT),
            Line("Grant", Decimal(500_000), INCOME, next_year, GRANT),
            Line("46 surrender bins", Decimal(287_500), CAPITAL, year, GRANT, "inclusive"),
            Line("Work with young people", Decimal(400_000), REVENUE, year, GRANT),
            Line("Work with young people", Decimal(400_000), REVENUE, next_year, GRANT),
            Line("Emptying the bins", Decimal(62_500), REVENUE, year, GRANT),
            Line("Emptying the bins", Decimal(37_500), REVENUE, next_year, GRANT),
            Line("Evaluation", Decimal(62_500), REVENUE, next_year, GRANT),
        ),
        sections={
            SectionKind.INTRODUCTION: paragraphs(
                "A surrender bin is a locked steel box in which a knife can be left at any hour. "
                "Twenty-three stand in London now. Last year 1,140 knives were taken out of them.",
                "The grant pays for 46 more, in places that councils and youth groups proposed.",
            ),
            SectionKind.ISSUES: paragraphs(
                "A bin alone changes little. The offer asks that most of the money goes to people "
                "who work with the young near the bins, and this paper follows it:",
                "- £800,000 for work with young people\n"
                "- £287,500 for bins\n"
                "- £100,000 for emptying them\n"
                "- £62,500 for the evaluation",
                "What is not spent by the end of the second year goes back.",
            ),
            SectionKind.FINANCIAL: (
                f"The grant is £750,000 in {year} and £500,000 in {next_year}, and the spending is "
                "the same in each year. Nothing is drawn from MOPAC’s own budget."
            ),
            SectionKind.LEGAL: paragraphs(
                law.PARAGRAPH_4_8,
                "The terms of the offer have been read and contain nothing unusual.",
            ),
            SectionKind.COMMERCIAL: (
                "The bins are bought by the councils, who have a contract for them. Organisations "
                "for the work with young people will be chosen in an open competition."
            ),
            SectionKind.DATA_PROTECTION: (
                "Nobody is identified when they use a bin. No camera is pointed at one."
            ),
            SectionKind.EQUALITY: paragraphs(
                law.EQUALITY_DUTY,
                "Knives hurt young people more often than others, and the places were chosen with "
                "that in mind.",
            ),
        },
        scheme_paragraph="4.8",
    )

    def live(life: Life) -> None:
        life.consult(ago(36, 15, 15))
        life.advise_all(
            {
                "finance": ago(30, 9, 25),
                "legal": ago(28, 14, 50),
                "commercial": ago(27, 10, 45),
                "equalities": ago(25, 13, 20),
                "data_protection": ago(22, 16, 0),
                "head_of_service": ago(6, 10, 35),
            }
        )
        life.submit(ago(2, 11, 5))

    return Sample(1816, cast.olu, ago(40, 14, 30), text, live)
