"""Refused and published: both recommendations not approved, each with its reason."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from approvals.models import OutcomeKind
from approvals.sample import law
from approvals.sample.calendar import Calendar
from approvals.sample.cast import Cast
from approvals.sample.law import paragraphs
from approvals.sample.life import Life, Sample
from approvals.sample.writing import CAPITAL, REVENUE, Ask, Line, Text
from decisions.models import SectionKind

BUDGET: Final = "Existing MPS recruitment budget"
NOT_SHOWN: Final = (
    "The paper shows that such a vehicle is visited. It does not show that it brings more people "
    "into the service than the advertising that would have to be given up for it."
)


def sample(cast: Cast, calendar: Calendar) -> Sample:
    """PCD 1812, decided some weeks ago."""
    ago, year, next_year = calendar.ago, calendar.year(), calendar.year(1)
    text = Text(
        title="Sample: Exhibition vehicle for recruitment",
        summary=paragraphs(
            "The MPS would like to meet people who may want to join it where they live, and not "
            "only at fairs and on the internet. This paper asks for £612,400 to buy and run a "
            "vehicle with an exhibition in it.",
        ),
        asks=(
            Ask(
                "capital spending of £540,000 on an exhibition vehicle.",
                amount=Decimal(540_000),
                kind=CAPITAL,
            ),
            Ask(
                f"revenue spending of £72,400 on running it in {year} and {next_year}.",
                amount=Decimal(72_400),
                kind=REVENUE,
            ),
        ),
        lines=(
            Line("Vehicle and exhibition", Decimal(540_000), CAPITAL, year, BUDGET, "inclusive"),
            Line("Running costs", Decimal(24_200), REVENUE, year, BUDGET),
            Line("Running costs", Decimal(48_200), REVENUE, next_year, BUDGET),
        ),
        sections={
            SectionKind.INTRODUCTION: paragraphs(
                "Fewer people applied to join the MPS last year than it hoped for, and fewest in "
                "the outer boroughs.",
                "An exhibition vehicle would visit about 120 places a year: shopping centres, "
                "colleges and local events. Serving officers would be there to answer questions.",
            ),
            SectionKind.ISSUES: paragraphs(
                "Two other forces have such a vehicle. One of them counted 1,900 visitors a year, "
                "of whom 60 applied.",
                "Hiring a vehicle for single events was looked at. It costs about £3,100 a day, so "
                "buying becomes cheaper at about 175 days of use.",
            ),
            SectionKind.FINANCIAL: paragraphs(
                f"The vehicle costs £540,000 including VAT. Running it costs £24,200 in {year} and "
                f"£48,200 in {next_year}. The total is £612,400.",
                "The recruitment budget can bear this if advertising is reduced by as much.",
            ),
            SectionKind.LEGAL: law.PARAGRAPH_4_8,
            SectionKind.COMMERCIAL: (
                "Vehicles of this kind are built to order. At least four makers would be asked to "
                "tender."
            ),
            SectionKind.DATA_PROTECTION: (
                "Visitors may leave an e-mail address if they want to hear more. A DPIA has been "
                "completed; it finds no high risk."
            ),
            SectionKind.EQUALITY: paragraphs(
                law.EQUALITY_DUTY,
                "The vehicle would have a ramp, a hearing loop and screens that can be lowered.",
            ),
        },
        scheme_paragraph="4.8",
    )

    def live(life: Life) -> None:
        life.consult(ago(65, 14, 0))
        life.advise_all(
            {
                "legal": ago(63, 10, 20),
                "commercial": ago(62, 13, 5),
                "data_protection": ago(61, 9, 45),
                "equalities": ago(60, 11, 30),
            }
        )
        life.advise(
            "finance",
            ago(59, 15, 50),
            position="content_with_comments",
            comments=(
                "The money is there, but only at the cost of advertising, and the paper does not "
                "compare what each of them brings."
            ),
        )
        life.advise("head_of_service", ago(57, 16, 40))
        life.submit(ago(56, 9, 15))
        life.endorse(ago(52, 10, 25))
        life.decide(
            ago(47, 12, 10),
            {
                1: (OutcomeKind.NOT_APPROVED, NOT_SHOWN),
                2: (OutcomeKind.NOT_APPROVED, "Without a vehicle there is nothing to run."),
            },
        )
        life.publish(ago(46, 9, 0))

    return Sample(1812, cast.olu, ago(70, 11, 10), text, live)
