"""Decided and sealed, not yet published: an extension of a contract, "up to", over two years."""

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

SOURCE: Final = "Criminal justice support budget"


def sample(cast: Cast, calendar: Calendar) -> Sample:
    """PCD 1815, signed two working days ago."""
    ago, first, second = calendar.ago, calendar.year(1), calendar.year(2)
    text = Text(
        title="Sample: Interpreter booking service, two-year extension",
        summary=paragraphs(
            "People who are questioned, or who report a crime, have a right to understand and to "
            "be understood. The MPS books interpreters through one service. This paper asks to "
            "extend its contract by two years, at a cost of up to £2,987,000.",
        ),
        asks=(
            Ask(
                "the use of the option to extend the contract for the interpreter booking service "
                f"by two years, {first} and {second}, at a cost of up to £2,987,000.",
                amount=Decimal(2_987_000),
                kind=REVENUE,
                up_to=True,
            ),
            Ask(
                "that the service answered 94% of bookings within the hour last year, against a "
                "target of 90%.",
                verb="Note",
            ),
        ),
        lines=(
            Line("Interpreter bookings", Decimal(1_475_000), REVENUE, first, SOURCE, "exclusive"),
            Line("Interpreter bookings", Decimal(1_512_000), REVENUE, second, SOURCE, "exclusive"),
        ),
        sections={
            SectionKind.INTRODUCTION: paragraphs(
                "The booking service finds an interpreter for more than 100 languages, by phone or "
                "in person, at any hour. About 3,200 bookings are made each month.",
                "The contract began three years ago, for three years with an option of two more.",
            ),
            SectionKind.ISSUES: paragraphs(
                "A new tender would take about fourteen months and would have to begin with a "
                "survey of the market. The present service works well, and its prices rise no "
                "faster than the contract says.",
                "Before the two years are over, a tender for what follows will be prepared.",
            ),
            SectionKind.FINANCIAL: (
                f"The extension costs up to £1,475,000 in {first} and £1,512,000 in {second}, "
                "£2,987,000 in all, excluding VAT. The criminal justice support budget holds it."
            ),
            SectionKind.LEGAL: paragraphs(
                law.PARAGRAPH_4_8,
                "The option was part of the contract as it was advertised, so it may be used "
                "without a new competition.",
            ),
            SectionKind.COMMERCIAL: (
                "The supplier has agreed to the extension in principle. Its prices are compared "
                "with those of two other public bodies every year."
            ),
            SectionKind.DATA_PROTECTION: paragraphs(
                law.PERSONAL_DATA,
                "Interpreters hear personal data and are vetted and bound to secrecy. The DPIA of "
                "the contract has been reviewed for the extension.",
            ),
            SectionKind.EQUALITY: paragraphs(
                law.EQUALITY_DUTY,
                "The service exists so that nobody is treated worse because of their language or "
                "because they are deaf. British Sign Language is part of it.",
            ),
        },
        scheme_paragraph="4.8",
    )

    def live(life: Life) -> None:
        life.consult(ago(44, 11, 40))
        life.advise_all(
            {
                "equalities": ago(41, 9, 20),
                "finance": ago(40, 13, 50),
                "legal": ago(40, 10, 30),
                "data_protection": ago(38, 15, 35),
                "commercial": ago(37, 12, 5),
                "head_of_service": ago(33, 11, 55),
            }
        )
        life.submit(ago(32, 9, 10))
        life.endorse(ago(20, 14, 40))
        life.decide(ago(2, 15, 20))

    return Sample(1815, cast.oona, ago(48, 10, 15), text, live)
