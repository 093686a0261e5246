"""Decided, with publication deferred to a day in the future: a sale, its income, and its Part 2."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from approvals.sample import law
from approvals.sample.calendar import Calendar
from approvals.sample.cast import Cast
from approvals.sample.law import paragraphs
from approvals.sample.life import Life, Sample
from approvals.sample.writing import (
    INCOME,
    REVENUE,
    Ask,
    ExemptionText,
    Hold,
    Line,
    PartTwoText,
    Text,
)
from decisions.models import SectionKind

DAYS: Final = 30
REASON: Final = (
    "Three buyers are still bidding. If they knew the least that would be accepted before "
    "contracts are exchanged, none of them would offer more."
)


def sample(cast: Cast, calendar: Calendar) -> Sample:
    """PCD 1813, decided lately and to be published thirty days after the sample was loaded."""
    ago, year, until = calendar.ago, calendar.year(), calendar.ahead(DAYS)
    text = Text(
        title="Sample: Sale of a former vehicle workshop",
        summary=paragraphs(
            "A vehicle workshop has stood empty since its work was moved to a larger one. This "
            "paper asks for approval to sell it for at least £4,350,000 and to pay £96,250 for the "
            "cost of selling it.",
        ),
        asks=(
            Ask(
                "the sale of the former vehicle workshop at Tallow Lane for not less than "
                "£4,350,000.",
                amount=Decimal(4_350_000),
                kind=INCOME,
            ),
            Ask(
                f"revenue spending of up to £96,250 in {year} on agents, surveys and legal work "
                "for the sale.",
                amount=Decimal(96_250),
                kind=REVENUE,
                up_to=True,
            ),
        ),
        lines=(
            Line("Receipt from the sale", Decimal(4_350_000), INCOME, year, "Capital receipts"),
            Line("Agents", Decimal(54_375), REVENUE, year, "Property budget", "exclusive"),
            Line("Surveys", Decimal(18_400), REVENUE, year, "Property budget", "exclusive"),
            Line("Legal work", Decimal(23_475), REVENUE, year, "Property budget"),
        ),
        sections={
            SectionKind.INTRODUCTION: paragraphs(
                "The workshop at Tallow Lane was built in 1964. Its work moved two years ago, and "
                "the building has been empty since. Keeping it safe costs £61,000 a year.",
                "No other part of the MPS, and no other public body that was asked, has a use for "
                "it.",
            ),
            SectionKind.ISSUES: paragraphs(
                "The building could be let instead. It would need about £1.2m of repairs first, "
                "and the rent would pay them back after eleven years.",
                "It has been on the market for four months. Three buyers have made offers.",
            ),
            SectionKind.FINANCIAL: paragraphs(
                "The sale brings at least £4,350,000, which goes to capital receipts. Selling "
                "costs up to £96,250: £54,375 for agents, £18,400 for surveys and £23,475 for "
                "legal work. What remains is at least £4,253,750.",
                "The £61,000 a year for keeping the building safe is saved.",
            ),
            SectionKind.LEGAL: (
                "The MOPAC Scheme of Delegation and Consent reserves the sale of property worth £1 "
                "million or more to the DMPC, case by case. A sale must be for the best price that "
                "can reasonably be had."
            ),
            SectionKind.COMMERCIAL: (
                "Two agents were asked for terms, and the cheaper one was engaged. The offers are "
                "described in Part 2."
            ),
            SectionKind.DATA_PROTECTION: (
                "The sale involves no personal data beyond the names of the parties’ agents."
            ),
            SectionKind.EQUALITY: paragraphs(
                law.EQUALITY_DUTY,
                "Nobody works in the building or visits it, so its sale affects no group.",
            ),
        },
        hold=Hold(until=until, reason=REASON, owner=cast.saba),
        part_two=PartTwoText(
            body=paragraphs(
                "Sample text, made up like the rest of this paper.",
                "The best bid so far, 4,720,000 pounds, comes from Copperdown Estates. The agent "
                "believes that 4,900,000 can be reached if the three are kept in the dark about "
                "each other.",
            ),
            rationale="Sample text. Whoever knows the best bid need only offer a little more.",
            marking="OFFICIAL-SENSITIVE [COMMERCIAL]",
            reason="The offers are confidential until the property has been sold.",
            ends_on=calendar.ahead(180),
            exemptions=(
                ExemptionText(
                    "2(2)(a)",
                    "43",
                    "Sample text. The price will be public after the sale; before it, secrecy "
                    "brings the public a better one.",
                ),
            ),
        ),
    )

    def live(life: Life) -> None:
        life.consult(ago(54, 13, 30))
        life.advise_all(
            {
                "finance": ago(50, 10, 40),
                "commercial": ago(49, 15, 25),
                "legal": ago(48, 9, 55),
                "equalities": ago(47, 12, 0),
                "data_protection": ago(46, 11, 15),
                "head_of_service": ago(43, 14, 45),
            }
        )
        life.submit(ago(42, 10, 0))
        life.endorse(ago(38, 16, 20))
        life.decide(ago(5, 11, 30))
        life.publish(ago(4, 9, 45), until=until, reason=REASON)

    return Sample(1813, cast.oona, ago(60, 15, 0), text, live)
