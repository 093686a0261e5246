"""The public record of a decision: the one shape that is frozen, signed, rendered and published.

It holds Part 1 and nothing else. It has no field in which a word of Part 2 could stand, apart from
the notice that the law wants published: the marking, the exemptions relied on and when they end.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal

import msgspec

SCHEMA: Final = 1
# Of a record with files. One without is the same text as ever, and keeps its digest.
SCHEMA_WITH_FILES: Final = 2

OutcomeValue = Literal["", "approved", "approved_with_changes", "not_approved", "deferred"]
MoneyKind = Literal["", "capital", "revenue", "income"]
BlockKind = Literal["paragraph", "list", "table", "heading"]

OUTCOME_WORDS: Final[dict[str, str]] = {
    "": "Not yet decided",
    "approved": "Approved",
    "approved_with_changes": "Approved with changes",
    "not_approved": "Not approved",
    "deferred": "Deferred",
}


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of every part of the record: immutable, and nothing unknown is let in.

    Each part says `kw_only` itself, because msgspec does not inherit it.
    """


class Block(Shape, frozen=True, kw_only=True):
    """One block of a section. Only a paragraph carries a number that can be cited ("2.3").

    `html` is sanitised: for a paragraph its inline content, for the other kinds the whole element.
    """

    kind: BlockKind
    html: str
    number: str = ""


class Recommendation(Shape, frozen=True, kw_only=True):
    """What the decision maker is asked to do, and, once decided, what became of it.

    `amount` is in pounds. `outcome_words` holds the changed words of "approved with changes" and
    the reason given for the other outcomes, as plain text.
    """

    number: int
    verb: str
    text: str
    amount: Decimal | None = None
    kind: MoneyKind = ""
    up_to: bool = False
    outcome: OutcomeValue = ""
    outcome_words: str = ""


class FundingLine(Shape, frozen=True, kw_only=True):
    """One line of the funding table; `amount` in pounds, income positive and of kind "income"."""

    label: str
    amount: Decimal
    kind: MoneyKind
    financial_year: str = ""
    source: str = ""
    vat: str = ""
    contingency_percent: Decimal | None = None


class FundingTotals(Shape, frozen=True, kw_only=True):
    """Totals of the funding lines in pounds. `net` is capital plus revenue less income."""

    capital: Decimal
    revenue: Decimal
    income: Decimal
    net: Decimal


class Section(Shape, frozen=True, kw_only=True):
    """A numbered section of Part 1."""

    number: int
    heading: str
    blocks: tuple[Block, ...] = ()


class PublishedFile(Shape, frozen=True, kw_only=True):
    """A PDF that is published beside the decision: SHA-256 in hexadecimal, and size in bytes."""

    digest: str
    size: int


class Reference(Shape, frozen=True, kw_only=True):
    """A background paper or supporting document: its title and, where there is one, its address.

    `file` is what this register itself publishes under that title; where it has none the text does
    not speak of files at all.
    """

    title: str
    address: str = ""
    file: PublishedFile | msgspec.UnsetType = msgspec.UNSET


class Deferral(Shape, frozen=True, kw_only=True):
    """Why and until when Part 1 is held back. `until` is the first day on which it is public."""

    until: date
    reason: str


class Exemption(Shape, frozen=True, kw_only=True):
    """One exemption relied on for Part 2: article of the 2011 Order, section of the FOIA 2000."""

    article: str
    section: str
    name: str


class PartTwoNotice(Shape, frozen=True, kw_only=True):
    """What is published about Part 2: never what it says."""

    marking: str
    exemptions: tuple[Exemption, ...]
    reason: str
    ends_on: date | None = None
    ends_when: str = ""


class Declaration(Shape, frozen=True, kw_only=True):
    """One row of the originating officer's declaration, with who advised and when."""

    label: str
    statement: str
    confirmed: bool = False
    adviser: str = ""
    advised_on: date | None = None


class Passkey(Shape, frozen=True, kw_only=True):
    """What a passkey returned for a signature, with all that checking it needs.

    `signed` are the parts of the text signed, in order: each with its length before it (four bytes)
    they make the bytes whose SHA-256 is the challenge in `client_data`. `declared` is the JSON
    whose SHA-256 is the eighth part. Bytes are base64url without padding; `public_key` is a
    SubjectPublicKeyInfo, `algorithm` its number in COSE, `credential` the SHA-256 of the
    credential's id in hexadecimal.
    """

    signed: tuple[str, ...]
    declared: str
    authenticator_data: str
    client_data: str
    signature: str
    public_key: str
    algorithm: int
    credential: str


