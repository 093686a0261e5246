"""Open data: each decision's record as signed and published, and lists for machines."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Final, TypeVar

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Count, Value
from django.db.models.functions import MD5
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from decisions.register import data, search
from decisions.register.conditional import answer, entity_tag, marks
from decisions.register.views.decision import content_of, editions_of, pick, to_slug
from decisions.register.views.listing import numbered_page

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from decisions.register.models import Decision

Response = TypeVar("Response", bound=HttpResponseBase)

PER_PAGE: Final = 100
IN_FEED: Final = 50
CHUNK: Final = 500


def decision_json(request: HttpRequest, reference: str) -> HttpResponseBase:
    """The current edition's text, byte for byte what its digest was taken from."""
    return to_slug(reference, "decision_json") or _record(request, reference, None)


def edition_json(request: HttpRequest, reference: str, number: int) -> HttpResponseBase:
    """The text of one edition, byte for byte what its digest was taken from."""
    return to_slug(reference, "edition_json", number) or _record(request, reference, number)


def _record(request: HttpRequest, reference: str, number: int | None) -> HttpResponseBase:
    row = pick(editions_of(reference), number)
    tag = entity_tag("record", *marks([row]))
    return answer(request, tag, lambda: _open(content_of(row), "application/json"))


def list_json(request: HttpRequest) -> HttpResponseBase:
    """The decisions that answer the question, a hundred a page."""
    asked = search.question(request.GET)
    if asked.faults:
        return _open(
            json.dumps({"error": " ".join(asked.faults.values())}), "application/json", 400
        )
    page = numbered_page(request, asked, per_page=PER_PAGE)
    rows = list(page.object_list)

    def link(number: int) -> str:
        return data.absolute(f"{reverse('list_json')}?{asked.address(page=number)}")

    def build() -> HttpResponse:
        body = {
            "total": page.paginator.count,
            "page": page.number,
            "pages": page.paginator.num_pages,
            "previous": link(page.number - 1) if page.has_previous() else None,
            "next": link(page.number + 1) if page.has_next() else None,
            "decisions": [data.facts(row) for row in rows],
        }
        return _open(json.dumps(body, ensure_ascii=False, indent=1), "application/json")

    tag = entity_tag("json", str(page.paginator.count), *marks(rows))
    return answer(request, tag, build)


def list_csv(request: HttpRequest) -> HttpResponseBase:
    """Every decision that answers the question, as one table."""
    asked = search.question(request.GET)
    if asked.faults:
        return _open(" ".join(asked.faults.values()), "text/plain; charset=utf-8", 400)
    found = search.answers(asked)

    def build() -> StreamingHttpResponse:
        rows = found.iterator(chunk_size=CHUNK)
        # The question is put here, so that a database that is away is still a 503.
        first = list(itertools.islice(rows, 1))
        response = StreamingHttpResponse(
            data.csv_lines(itertools.chain(first, rows)),
            content_type="text/csv; charset=utf-8; header=present",
            headers={"Content-Disposition": 'attachment; filename="decisions.csv"'},
        )
        return _opened(response)

    return answer(request, entity_tag("csv", _state(found)), build)


def decision_atom(request: HttpRequest) -> HttpResponseBase:
    """The latest decisions and corrections."""
    found = search.answers(search.Question()).order_by("-edition_published_at", "slug")
    rows = list(found[:IN_FEED])
    tag = entity_tag("atom", *marks(rows))
    return answer(
        request, tag, lambda: _open(data.atom(rows), "application/atom+xml; charset=utf-8")
    )


def _state(found: QuerySet[Decision]) -> str:
    """What tells one state of an answer from another, without fetching it."""
    total = found.order_by().aggregate(
        count=Count("digest"),
        all=MD5(StringAgg("digest", Value(""), order_by="digest")),
    )
    return f"{total['count']} {total['all']}"


def _open(body: str, content_type: str, status: int = 200) -> HttpResponse:
    return _opened(HttpResponse(body, content_type=content_type, status=status))


def _opened(response: Response) -> Response:
    """Let pages of other sites read it, for it is open data and no cookie ever goes with it."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
