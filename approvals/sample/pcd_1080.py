"""PCD 1080 of 2021, decided and published: the facts and dates of the real one, in our words.

What the real form does not tell is made up and says so: the times of day, the days of the advice,
that the spending is revenue, the whole of Part 2, and the file beside it. (The form names no
supporting paper.)
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from approvals.sample import law
from approvals.sample.calendar import Calendar, moment
from approvals.sample.cast import Cast
from approvals.sample.files import Part, SampleFile
from approvals.sample.law import paragraphs
from approvals.sample.life import Life, Sample
from approvals.sample.writing import REVENUE, Ask, ExemptionText, Line, PartTwoText, Text
from decisions.models import DeclarationKind, SectionKind

FUND: Final = "Major Change Fund (MCF)"
# Ten per cent of £861,267 is £86,126.70; the form cuts the pence off.
COSTS: Final = (
    Line("Contingent Labour Fees", Decimal(321_267), REVENUE, source=FUND),
    Line("Consultancy Fees", Decimal(540_000), REVENUE, source=FUND),
    Line(
        "Contingency",
        Decimal(86_126),
        REVENUE,
        source=FUND,
        contingency_percent=Decimal(10),
    ),
)
ASKS: Final = (
    Ask(
        "funding of £947,393 out of existing MPS Transformation budgets in 2021/22 and 2022/23, "
        "for the discovery phase of the second generation of Business Support Services (BSS), "
        "which should last six months.",
        amount=Decimal(947_393),
        kind=REVENUE,
    ),
    Ask(
        "a competitive tender, by way of the Bloom Managed Service contract, for the professional "
        "services that the discovery phase needs."
    ),
)
SUMMARY: Final = paragraphs(
    "The MPS buys its transactional HR, Finance and Procurement services from Shared Services "
    "Connected Limited (SSCL). They have run in their present form since 2015, when the Business "
    "Support Services (BSS) Transformation Programme set them up.",
    "The contract was let for seven years with an option of three more. In 2020 it was extended to "
    "its full length, so it ends in 2025, and Oracle plans to stop supporting the system on which "
    "the services run. Time is short. A discovery phase is proposed so that the Met is well placed "
    "when it chooses the second generation.",
    "This decision is about the discovery phase alone. It would show what the options are, what is "
    "required, what the market offers and what could go wrong. It would end with a confirmed "
    "Programme Mandate and a Strategic Outline Case, on which later decisions about delivery and "
    "investment can rest.",
)
INTRODUCTION: Final = paragraphs(
    "In October 2015 the MPS moved its transactional HR, Finance and Procurement work to SSCL and, "
    "at the same time, to a new Oracle Enterprise Resource Planning (ERP) system called PSOP. Both "
    "moves belonged to the BSS Transformation Programme.",
    "The contract lasts ten years. It has saved more than £100m and has changed how these services "
    "reach the Met. It expires in September 2025, and by 2030 Oracle will no longer support PSOP. "
    "The question now is which processes and which technology will give better value, up to 2030 "
    "and after it.",
    "A large change programme takes much money and effort, and it is good practice to begin one "
    "with a discovery phase. It would tell the Met what a second generation of BSS would cover, "
    "whether it can be done, what it must do, what it would cost, and which options and risks "
    "there are.",
    "The phase would also name the benefits to aim for, within a clear scope, and a way to manage "
    "them. Those that can be measured will probably come under three themes:",
    "- time saved: simpler services, with less bureaucracy and less work by hand\n"
    "- a better experience for users: up-to-date systems that are fast and simple\n"
    "- lower costs: technology that brings running costs down and gives value for money",
)
ISSUES: Final = paragraphs(
    "The present contract still has several years to run. Work has to begin now all the same: the "
    "market must be approached, a supplier procured, the services moved across and a business case "
    "approved, and the change is large enough to need a full major change programme.",
    "PSOP is not one system but many that depend on each other. The first view of the MPS is that "
    "it should know today’s market better before it starts a new procurement.",
    "Timing, technology, data and the commercial approach are each complicated, and the discovery "
    "phase is there to understand them. Three transformation programmes that are under way, "
    "CONNECT, Command and Control, and Resource Management, rely on data held in PSOP. Changes to "
    "the way PSOP holds its data must be planned together with the second generation of BSS.",
    "Other change programmes and the first contract have taught that choices must be weighed "
    "against each other: the technical solution, the effect on people, business processes, the "
    "management of data, the effect on operations, and cost.",
    "A mixed team of consultants and MPS staff would carry out the phase. This was preferred "
    "because it brings in expertise from outside, copes better when people leave, lowers risk, and "
    "lets knowledge pass to the organisation and stay there.",
    "At the end the MPS would know what it needs, what that covers, what it would cost and what "
    "the market can supply, before it commits itself to building anything.",
)
MONEY: Final = paragraphs(
    "The table gives the indicative cost of contingent labour and of consultancy, which together "
    "make up the cost of the discovery phase.",
    "| Item | Indicative cost |\n"
    "| --- | --- |\n"
    "| Contingent Labour Fees | £321,267 |\n"
    "| Consultancy Fees | £540,000 |\n"
    "| Contingency at 10% | £86,126 |\n"
    "| **Total** | **£947,393** |",
    "The Major Change Fund (MCF), a part of the MPS Transformation portfolio, pays the £947,393. "
    "It will be spent in two financial years, 2021/22 and 2022/23.",
    "Bloom Managed Services is the route to market that has been chosen for this work.",
)
LEGAL: Final = paragraphs(
    law.PARAGRAPH_4_8,
    "The MPS report states that every service will come through a contract that is valid and was "
    "awarded in compliance with the rules.",
)
DATA: Final = paragraphs(
    law.PERSONAL_DATA,
    law.IMPACT_ASSESSMENT,
    "At each stage of the work the unit for Information Assurance and Information Rights will be "
    "asked, so that what GDPR and privacy require is done.",
    "For now the project uses no data by which a member of the public could be identified, so "
    "there is nothing to assess yet. If that changes later, a DPIA will be made wherever one is "
    "called for.",
)
EQUALITY: Final = paragraphs(
    law.EQUALITY_DUTY,
    "Developing the Strategic Outline Case will include an Equality Impact Assessment, and the "
    "Strategic Discovery Phase will take it into account.",
)
# The form says that there is a Part 2 and nothing about it.
PART_TWO: Final = PartTwoText(
    body=paragraphs(
        "Sample text. What the confidential part of this decision really said is not known, and "
        "nothing here is taken from it.",
        "In this invented version the adviser Marlpit expects bids of between 480,000 and 530,000 "
        "pounds for the consultancy, and would not go beyond the upper figure.",
    ),
    rationale=(
        "Sample text. Bidders who knew what the buyer expects to pay would have no reason to offer "
        "less."
    ),
    marking="OFFICIAL-SENSITIVE [COMMERCIAL]",
    reason=(
        "The published form says that there is a Part 2 but not why, so this notice is made up as "
        "part of the sample."
    ),
    ends_when="award of the work for which bids are invited",
    exemptions=(
        ExemptionText(
            "2(2)(a)",
            "43",
            "Sample text. Publication would help a few bidders and cost everybody else.",
        ),
    ),
)
COSTS_AND_DATES: Final = SampleFile(
    title="Discovery phase: costs and dates",
    name="discovery-phase-costs-and-dates.pdf",
    above="PCD 1080",
    made_up=(
        "Sample data. This document is made up to show a file beside a decision. Its figures and "
        "dates are those of the decision form."
    ),
    parts=(
        Part(
            "Why now",
            paragraphs(
                "The contract with SSCL began in October 2015 and was extended in 2020 to its full "
                "ten years. Nothing follows it yet. A successor needs a procurement, a business "
                "case and time to move the services across, so the choice has to be prepared "
                "several years ahead.",
            ),
            "The dates that matter",
            (
                ("When", "What"),
                ("October 2015", "SSCL takes over; PSOP comes into use"),
                ("2020", "The contract is extended to its full term"),
                ("2021/22 and 2022/23", "The discovery phase, expected to last six months"),
                ("September 2025", "The contract ends"),
                ("2030", "By then Oracle no longer supports PSOP"),
            ),
        ),
        Part(
            "What it costs",
            paragraphs(
                "The Major Change Fund pays for all of it. The amounts are indicative, and the "
                "contingency is ten per cent of the two fees.",
            ),
            "Indicative cost of the discovery phase",
            (
                ("Item", "Cost"),
                *((line.label, f"£{line.amount:,}") for line in COSTS),
                ("In all", f"£{sum(line.amount for line in COSTS):,}"),
            ),
        ),
        Part(
            "What it leaves behind",
            paragraphs(
                "Two papers: a confirmed Programme Mandate and a Strategic Outline Case. With them "
                "the MPS can say what it needs, which options it has and what each would risk, "
                "before it commits itself to building anything.",
            ),
        ),
    ),
)
TEXT: Final = Text(
    title="MPS Business Support Services Second Generation Discovery Phase",
    summary=SUMMARY,
    asks=ASKS,
    lines=COSTS,
    sections={
        SectionKind.INTRODUCTION: INTRODUCTION,
        SectionKind.ISSUES: ISSUES,
        SectionKind.FINANCIAL: MONEY,
        SectionKind.LEGAL: LEGAL,
        SectionKind.COMMERCIAL: None,
        SectionKind.DATA_PROTECTION: DATA,
        SectionKind.EQUALITY: EQUALITY,
    },
    headings={SectionKind.FINANCIAL: "Financial & Commercial Comments"},
    statements={
        DeclarationKind.DATA_PROTECTION: (
            "GDPR compliance issues are covered in the body of the report. A DPIA is not required."
        )
    },
    scheme_paragraph="4.8",
    part_two=PART_TWO,
    files=(COSTS_AND_DATES,),
)


def sample(cast: Cast, _calendar: Calendar) -> Sample:
    """PCD 1080, which has days of its own and needs no calendar."""
    return Sample(1080, cast.olu, _november(1, 9, 40), TEXT, _live)


def _live(life: Life) -> None:
    life.consult(_november(3, 11, 15))
    life.advise_all(
        {
            "finance": _november(5, 14, 20),
            "legal": _november(8, 10, 5),
            "equalities": _november(8, 15, 30),
            "commercial": _november(9, 11, 45),
            "data_protection": _november(10, 9, 50),
            "head_of_service": _november(12, 16, 10),
        }
    )
    life.approve_files(by=life.cast.saba)
    life.submit(_november(15, 10, 30))
    life.endorse(_november(17, 15, 5))
    life.decide(_november(23, 10, 40))
    life.publish(_november(24, 9, 30))


def _november(day: int, hour: int, minute: int) -> datetime:
    return moment(date(2021, 11, day), hour, minute)