class Approval(Shape, frozen=True, kw_only=True):
    """A signature block: a person's act as the holder of an office.

    `digest` is the SHA-256 of the text that was signed. `acting_for` is the title of the office
    when the signatory acted for it ("for the Chief Executive Officer"), else empty. `identity`
    says in words how the person proved who they are; `passkey` is there where it was by passkey,
    and otherwise is not written at all, so that a record from before passkeys keeps its bytes.
    """

    statement: str
    name: str
    office: str
    signed_at: datetime
    digest: str
    identity: str
    acting_for: str = ""
    interests: str = ""
    passkey: Passkey | msgspec.UnsetType = msgspec.UNSET


class Change(Shape, frozen=True, kw_only=True):
    """One passage that a correction changed: where it stands, and both texts as plain text."""

    where: str
    before: str
    after: str


class Correction(Shape, frozen=True, kw_only=True):
    """The public note of a later edition."""

    edition: int
    note: str
    corrected_on: date
    changes: tuple[Change, ...] = ()


class Record(Shape, frozen=True, kw_only=True):
    """Part 1 of one decision, whole: as drafted, as signed, or as published, by what is filled in.

    `signed_digest` is the digest of the record as it stood when it was signed, which is the record
    without outcomes, approvals and corrections. `signed_declarations` are the rows as they stood
    then, before it was added who advised, so that anyone can put together the text that was signed;
    a record that nobody signed with a passkey does not speak of them.
    """

    schema: int = SCHEMA
    reference: str
    slug: str
    edition: int = 1
    sample: bool = False
    title: str
    office: str
    office_short: str
    decision_maker: str = ""
    forum: str = ""
    lead_in: str
    executive_summary: tuple[Block, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    funding: tuple[FundingLine, ...] = ()
    sections: tuple[Section, ...] = ()
    background_papers: tuple[Reference, ...] = ()
    supporting_documents: tuple[Reference, ...] = ()
    public_access: str = ""
    deferral: Deferral | None = None
    part_two: PartTwoNotice | None = None
    declarations: tuple[Declaration, ...] = ()
    chief_executive: Approval | None = None
    decision: Approval | None = None
    signed_digest: str = ""
    corrections: tuple[Correction, ...] = ()
    signed_declarations: tuple[Declaration, ...] | msgspec.UnsetType = msgspec.UNSET

    @property
    def totals(self) -> FundingTotals:
        """Totals of the funding lines, in pounds."""
        return totals(self.funding)

    @property
    def outcome(self) -> OutcomeValue:
        """The outcome of the whole decision: "" until every recommendation has one."""
        return overall_outcome(tuple(r.outcome for r in self.recommendations))

    @property
    def files(self) -> tuple[PublishedFile, ...]:
        """The files that are published beside the decision."""
        return tuple(d.file for d in self.supporting_documents if d.file is not msgspec.UNSET)

    @property
    def decided_on(self) -> datetime | None:
        """The moment the decision maker signed, in UTC, or None."""
        return self.decision.signed_at if self.decision else None

    def to_json(self) -> str:
        """Canonical text: keys sorted, no white space, UTF-8, amounts as strings with pence."""
        return msgspec.json.encode(self, order="sorted").decode()

    @staticmethod
    def from_json(text: str) -> Record:
        """Read canonical text back. Raises msgspec.ValidationError for any other shape."""
        return msgspec.json.decode(text, type=Record)

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical text, in hexadecimal."""
        return digest_of(self.to_json())


def digest_of(text: str) -> str:
    """SHA-256 of a text's UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def totals(lines: tuple[FundingLine, ...]) -> FundingTotals:
    """Add up funding lines by kind, in pounds and pence."""
    zero = Decimal("0.00")

    def of(kind: MoneyKind) -> Decimal:
        return sum((line.amount for line in lines if line.kind == kind), zero)

    capital, revenue, income = of("capital"), of("revenue"), of("income")
    return FundingTotals(
        capital=capital, revenue=revenue, income=income, net=capital + revenue - income
    )


def overall_outcome(outcomes: tuple[OutcomeValue, ...]) -> OutcomeValue:
    """One word for a whole decision.

    All alike: that word. Nothing approved: "not_approved". Some approved, or any with changes:
    "approved_with_changes". Undecided while any recommendation has no outcome.
    """
    kinds = set(outcomes)
    if not kinds or "" in kinds:
        return ""
    if len(kinds) == 1:
        return outcomes[0]
    if kinds <= {"not_approved", "deferred"}:
        return "not_approved"
    return "approved_with_changes"
