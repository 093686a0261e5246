"""Editions: the public record of a decision, put together from what was signed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from accounts.models import User
from approvals.case import Advised
from approvals.ceremony import BY_PASSKEY, Declared, OutcomeGiven
from approvals.ceremony.publishing import published, signed_by
from approvals.models import Edition, Signature
from decisions.models import DeclarationKind
from decisions.register.prose import blocks, from_html, plain
from decisions.register.record import (
    Approval,
    Block,
    Change,
    Correction,
    Declaration,
    Record,
)

_LONDON: Final = ZoneInfo("Europe/London")


def first_edition(
    endorsement: Signature,
    decision: Signature,
    declared: Declared,
    advised: Iterable[Advised],
    by: User,
) -> Edition:
    """The record as decided: the signed version with outcomes, signatures and who advised.

    `declared` is what the decision's signature declares and decides, `advised` the advice on the
    version that it signs. Called inside the transaction
    that decides.
    """
    record = decision.version.record
    outcomes = {given.number: given for given in declared.outcomes}
    approvals = _approval(endorsement, ()), _approval(decision, declared.outcomes)
    by_passkey = any(approval.passkey is not msgspec.UNSET for approval in approvals)
    record = msgspec.structs.replace(
        record,
        decision_maker=decision.name,
        recommendations=tuple(
            msgspec.structs.replace(
                asked,
                outcome=outcomes[asked.number].kind,
                outcome_words=outcomes[asked.number].words,
            )
            for asked in record.recommendations
        ),
        declarations=_declarations(advised, record),
        chief_executive=approvals[0],
        decision=approvals[1],
        signed_digest=decision.digest,
        signed_declarations=record.declarations if by_passkey else msgspec.UNSET,
    )
    return _keep(decision, 1, record, "", by, decision.signed_at)


def corrected_edition(
    before: Edition, passages: Mapping[str, str], note: str, by: User, at: datetime
) -> Edition | None:
    """The next edition with these passages written anew; None when nothing differs.

    `passages` maps "summary" or a section's number, as text, to its new text.
    """
    record = before.record
    changes: list[Change] = []
    summary = _rewritten(record.executive_summary, passages.get("summary"), None)
    if summary is not None:
        changes.append(_change("Executive summary", record.executive_summary, summary))
        record = msgspec.structs.replace(
            record,
            executive_summary=summary,
        )
    sections = []
    for section in record.sections:
        anew = _rewritten(section.blocks, passages.get(str(section.number)), section.number)
        if anew is not None:
            changes.append(_change(f"{section.number} {section.heading}", section.blocks, anew))
            section = msgspec.structs.replace(section, blocks=anew)  # noqa: PLW2901 - the new text
        sections.append(section)
    if not changes:
        return None
    number = before.number + 1
    correction = Correction(
        edition=number,
        note=note,
        corrected_on=at.astimezone(_LONDON).date(),
        changes=tuple(changes),
    )
    record = msgspec.structs.replace(
        record,
        edition=number,
        sections=tuple(sections),
        corrections=(*record.corrections, correction),
    )
    return _keep(before.signature, number, record, note, by, at)


def passages_of(edition: Edition) -> dict[str, tuple[str, str]]:
    """What a correction may rewrite: key to (heading, text as it stands)."""
    record = edition.record
    found = {"summary": ("Executive summary", text_of(record.executive_summary))}
    for section in record.sections:
        found[str(section.number)] = (
            f"{section.number} {section.heading}",
            text_of(section.blocks),
        )
    return found


def text_of(written: tuple[Block, ...]) -> str:
    """Blocks as the text that an officer types."""
    return from_html(
        "".join(f"<p>{b.html}</p>" if b.kind == "paragraph" else b.html for b in written)
    )


def _rewritten(
    before: tuple[Block, ...], text: str | None, section: int | None
) -> tuple[Block, ...] | None:
    if text is None or text.strip() == text_of(before).strip():
        return None
    return tuple(blocks(text, section=section))


def _change(where: str, before: tuple[Block, ...], after: tuple[Block, ...]) -> Change:
    return Change(where=where, before=plain(text_of(before)), after=plain(text_of(after)))


def _declarations(advised: Iterable[Advised], record: Record) -> tuple[Declaration, ...]:
    """The officer's rows with the advice given on the signed version."""
    given = {DeclarationKind(advice.kind).label: advice for advice in advised}
    rows = {row.label: row for row in record.declarations}
    return tuple(
        msgspec.structs.replace(
            rows[label],
            statement=given[label].statement,
            confirmed=True,
            adviser=given[label].adviser,
            advised_on=given[label].given_at.astimezone(_LONDON).date(),
        )
        if label in given
        else rows[label]
        for label in DeclarationKind.labels
        if label in rows
    )


def _approval(signature: Signature, outcomes: tuple[OutcomeGiven, ...]) -> Approval:
    kept = signature.assertion if signature.identity == BY_PASSKEY else None
    return Approval(
        statement=signature.statement,
        name=signature.name,
        office=signature.office.title,
        signed_at=signature.signed_at,
        digest=signature.digest,
        identity=signature.identity,
        acting_for=signature.acting_for,
        interests=signature.interests,
        passkey=published(kept, signed_by(signature, outcomes)) if kept else msgspec.UNSET,
    )


def _keep(
    decision: Signature, number: int, record: Record, note: str, by: User, at: datetime
) -> Edition:
    return Edition.objects.create(
        paper=decision.paper,
        number=number,
        signature=decision,
        content=record.to_json(),
        digest=record.digest,
        note=note,
        made_by=by,
        made_at=at,
    )
