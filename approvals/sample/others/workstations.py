"""Out for advice: some given, one with comments, some overtaken by a change, some outstanding.

It has two files: one for the public that nobody has looked at yet, and one in Part 2.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from approvals.sample import law
from approvals.sample.calendar import Calendar
from approvals.sample.cast import Cast
from approvals.sample.files import Part, SampleFile
from approvals.sample.law import paragraphs
from approvals.sample.life import Life, Sample
from approvals.sample.writing import (
    CAPITAL,
    REVENUE,
    Ask,
    ExemptionText,
    Line,
    PartTwoText,
    Text,
)
from decisions.models import Forum, SectionKind

SOURCE: Final = "Forensic services capital programme"
RUNNING: Final = "Forensic services revenue budget"
EX_VAT: Final = "exclusive"
PART_TWO: Final = PartTwoText(
    body=paragraphs(
        "Sample text, made up like the rest of this paper.",
        "The present machines cannot open devices of the Larkmoor type at all. Anyone who knew "
        "that would buy one.",
    ),
    rationale="Sample text. Criminals would change their devices to those that cannot be read.",
    marking="OFFICIAL-SENSITIVE",
    reason="Publication would tell criminals which devices cannot be examined.",
    ends_when="replacement of the last of the present machines",
    exemptions=(
        ExemptionText(
            "2(2)(a)",
            "31",
            "Sample text. That there is a gap is public; what it is would only help offenders.",
        ),
    ),
)
MADE_UP: Final = "Sample data. This document, and all that it tells, is made up."
BUY_OR_RENT: Final = SampleFile(
    title="Buying and renting workstations compared",
    name="Workstations buy or rent.pdf",
    above="PCD 1818",
    made_up=MADE_UP,
    parts=(
        Part(
            "What was compared",
            paragraphs(
                "160 workstations for eight laboratories, bought or rented, with support in both "
                "cases and without VAT. A workstation is expected to serve for five years.",
            ),
            "Cost to the end of each year",
            (
                ("Year", "Bought", "Rented"),
                ("First", "£1,408,000", "£704,000"),
                ("Second", "£1,936,000", "£1,408,000"),
                ("Third", "£2,024,000", "£2,112,000"),
                ("Fourth", "£2,112,000", "£2,816,000"),
                ("Fifth", "£2,200,000", "£3,520,000"),
            ),
        ),
        Part(
            "What follows from it",
            paragraphs(
                "Renting costs less for two years and more from the third. After five years it has "
                "cost £1,320,000 more, and the machines go back to their owner.",
            ),
        ),
    ),
)
BY_DEVICE: Final = SampleFile(
    title="Devices that cannot be examined, by type",
    name="Devices by type.pdf",
    above="PCD 1818, Part 2",
    made_up=MADE_UP,
    marking="OFFICIAL-SENSITIVE",
    parts=(
        Part(
            "Devices that wait, and whether the present machines can open them",
            paragraphs(
                "Counted in all eight laboratories at the end of last month. Only those who are "
                "cleared for Part 2 of this paper may read this.",
            ),
            "4,870 devices",
            (
                ("Type", "Waiting", "Can be opened"),
                ("Larkmoor", "1,260", "No"),
                ("Wrenfold", "910", "Only the older ones"),
                ("All others", "2,700", "Yes"),
            ),
        ),
    ),
)


def sample(cast: Cast, calendar: Calendar) -> Sample:
    """PCD 1818: legal and equalities advised on the first version, which was then changed."""
    ago, year, next_year = calendar.ago, calendar.year(), calendar.year(1)
    money = (
        f"Workstations cost £1,320,000 in {year} and £440,000 in {next_year}, £1,760,000 in all. "
        "Support costs £88,000 in each of the two years, £176,000 in all. The total is £1,936,000, "
        "excluding VAT."
    )
    text = Text(
        title="Sample: Replacement of digital forensic workstations",
        summary=paragraphs(
            "Telephones and computers that are seized in investigations are examined at special "
            "workstations. The present ones are seven years old, and devices wait eleven weeks. "
            "This paper asks for £1,936,000 to replace them.",
        ),
        asks=(
            Ask(
                f"capital spending of up to £1,760,000 in {year} and {next_year} on 160 forensic "
                "workstations.",
                amount=Decimal(1_760_000),
                kind=CAPITAL,
                up_to=True,
            ),
            Ask(
                "revenue spending of £176,000 on their support in the same two years.",
                amount=Decimal(176_000),
                kind=REVENUE,
            ),
        ),
        lines=(
            Line("120 workstations", Decimal(1_320_000), CAPITAL, year, SOURCE, EX_VAT),
            Line("40 workstations", Decimal(440_000), CAPITAL, next_year, SOURCE, EX_VAT),
            Line("Support", Decimal(88_000), REVENUE, year, RUNNING, EX_VAT),
            Line("Support", Decimal(88_000), REVENUE, next_year, RUNNING, EX_VAT),
        ),
        sections={
            SectionKind.INTRODUCTION: paragraphs(
                "There are 160 workstations in eight laboratories. The maker ended its support for "
                "them in spring.",
                "At the end of last month 4,870 devices were waiting to be examined, 900 more than "
                "a year before.",
            ),
            SectionKind.ISSUES: paragraphs(
                "New workstations copy a device about three times as fast. The wait is expected to "
                "fall from eleven weeks to five.",
                "Renting was looked at. It costs less in the first year and more from the third "
                "year on.",
            ),
            SectionKind.FINANCIAL: money,
            SectionKind.LEGAL: law.PARAGRAPH_4_8,
            SectionKind.COMMERCIAL: (
                "The workstations are bought through a framework for police technology. Each "
                "laboratory gets the same model."
            ),
            SectionKind.DATA_PROTECTION: paragraphs(
                law.PERSONAL_DATA,
                law.IMPACT_ASSESSMENT,
                "A DPIA is being completed, because the devices hold personal data of victims, "
                "witnesses and suspects.",
            ),
            SectionKind.EQUALITY: paragraphs(
                law.EQUALITY_DUTY, "The desks of the new workstations can be raised and lowered."
            ),
        },
        forum=Forum.IAM,
        scheme_paragraph="4.8",
        part_two=PART_TWO,
        files=(BUY_OR_RENT, BY_DEVICE),
    )

    def live(life: Life) -> None:
        life.consult(ago(27, 10, 0))
        life.advise("legal", ago(21, 13, 15))
        life.advise("equalities", ago(19, 11, 10))
        life.rewrite(
            SectionKind.FINANCIAL,
            paragraphs(
                money,
                "The old workstations are wiped and sold. What that brings is not counted here.",
            ),
        )
        life.advise(
            "finance",
            None,
            position="content_with_comments",
            comments=(
                "The figures agree with the programme. Please name the year in which the old "
                "workstations are written off."
            ),
        )
        life.advise("commercial", None)

    return Sample(1818, cast.olu, ago(31, 9, 50), text, live)
