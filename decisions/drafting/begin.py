"""Begin a paper: draw its reference and lay out its sections and declaration rows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import DutyKind, User
from decisions.history import record
from decisions.models import (
    Contributor,
    Declaration,
    DeclarationKind,
    Paper,
    Section,
    SectionKind,
    Series,
)
from decisions.part_two import room
from decisions.wording import STATEMENTS

# A page that was opened longer ago than this has expired with its session.
_A_DAY: Final = timedelta(days=1)


def why_cannot_begin(by: User) -> str | None:
    """Why this person may not begin a paper, as a sentence, or None if they may."""
    if by.duties() & {DutyKind.OFFICER, DutyKind.SECRETARIAT}:
        return None
    return (
        "Only originating officers and the secretariat begin papers. Ask one of them, or ask the "
        "secretariat to record that you are an originating officer."
    )


def begin(
    series_code: str,
    title: str,
    *,
    by: User,
    sample: bool = False,
    number: int | None = None,
    at: datetime | None = None,
    key: UUID | None = None,
) -> Paper:
    """Draw the next reference of a series and begin a draft with the form's sections.

    Two people who begin at once get two numbers: the series row is locked until the draft stands.
    `key` names the form that was sent: a second click finds the paper of the first.
    `number` and `at` are for sample papers alone, which carry the number and the dates of a real
    one. Raises ValueError for any other paper, and for a number that is taken.
    """
    if not sample and (number is not None or at is not None):
        raise ValueError("Only sample papers carry a number or a date set by hand.")
    with transaction.atomic():
        series = Series.objects.select_for_update(of=("self",)).get(code=series_code)
        begun = _begun_with(key, by)
        if begun is not None:
            return begun
        number = _draw(series, number)
        moment = at or timezone.now()
        reference = series.pattern.format(number=number)
        paper = Paper.objects.create(
            series=series,
            number=number,
            reference=reference,
            slug=slugify(reference),
            office=series.office,
            officer=by,
            title=title,
            sample=sample,
            created_at=moment,
            changed_at=moment,
            state_since=moment,
        )
        Section.objects.bulk_create(
            Section(paper=paper, position=place, kind=kind, heading=kind.label)
            for place, kind in enumerate(SectionKind, start=1)
        )
        Declaration.objects.bulk_create(
            Declaration(paper=paper, position=place, kind=kind, statement=STATEMENTS[kind])
            for place, kind in enumerate(DeclarationKind, start=1)
        )
        # PostgreSQL has written down who acts already, and that is the same person.
        Contributor.objects.bulk_create(
            [Contributor(paper=paper, person=by)], ignore_conflicts=True
        )
        more = {"dated": at.isoformat()} if at else {}
        more |= {"key": str(key)} if key else {}
        record(paper, "begin", by, reference=paper.slug, **more)
        room.clear(paper, by, by=by, reason="Originating officer")
    return paper


def _begun_with(key: UUID | None, by: User) -> Paper | None:
    """The paper that this very form has begun already. The caller holds the series' row lock."""
    if key is None:
        return None
    return Paper.objects.filter(
        officer=by,
        created_at__gte=timezone.now() - _A_DAY,
        events__verb="begin",
        events__facts__contains=f'"key":"{key}"',
    ).first()


def _draw(series: Series, wanted: int | None) -> int:
    """The next number, or the one wanted; the series goes on above the highest ever drawn.

    The caller holds the lock of the series' row.
    """
    number = series.next_number if wanted is None else wanted
    if Paper.objects.filter(series=series, number=number).exists():
        raise ValueError(f"{series.pattern.format(number=number)} is the number of another paper.")
    series.next_number = max(series.next_number, number + 1)
    series.save(update_fields=["next_number"])
    return number
