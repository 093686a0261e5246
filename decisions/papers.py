"""Pages about papers as a whole: the list, the history, a comparison, the preview."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from django.core.paginator import EmptyPage, InvalidPage, Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from decisions.drafting.begin import why_cannot_begin
from decisions.drafting.compare import compare as compare_records
from decisions.drafting.history_page import entries
from decisions.drafting.save import why_not_editable
from decisions.drafting.tasks import with_parts
from decisions.drafting.versions import record_of
from decisions.filters import PaperFilter
from decisions.lookup import StaffRequest, paper_or_404
from decisions.models import Event, Paper
from decisions.part_two import room
from decisions.register import shelf
from decisions.states import TURN, State

PAPERS_A_PAGE: Final = 20
EVENTS_A_PAGE: Final = 50


@require_safe
def papers(request: StaffRequest) -> HttpResponse:
    """The papers that this person may open, found by words or reference, state, and "mine"."""
    asked = PaperFilter(request.GET, user=request.user)
    found = asked.papers()
    page, sentence = page_of(found, request.GET.get("page", ""), PAPERS_A_PAGE)
    context = {
        "form": asked,
        "page": page,
        "page_sentence": sentence,
        "listed": listed(page),
        "asked": asked.is_asked,
        "may_begin": why_cannot_begin(request.user) is None,
    }
    return render(request, "decisions/papers.html", context, status=404 if sentence else 200)


def listed(page: Iterable[Paper]) -> list[tuple[Paper, str]]:
    """Each paper with whose turn it is: nobody's, once the public can read its newest edition."""
    papers = list(page)
    public = shelf.newest_editions([paper.slug for paper in papers])
    corrected = Counter(
        Event.objects.filter(paper__in=papers, verb="correct").values_list("paper_id", flat=True)
    )
    return [
        (
            paper,
            "nobody: it is published"
            if public.get(paper.slug) == 1 + corrected[paper.pk]
            else turn_of(paper),
        )
        for paper in papers
    ]


def turn_of(paper: Paper) -> str:
    """Whose turn it is with a paper that is not public, in a word or a name."""
    if paper.state == State.DRAFT:
        return paper.officer.name
    if paper.state == State.DECISION:
        return f"the {paper.office.short_title}"
    return TURN[State(paper.state)]


@require_safe
def history(request: StaffRequest, slug: str) -> HttpResponse:
    """Everything that happened to a paper, newest first, in plain words with its digests."""
    paper = paper_or_404(slug, request.user)
    events = paper.events.select_related("actor").order_by("-seq")
    page, sentence = page_of(events, request.GET.get("page", ""), EVENTS_A_PAGE)
    context = {
        "paper": paper,
        "page": page,
        "page_sentence": sentence,
        "entries": entries(list(page)),
        "versions": list(
            paper.versions.select_related("taken_by").defer("content").order_by("-number")
        ),
    }
    return render(request, "decisions/history.html", context, status=404 if sentence else 200)


@require_safe
def compare(request: StaffRequest, slug: str, number: int) -> HttpResponse:
    """What changed from one version to a later one, or to the newest."""
    paper = paper_or_404(slug, request.user)
    versions = {version.number: version for version in paper.versions.defer("content")}
    before = versions.get(number)
    wanted = request.GET.get("with", "")
    after = versions.get(int(wanted)) if wanted.isdecimal() and len(wanted) < 7 else None
    after = after or (versions[max(versions)] if versions and not wanted else None)
    if before is None or after is None:
        missing = wanted if before is not None and wanted else number
        raise Http404(
            f"{paper.reference} has no version {str(missing)[:10]}. Open its history to see which "
            "versions there are."
        )
    context = {
        "paper": paper,
        "before": before,
        "after": after,
        "changes": compare_records(before.record, after.record),
        "part_two_changed": room.changed_between(before, after),
        "versions": sorted(versions),
    }
    return render(request, "decisions/compare.html", context)


@require_safe
def preview(request: StaffRequest, slug: str) -> HttpResponse:
    """The paper as the public would read it if it were decided and published as it stands."""
    paper = paper_or_404(slug, request.user)
    record = _newest(paper)
    context = {
        "paper": paper,
        "record": record,
        "editable": why_not_editable(paper, request.user) is None,
    }
    return render(request, "decisions/preview.html", context)


def _newest(paper: Paper) -> Any:
    return record_of(with_parts(paper))


def page_of(found: Any, wanted: str, size: int) -> tuple[Page[Any], str]:
    """One page of a list, and a sentence when there is no such page (the first is shown then)."""
    pages = Paginator(found, size)
    try:
        return pages.page(wanted or 1), ""
    except EmptyPage:
        sentence = f"There is no page {wanted[:10]}. The last page is {pages.num_pages}."
    except InvalidPage:
        sentence = f"“{wanted[:20]}” is not the number of a page."
    return pages.page(1), f"{sentence} The first page is shown."
