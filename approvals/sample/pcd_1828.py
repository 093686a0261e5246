"""PCD 1828, awaiting the decision maker: the facts of the real one, in our words.

The published page tells what the money is for but not how it divides, and leaves that to its
Part 2; the Part 2 here is made up and says so.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from approvals.sample import law
from approvals.sample.calendar import Calendar
from approvals.sample.cast import Cast
from approvals.sample.law import paragraphs
from approvals.sample.life import Life, Sample
from approvals.sample.writing import CAPITAL, Ask, ExemptionText, Line, PartTwoText, Text
from decisions.models import Forum, SectionKind

PLAN: Final = "Digital Data & Technology (DDaT) capital plan"
# £3.049m in all, of which £0.498m was seed funding of 2024/25.
COSTS: Final = (
    Line("Design and discovery (seed funding)", Decimal(498_000), CAPITAL, "2024/25", PLAN),
    Line("Build, implementation and business change", Decimal(2_551_000), CAPITAL, source=PLAN),
)
ASKS: Final = (
    Ask(
        "funding of £3.049m to build and implement the new ServiceNow platform and to carry out "
        "the business change that it requires. This capital cost is fully funded in the Digital "
        "Data & Technology (DDaT) capital plan.",
        amount=Decimal(3_049_000),
        kind=CAPITAL,
    ),
    Ask(
        "the award of Project Work Orders worth £1.810m to the Supplier under the Pegasus "
        "Infrastructure Services contract.",
        amount=Decimal(1_810_000),
        kind=CAPITAL,
    ),
)
SUMMARY: Final = paragraphs(
    "ServiceNow is the application with which the MPS runs its information technology. Most people "
    "know it as ‘My IT Service Desk’. It has been adapted so much over the years that it is now "
    "hard and costly to keep going.",
    "The ServiceNow Fit for Future programme was set up to implement it again in a standard "
    "configuration. The MPS could then use improved features as they arrive, and upgrades would "
    "become simpler.",
    "This paper asks for the money for that work and for approval to appoint the Supplier that "
    "will do it.",
)
INTRODUCTION: Final = paragraphs(
    "DDaT manages IT services with ServiceNow. Anybody who works for the MPS can open ‘My IT "
    "Service Desk’ to report a fault or ask for something. Service providers support users through "
    "it too, the MPS itself as well as Connect (NEC), Capgemini, Eviden (Atos) and BT. It shows "
    "how the live service is doing, how it has done and where it is heading.",
    "With it the MPS manages its IT infrastructure from day to day: changes in technology, IT and "
    "cyber risks, and the availability of services. It is connected to other core technologies: to "
    "Teams and Virtual Agent, through which people get support; to the monitoring of services, "
    "networks and infrastructure; and to Smartlockers, from which officers and staff fetch "
    "equipment themselves.",
    "ServiceNow came into use in 2016 and moved to software as a service (SaaS) in 2019. It began "
    "as a bespoke system and has been customised heavily since, so its architecture is too "
    "complex. Much of what the platform could do cannot be used, while cost and risk rise from "
    "year to year and little is gained.",
    "The contract requires an upgrade every year. Because of the customisation each one takes "
    "great effort and brings no benefit except that the supplier goes on giving support. It costs "
    "about £320,000 a year at present, and the cost is rising.",
)
ISSUES: Final = paragraphs(
    "The main aim is to use what the platform offers as standard and to reform IT Service "
    "Management around it. Users would be served better, risk and technical debt would fall, and "
    "the way the service is run would mature. Functions that cannot be used today would become "
    "available.",
    "Money is saved chiefly because upgrades would become part of business as usual (BAU). "
    "ServiceNow has agreed to put off the upgrade that the contract requires now, so that the MPS "
    "can change platform first. The cost avoided is put at £1.9m in the coming five years. Lower "
    "annual charges for service support have also been agreed, because better tools make the work "
    "more efficient.",
    "The DDaT Board has approved seed funding of £0.498m, from the DDaT capital plan for 2024/25 "
    "that MOPAC approved, for design and discovery work to test the approach. It is part of the "
    "£3.049m asked for above. The work has gone far enough to show that the standard functions can "
    "do what the MPS needs. The rest of the £3.049m is in the capital plan that goes with the MPS "
    "budget for 2025/26.",
    "The MOPAC Police and Crime Plan 2022-25 sets capital aside for new technology and for keeping "
    "existing systems going. The programme also serves the part of the New Met for London (NMfL) "
    "plan called Fixing our Foundations, because it brings the tool and the processes of IT "
    "service management to one standard. In the end, less time at the front line would be lost to "
    "IT problems.",
)
LEGAL: Final = paragraphs(
    law.PARAGRAPH_4_8,
    "No legal issue arises where services are bought under a valid contract, and this one has been "
    "approved already.",
)
COMMERCIAL: Final = paragraphs(
    "This work is not within the core service charges of the Pegasus Infrastructure Services "
    "contract, and its catalogue does not offer it. Both have been confirmed.",
    "The services will therefore be bought as a Project Work Order under that contract.",
)
DATA: Final = paragraphs(
    law.PERSONAL_DATA,
    law.IMPACT_ASSESSMENT,
    "At each stage the MPS units for Information Assurance and Information Rights will be asked, "
    "so that the programme does what is required of it.",
    "The programme uses no data by which a member of the public could be identified, so no issue "
    "under GDPR arises for the public.",
)
EQUALITY: Final = paragraphs(
    law.EQUALITY_DUTY,
    "The work improves a service that exists already and changes nothing that bears on equality "
    "or diversity.",
    "The implementation will follow every policy of the Met on equality and diversity that the "
    "Strategic Diversity and Inclusion team points out, and advice will be sought where it is "
    "needed.",
)
PART_TWO: Final = PartTwoText(
    body=paragraphs(
        "Sample text. The real Part 2 of this decision is not public, and nothing here is taken "
        "from it.",
        "In this invented version the Supplier is called Thornquill. Its day rate starts at 640 "
        "pounds, and the buyers believe that it would settle for 585 if all work orders were "
        "placed together.",
    ),
    rationale=(
        "Sample text. The rates of one work order would become the floor for the next if they were "
        "known."
    ),
    marking="OFFICIAL-SENSITIVE [COMMERCIAL]",
    reason=(
        "What Part 2 tells is commercially sensitive. Made public, it could weaken the buyer’s "
        "hand in procurements to come."
    ),
    ends_when="completion of the contract",
    exemptions=(
        ExemptionText(
            "2(2)(a)",
            "43",
            "Sample text. Spending of this size is of public interest and its total is published. "
            "The rates themselves would mainly serve competitors.",
        ),
    ),
)
TEXT: Final = Text(
    title="ServiceNow Fit for future",
    summary=SUMMARY,
    asks=ASKS,
    lines=COSTS,
    sections={
        SectionKind.INTRODUCTION: INTRODUCTION,
        SectionKind.ISSUES: ISSUES,
        SectionKind.FINANCIAL: "The financial and commercial details stand in Part 2.",
        SectionKind.LEGAL: LEGAL,
        SectionKind.COMMERCIAL: COMMERCIAL,
        SectionKind.DATA_PROTECTION: DATA,
        SectionKind.EQUALITY: EQUALITY,
    },
    forum=Forum.IAM,
    scheme_paragraph="4.8",
    supporting_documents=("PCD 1828 ServiceNow Fit for future",),
    part_two=PART_TWO,
)


def sample(cast: Cast, calendar: Calendar) -> Sample:
    """PCD 1828, endorsed a few days ago."""
    ago = calendar.ago

    def live(life: Life) -> None:
        life.consult(ago(22, 11, 20))
        life.advise_all(
            {
                "finance": ago(17, 10, 10),
                "legal": ago(16, 15, 45),
                "equalities": ago(16, 11, 0),
                "commercial": ago(15, 9, 35),
                "data_protection": ago(13, 14, 5),
                "head_of_service": ago(9, 16, 30),
            }
        )
        life.submit(ago(7, 9, 50))
        life.endorse(ago(3, 14, 15))

    return Sample(1828, cast.olu, ago(26, 10, 5), TEXT, live)
