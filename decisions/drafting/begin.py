"""Begin a paper: draw its reference and lay out its sections and declaration rows."""

from __future__ import annotations

from django.db import transaction
from django.utils.text import slugify

from accounts.models import User
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


def begin(series_code: str, title: str, *, by: User, sample: bool = False) -> Paper:
    """Draw the next reference of a series and begin a draft with the form's sections.

    Two people who begin at once get two numbers: the series row is locked until the draft stands.
    """
    with transaction.atomic():
        series = Series.objects.select_for_update(of=("self",)).get(code=series_code)
        number = series.next_number
        series.next_number = number + 1
        series.save(update_fields=["next_number"])
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
        )
        Section.objects.bulk_create(
            Section(paper=paper, position=place, kind=kind, heading=kind.label)
            for place, kind in enumerate(SectionKind, start=1)
        )
        Declaration.objects.bulk_create(
            Declaration(paper=paper, position=place, kind=kind, statement=STATEMENTS[kind])
            for place, kind in enumerate(DeclarationKind, start=1)
        )
        Contributor.objects.create(paper=paper, person=by)
        record(paper, "begin", by, reference=paper.slug)
        room.clear(paper, by, by=by, reason="Originating officer")
    return paper
