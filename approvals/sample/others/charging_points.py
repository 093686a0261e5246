"""Approved with changes, published, and corrected once: capital over two years, excluding VAT."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from approvals.models import OutcomeKind
from approvals.sample import law
from approvals.sample.calendar import Calendar
from approvals.sample.cast import Cast
from approvals.sample.law import paragraphs
from approvals.sample.life import Life, Sample
from approvals.sample.writing import CAPITAL, Ask, Line, Text
from decisions.models import Forum, SectionKind

SOURCE: Final = "MPS fleet capital programme"
EX_VAT: Final = "exclusive"
INTRODUCTION: Final = paragraphs(
    "The MPS is replacing response vehicles with electric ones as the old ones wear out. Sixty-two "
    "electric vehicles are in service now, and 140 more are on order.",
    "They are charged at six sites. Teams elsewhere drive up to 40 minutes to reach a charging "
    "point, which is time that they are not on patrol.",
    "This paper is about rapid charging points at twelve more sites in ten boroughs. Together with "
    "those in use, they would let every response team charge its vehicles within its own borough "
    "or the next.",
)
ISSUES: Final = paragraphs(
    "Three ways forward were compared:",
    "1. add nothing, and keep driving to the six sites\n"
    "2. use public charging points, for which vehicles would have to queue\n"
    "3. build charging points at twelve sites (recommended)",
    "The twelve sites were chosen by the number of vehicles that start there and by the capacity "
    "of the local electricity network. Four of them need a stronger connection, which the network "
    "operator expects to take nine months.",
    "The main risk is that these connections come late. The other eight sites do not depend on "
    "them and would be built first.",
)
LESS: Final = (
    "Approve a call-off of up to £1,500,000 from a public sector framework for the supply and "
    "installation of the charging points. Anything beyond that is to come back as a new request."
)
LATER: Final = (
    "I will decide on this when the result of the mini-competition is known, because only then is "
    "it clear what ten per cent would amount to."
)


def sample(cast: Cast, calendar: Calendar) -> Sample:
    """PCD 1811, decided some weeks ago; its second edition puts the number of boroughs right."""
    ago, first, second = calendar.ago, calendar.year(), calendar.year(1)
    text = Text(
        title="Sample: Charging points for electric response vehicles",
        summary=paragraphs(
            "More and more response vehicles are electric, and there are too few places to charge "
            "them. This paper asks for rapid charging points at twelve sites, built over two "
            "financial years at a cost of up to £2,205,525 excluding VAT.",
        ),
        asks=(
            Ask(
                f"capital spending of up to £2,205,525 in {first} and {second} on rapid charging "
                "points at twelve sites.",
                amount=Decimal(2_205_525),
                kind=CAPITAL,
                up_to=True,
            ),
            Ask(
                "a call-off of up to £1,650,000 from a public sector framework for the supply and "
                "installation of the charging points.",
                amount=Decimal(1_650_000),
                kind=CAPITAL,
                up_to=True,
            ),
            Ask(
                "the power to approve variations of that call-off to the MPS Director of Fleet, "
                "up to ten per cent of its value.",
                verb="Delegate",
            ),
        ),
        lines=(
            Line("Eight sites, first year", Decimal(1_240_000), CAPITAL, first, SOURCE, EX_VAT),
            Line("Four sites, second year", Decimal(860_500), CAPITAL, second, SOURCE, EX_VAT),
            Line(
                "Contingency",
                Decimal(105_025),
                CAPITAL,
                second,
                SOURCE,
                EX_VAT,
                contingency_percent=Decimal(5),
            ),
        ),
        sections={
            SectionKind.INTRODUCTION: INTRODUCTION,
            SectionKind.ISSUES: ISSUES,
            SectionKind.FINANCIAL: paragraphs(
                f"The sites cost £1,240,000 in {first} and £860,500 in {second}. With a "
                "contingency of 5% (£105,025) the total is £2,205,525, excluding VAT.",
                "The fleet capital programme holds this amount. Electricity is paid from the "
                "revenue budget for fuel, which falls by more than electricity costs.",
            ),
            SectionKind.LEGAL: paragraphs(
                law.PARAGRAPH_4_8,
                "The call-off follows the rules of the framework and needs no tender of its own.",
            ),
            SectionKind.COMMERCIAL: (
                "Five suppliers of the framework can do the work. A mini-competition between them "
                "weighs quality at 60% and price at 40%."
            ),
            SectionKind.DATA_PROTECTION: (
                "The charging points record which vehicle charged, when and how much. They do not "
                "record who drove it. No DPIA is needed."
            ),
            SectionKind.EQUALITY: paragraphs(
                law.EQUALITY_DUTY,
                "At each site at least one charging point is at a height, and beside a space, that "
                "suits a wheelchair user.",
            ),
        },
        forum=Forum.IAM,
        scheme_paragraph="4.8",
        background_papers=("Electric response fleet: outline business case (sample)",),
    )

    def live(life: Life) -> None:
        life.consult(ago(76, 10, 30))
        life.advise_all(
            {
                "finance": ago(72, 11, 0),
                "legal": ago(71, 9, 40),
                "equalities": ago(70, 16, 20),
                "commercial": ago(70, 12, 15),
                "data_protection": ago(69, 10, 0),
                "head_of_service": ago(66, 15, 10),
            }
        )
        life.submit(ago(65, 9, 30))
        life.endorse(ago(61, 11, 45))
        life.decide(
            ago(56, 16, 0),
            {
                2: (OutcomeKind.APPROVED_WITH_CHANGES, LESS),
                3: (OutcomeKind.DEFERRED, LATER),
            },
            interests=(
                "I pay into a car club that uses public charging points. It has no contract with "
                "the MPS, and none of the suppliers runs it."
            ),
        )
        life.publish(ago(55, 10, 0))
        life.correct(
            ago(41, 14, 30),
            "Paragraph 1.3 named ten boroughs. The twelve sites are in nine. No amount and no "
            "recommendation is affected.",
            "1",
            "twelve more sites in ten boroughs",
            "twelve more sites in nine boroughs",
        )
        life.publish(ago(41, 15, 0))

    return Sample(1811, cast.oona, ago(80, 9, 20), text, live)
