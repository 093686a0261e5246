"""Public records to test with: PCD 1080, and decisions that went another way.

The facts, figures, headings and form wording are those of the real decision; every other sentence,
and every person, is made up.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

import msgspec

from decisions.register.record import (
    Approval,
    Block,
    Change,
    Correction,
    Declaration,
    Deferral,
    Exemption,
    FundingLine,
    OutcomeValue,
    PartTwoNotice,
    Recommendation,
    Record,
    Section,
)

OFFICE: Final = "Deputy Mayor for Policing and Crime"
CHIEF_EXECUTIVE: Final = "Chief Executive Officer"
IDENTITY: Final = "Signed in afresh with a password"
INTERESTS: Final = (
    "I confirm I have considered whether or not I have any personal or prejudicial interest in "
    "this matter and take the proposed decision in compliance with the Code of Conduct. Any such "
    "interests are recorded below."
)
ENDORSEMENT: Final = (
    "I have been consulted about the proposal and confirm that financial, legal and equalities "
    "advice has been taken into account in the preparation of this report. I am satisfied that "
    "this is an appropriate request to be submitted to the Deputy Mayor for Policing and Crime."
)
PUBLIC_ACCESS: Final = (
    "Information in this form (Part 1) is subject to the Freedom of Information Act 2000 (FOIA) "
    "and will be made available on the MOPAC website following approval. If immediate publication "
    "risks compromising the implementation of the decision it can be deferred until a specific "
    "date. Deferral periods should be kept to the shortest length strictly necessary."
)
SIGNED_AT: Final = datetime(2021, 11, 23, 10, 42, tzinfo=UTC)
ENDORSED_AT: Final = datetime(2021, 11, 17, 15, 5, tzinfo=UTC)


def paragraph(number: str, html: str) -> Block:
    """A numbered paragraph."""
    return Block(kind="paragraph", number=number, html=html)


def section(number: int, heading: str, *paragraphs: str) -> Section:
    """A section of numbered paragraphs."""
    blocks = tuple(paragraph(f"{number}.{at}", text) for at, text in enumerate(paragraphs, 1))
    return Section(number=number, heading=heading, blocks=blocks)


def _introduction() -> Section:
    themes = (
        "<ul><li>time saved, because fewer steps are done by hand</li>"
        "<li>a better experience for the people who use the systems</li>"
        "<li>lower running costs</li></ul>"
    )
    head = section(
        1,
        "Introduction and background",
        "Since October 2015 <strong>Shared Services Connected Limited</strong> (SSCL) has run the "
        "transactional work of human resources, finance and procurement for the MPS, on an Oracle "
        "resource planning system known as PSOP.",
        "That contract is counted as having saved more than £100m over ten years. It ends in "
        "September 2025, and Oracle will have withdrawn its support for PSOP by 2030.",
        "A discovery phase before a change of this size shows what the work is, whether it can be "
        "done, what it would cost and what could go wrong.",
        "It should also name the benefits to be measured, which are expected under three themes:",
    )
    return msgspec.structs.replace(head, blocks=(*head.blocks, Block(kind="list", html=themes)))


def _sections() -> tuple[Section, ...]:
    return (
        _introduction(),
        section(
            2,
            "Issues for consideration",
            "Some years of the contract remain. The market must still be sounded, a supplier "
            "chosen and the service moved across, which leaves less time than it seems.",
            "PSOP is several systems in one, and other programmes rely on the data in it: CONNECT, "
            "Command and Control, and Resource Management. The order of changes matters.",
            "A team of the MPS’s own staff and consultants would carry out the phase, so that what "
            "is learned stays with the organisation.",
        ),
        section(
            3,
            "Financial & Commercial Comments",
            "The table below gives the indicative cost of the discovery phase.",
            "The whole £947,393 comes from the Major Change Fund within the MPS Transformation "
            "portfolio and falls in the financial years 2021/22 and 2022/23.",
            "Professional services would be bought through Bloom Managed Services.",
        ),
        section(
            4,
            "Legal Comments",
            "Under paragraph 4.8 of the MOPAC Scheme of Delegation and Consent the Deputy Mayor "
            "for Policing and Crime (DMPC) may approve business cases of £500,000 or above.",
            "The MPS states that every service will be bought under a contract lawfully awarded.",
        ),
        section(
            5,
            "GDPR and Data Privacy",
            "Personal data of the public is not used at this stage, so no impact assessment under "
            "Article 35 of the GDPR and section 57 of the Data Protection Act 2018 is needed. One "
            "will be made should that change.",
        ),
        section(
            6,
            "Equality Comments",
            "MOPAC must have due regard to the aims in section 149(1) of the Equality Act 2010.",
            "An equality impact assessment will accompany the Strategic Outline Case.",
        ),
    )


def _declarations() -> tuple[Declaration, ...]:
    rows = (
        (
            "Financial Advice",
            (
                "The Strategic Finance and Resource Management Team has been consulted on this "
                "proposal."
            ),
            "Farah Malik",
            date(2021, 11, 9),
        ),
        (
            "Legal Advice",
            "The MPS Directorate of Legal Services has been consulted.",
            "Leo Grant",
            date(2021, 11, 10),
        ),
        (
            "Equalities Advice",
            "Equality and diversity issues are covered in the body of the report.",
            "Esme Castle",
            date(2021, 11, 10),
        ),
        (
            "Commercial Issues",
            (
                "The MPS Commercial Services team have been involved in the development of this "
                "proposal."
            ),
            "Cormac Byrne",
            date(2021, 11, 11),
        ),
        (
            "GDPR/Data Privacy",
            "GDPR compliance issues are covered in the body of the report. A DPIA is not required.",
            "Dita Novak",
            date(2021, 11, 11),
        ),
        (
            "Director/Head of Service",
            (
                "The Head of MPS Oversight – Governance and Professionalism has reviewed the "
                "request and is satisfied it is correct and consistent with the MOPAC’s plans and "
                "priorities."
            ),
            "Hal Osei",
            date(2021, 11, 12),
        ),
    )
    return tuple(
        Declaration(label=label, statement=words, confirmed=True, adviser=name, advised_on=day)
        for label, words, name, day in rows
    )


def draft_of_pcd_1080() -> Record:
    """PCD 1080 before anyone has signed it."""
    return Record(
        reference="PCD 1080",
        slug="pcd-1080",
        sample=True,
        title="MPS Business Support Services Second Generation Discovery Phase",
        office=OFFICE,
        office_short="DMPC",
        decision_maker="Dominic Vale",
        lead_in=f"The {OFFICE} is recommended to:",
        executive_summary=(
            Block(
                kind="paragraph",
                html="The contract under which SSCL provides human resources, finance and "
                "procurement services to the MPS was extended in 2020 for its full term and ends "
                "in 2025.",
            ),
            Block(
                kind="paragraph",
                html="This decision funds a discovery phase, whose products are a confirmed "
                "Programme Mandate and a Strategic Outline Case for what comes after it.",
            ),
        ),
        recommendations=(
            Recommendation(
                number=1,
                verb="approve",
                text="funding of £947,393 from existing MPS Transformation budgets across 2021/22 "
                "and 2022/23 for a six-month discovery phase of Business Support Services (BSS) "
                "Second Generation.",
                amount=Decimal("947393.00"),
                kind="revenue",
            ),
            Recommendation(
                number=2,
                verb="approve",
                text="the use of the Bloom Managed Service contract to tender competitively for "
                "the professional services that the discovery phase needs.",
            ),
        ),
        funding=(
            FundingLine(
                label="Contingent labour fees", amount=Decimal("321267.00"), kind="revenue"
            ),
            FundingLine(label="Consultancy fees", amount=Decimal("540000.00"), kind="revenue"),
            FundingLine(
                label="Contingency",
                amount=Decimal("86126.00"),
                kind="revenue",
                contingency_percent=Decimal(10),
            ),
        ),
        sections=_sections(),
        public_access=PUBLIC_ACCESS,
        part_two=PartTwoNotice(
            marking="OFFICIAL-SENSITIVE [COMMERCIAL]",
            exemptions=(
                Exemption(
                    article="2(2)(a)", section="43", name="Trade secrets and commercial interests"
                ),
            ),
            reason="Publishing the commercial approach would weaken the MPS in the tender.",
            ends_when="Completion of the contract.",
        ),
        declarations=_declarations(),
    )


def with_outcomes(record: Record, *outcomes: tuple[OutcomeValue, str]) -> Record:
    """The record with an outcome and its words for each recommendation, in order."""
    decided = tuple(
        msgspec.structs.replace(item, outcome=outcome, outcome_words=words)
        for item, (outcome, words) in zip(record.recommendations, outcomes, strict=True)
    )
    return msgspec.structs.replace(record, recommendations=decided)


def signed(
    record: Record,
    *,
    interests: str = "None.",
    decider: str = "Dominic Vale",
    office: str = OFFICE,
    acting_for: str = "",
) -> Record:
    """The record with both signatures, on the digest of the record as it came in."""
    digest = record.digest
    return msgspec.structs.replace(
        record,
        decision_maker=decider,
        signed_digest=digest,
        chief_executive=Approval(
            statement=ENDORSEMENT,
            name="Celia Marsh",
            office=CHIEF_EXECUTIVE,
            signed_at=ENDORSED_AT,
            digest=digest,
            identity=IDENTITY,
        ),
        decision=Approval(
            statement=INTERESTS,
            name=decider,
            office=office,
            acting_for=acting_for,
            signed_at=SIGNED_AT,
            digest=digest,
            identity=IDENTITY,
            interests=interests,
        ),
    )


def pcd_1080() -> Record:
    """PCD 1080 as published: both recommendations approved."""
    return with_outcomes(signed(draft_of_pcd_1080()), ("approved", ""), ("approved", ""))


def refused() -> Record:
    """Nothing was approved, and the reasons are given."""
    return with_outcomes(
        signed(draft_of_pcd_1080()),
        ("not_approved", "The case does not show why the work cannot start a year later."),
        ("not_approved", "Without funding there is nothing to tender for."),
    )


def partly_approved() -> Record:
    """One recommendation approved with changed words, the other refused."""
    record = signed(
        draft_of_pcd_1080(),
        interests="My sister is employed by one of the firms that may tender.",
    )
    return with_outcomes(
        record,
        (
            "approved_with_changes",
            "Approve funding of up to £600,000 for a four-month discovery phase.",
        ),
        ("not_approved", "The MPS’s own framework is to be used instead."),
    )


def decision_deferred() -> Record:
    """The decision maker put the whole decision off."""
    words = "To be brought back once the Investment Advisory and Monitoring board has met."
    return with_outcomes(
        signed(draft_of_pcd_1080()),
        ("deferred", words),
        ("deferred", words),
    )


def acting_signatories() -> Record:
    """Both signatories acted for the holder of the office."""
    record = pcd_1080()
    assert record.chief_executive is not None
    assert record.decision is not None
    return msgspec.structs.replace(
        record,
        chief_executive=msgspec.structs.replace(
            record.chief_executive,
            name="Robin Teal",
            office="Director of Strategy",
            acting_for=CHIEF_EXECUTIVE,
        ),
        decision=msgspec.structs.replace(
            record.decision, name="Ada Finch", office="Deputy Mayor for Fire", acting_for=OFFICE
        ),
    )


def corrected() -> Record:
    """The second edition: one figure put right, with the public note."""
    note = Correction(
        edition=2,
        note="Paragraph 3.2 named the wrong financial years. The amount has not changed.",
        corrected_on=date(2022, 1, 14),
        changes=(
            Change(
                where="Paragraph 3.2",
                before="falls in the financial years 2020/21 and 2021/22",
                after="falls in the financial years 2021/22 and 2022/23",
            ),
        ),
    )
    return msgspec.structs.replace(pcd_1080(), edition=2, corrections=(note,))


def publication_deferred() -> Record:
    """Part 1 is held back until a date."""
    return msgspec.structs.replace(
        pcd_1080(),
        deferral=Deferral(
            until=date(2022, 3, 1), reason="The tender must close before the budget is known."
        ),
    )


def by_other_hands(record: Record, summary: str) -> Record:
    """The next edition with this summary, as no form would let it pass."""
    note = Correction(edition=2, note="Made by other hands.", corrected_on=date(2022, 1, 14))
    block = Block(kind="paragraph", html=summary)
    return msgspec.structs.replace(
        record, edition=2, executive_summary=(block,), corrections=(note,)
    )
