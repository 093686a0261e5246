"""One decision: its current edition, and each earlier one as it was published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.urls import reverse

from decisions.register.conditional import answer, entity_tag, marks
from decisions.register.models import Decision
from decisions.register.record import OUTCOME_WORDS, Record
from decisions.register.reference import slug_of
from decisions.register.views.errors import NotThere

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase


def decision(request: HttpRequest, reference: str) -> HttpResponseBase:
    """The current edition."""
    moved = to_slug(reference, "decision")
    return moved or _show(request, editions_of(reference), None)


def edition(request: HttpRequest, reference: str, number: int) -> HttpResponseBase:
    """One edition as it was published, marked as replaced when it is."""
    moved = to_slug(reference, "edition", number)
    return moved or _show(request, editions_of(reference), number)


def to_slug(reference: str, name: str, *more: int | str) -> HttpResponse | None:
    """A lasting redirect from any other spelling of a reference to its one address."""
    slug = slug_of(reference)
    if slug is None or slug == reference:
        return None
    return redirect(reverse(name, args=(slug, *more)), permanent=True)


def editions_of(reference: str) -> list[Decision]:
    """Every edition that is due, latest first, without the texts. Raises NotThere for none."""
    found: list[Decision] = []
    if slug_of(reference) == reference:
        rows = Decision.objects.filter(slug=reference).defer("content", "search")
        found = list(rows.order_by("-edition"))
    if not found:
        shown = " ".join(reference.split())[:60]
        raise NotThere(
            f"No decision with the reference “{shown}” is published in this register. It may have "
            "another reference, or its publication may still be to come.",
            words=shown,
        )
    return found


def pick(editions: list[Decision], number: int | None) -> Decision:
    """The edition of that number, or the current one. Raises NotThere."""
    for row in editions:
        if number in {None, row.edition}:
            return row
    raise NotThere(
        f"{editions[0].reference} has no edition {number} in this register.",
        link=reverse("decision", args=(editions[0].slug,)),
        link_text=f"Read the current edition of {editions[0].reference}",
        words=editions[0].reference,
    )


def _show(request: HttpRequest, editions: list[Decision], number: int | None) -> HttpResponseBase:
    row = pick(editions, number)
    tag = entity_tag("decision", str(number), *marks(editions))

    def build() -> HttpResponse:
        record = Record.from_json(content_of(row))
        latest = record if row is editions[0] else Record.from_json(content_of(editions[0]))
        context = {
            "row": row,
            "record": record,
            "outcome": OUTCOME_WORDS[record.outcome],
            "latest": editions[0],
            "history": history(editions, latest),
            "correction": next((c for c in record.corrections if c.edition == row.edition), None),
            "sample_data": row.sample,
        }
        return render(request, "register/decision.html", context)

    return answer(request, tag, build)


def content_of(row: Decision) -> str:
    """The text of an edition. Raises NotThere if it is not there to be read any more."""
    text = Decision.objects.filter(digest=row.digest).values_list("content", flat=True).first()
    if text is None:
        raise NotThere(f"{row.reference} is not in this register.")
    return text


def history(editions: list[Decision], latest: Record) -> list[dict[str, object]]:
    """Each published edition, latest first, with the note and changes the latest text gives."""
    known = {correction.edition: correction for correction in latest.corrections}
    return [
        {
            "row": row,
            "note": known[row.edition].note if row.edition in known else "",
            "changes": known[row.edition].changes if row.edition in known else (),
        }
        for row in editions
    ]
