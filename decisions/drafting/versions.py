"""Take a version: freeze what a paper says now, so that advice and signatures can name it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from accounts.models import User
from decisions.history import record
from decisions.models import Forum, Paper, Vat, Version
from decisions.part_two import room
from decisions.register.prose import blocks
from decisions.register.record import (
    SCHEMA,
    SCHEMA_WITH_FILES,
    Declaration,
    Deferral,
    FundingLine,
    PublishedFile,
    Recommendation,
    Record,
    Reference,
    Section,
    digest_of,
)
from decisions.wording import PUBLIC_ACCESS, lead_in


def record_of(paper: Paper) -> Record:
    """Part 1 of a paper as it stands now: no outcomes, no signatures, not a word of Part 2."""
    office = paper.office
    files = _files(paper)
    return Record(
        schema=SCHEMA_WITH_FILES if files else SCHEMA,
        reference=paper.reference,
        slug=paper.slug,
        sample=paper.sample,
        title=paper.title,
        office=office.title,
        office_short=office.short_title,
        forum=Forum(paper.forum).label if paper.forum else "",
        lead_in=lead_in(office.title, paper.forum),
        executive_summary=tuple(blocks(paper.executive_summary)),
        recommendations=_recommendations(paper),
        funding=_funding(paper),
        sections=_sections(paper),
        background_papers=tuple(
            Reference(title=row.title, address=row.address) for row in paper.background_papers.all()
        ),
        supporting_documents=(
            *(
                Reference(title=r.title, address=r.address)
                for r in paper.supporting_documents.all()
            ),
            *files,
        ),
        public_access=PUBLIC_ACCESS,
        deferral=_deferral(paper),
        part_two=room.notice(paper),
        declarations=tuple(
            Declaration(
                label=row.get_kind_display(), statement=row.statement, confirmed=row.confirmed
            )
            for row in paper.declarations.all()
        ),
    )


def take_version(paper: Paper, by: User, *, at: datetime | None = None) -> Version:
    """Freeze the paper as it stands and return its version; the newest one if nothing changed.

    The caller holds the paper's row lock. `at` is the moment of the act it is taken for.
    """
    content = record_of(paper).to_json()
    newest = paper.versions.order_by("-number").first()
    if (
        newest is not None
        and newest.digest == digest_of(content)
        and newest.round == paper.round
        and room.unchanged_since(newest)
    ):
        return newest
    material = room.material(paper)
    version = Version.objects.create(
        paper=paper,
        number=newest.number + 1 if newest else 1,
        round=paper.round,
        content=content,
        digest=digest_of(content),
        part_two_commitment=room.commitment(material[1], material[0]) if material else "",
        taken_by=by,
        taken_at=at or timezone.now(),
    )
    if material:
        room.freeze(version, *material)
    record(
        paper,
        "version",
        by,
        number=version.number,
        digest=version.digest,
        commitment=version.part_two_commitment,
    )
    return version


def newest_version(paper: Paper) -> Version | None:
    """The newest version of the round the paper is in, or None before it was ever frozen."""
    return paper.versions.filter(round=paper.round).order_by("-number").first()


def _recommendations(paper: Paper) -> tuple[Recommendation, ...]:
    return tuple(
        Recommendation(
            number=number,
            verb=row.verb,
            text=row.text,
            amount=_pounds(row.amount),
            kind=row.kind,  # type: ignore[arg-type]  # the column's choices are MoneyKind
            up_to=row.up_to,
        )
        for number, row in enumerate(paper.recommendations.all(), start=1)
    )


def _funding(paper: Paper) -> tuple[FundingLine, ...]:
    return tuple(
        FundingLine(
            label=row.label,
            amount=row.amount.quantize(Decimal("0.01")),
            kind=row.kind,  # type: ignore[arg-type]  # the column's choices are MoneyKind
            financial_year=row.financial_year,
            source=row.source,
            vat=Vat(row.vat).label if row.vat else "",
            contingency_percent=row.contingency_percent,
        )
        for row in paper.funding_lines.all()
    )


def _sections(paper: Paper) -> tuple[Section, ...]:
    included = [row for row in paper.sections.all() if row.included]
    return tuple(
        Section(number=number, heading=row.heading, blocks=tuple(blocks(row.body, section=number)))
        for number, row in enumerate(included, start=1)
    )


def _files(paper: Paper) -> tuple[Reference, ...]:
    """The files for the public, as they would be published and not as they were handed in."""
    return tuple(
        Reference(
            title=row.title, file=PublishedFile(digest=row.public_digest, size=row.public_size)
        )
        for row in paper.files.all()
    )


def _deferral(paper: Paper) -> Deferral | None:
    if not paper.deferred or paper.deferred_until is None:
        return None
    return Deferral(until=paper.deferred_until, reason=paper.deferral_reason)


def _pounds(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(Decimal("0.01"))
