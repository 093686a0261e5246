"""The start page and the list: newest first, searched, filtered, twenty a page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse

from decisions.register import search
from decisions.register.conditional import answer, entity_tag, marks
from decisions.register.views.errors import NotThere

if TYPE_CHECKING:
    from typing import Any

    from django.core.paginator import Page
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from decisions.register.models import Decision

PER_PAGE: Final = 20
LATEST: Final = 5


def start(request: HttpRequest) -> HttpResponseBase:
    """What this register is, a search box and the latest decisions."""
    latest = list(search.answers(search.Question())[:LATEST])
    context = {"latest": latest, "sample_data": any(row.sample for row in latest)}
    tag = entity_tag("start", *marks(latest))
    return answer(request, tag, lambda: render(request, "register/start.html", context))


def decision_list(request: HttpRequest) -> HttpResponseBase:
    """Decisions that answer the question, or all of them."""
    asked = search.question(request.GET)
    page = numbered_page(request, asked, per_page=PER_PAGE)
    rows = list(page.object_list)
    years, makers = search.choices(asked)
    context = {
        "asked": asked,
        "page": page,
        "rows": rows,
        "years": years,
        "makers": makers,
        "pages": page_links(page, asked),
        "previous": f"?{asked.address(page=page.number - 1)}",
        "next": f"?{asked.address(page=page.number + 1)}",
        "sample_data": any(row.sample for row in rows),
        "data_query": asked.address(),
    }
    if asked.faults:
        return render(request, "register/decision_list.html", context, status=400)
    tag = entity_tag("list", str(page.paginator.count), repr((years, makers)), *marks(rows))
    return answer(request, tag, lambda: render(request, "register/decision_list.html", context))


def numbered_page(request: HttpRequest, asked: search.Question, *, per_page: int) -> Page[Decision]:
    """The page that the address names. Raises NotThere for one that does not exist."""
    paginator = Paginator(search.answers(asked), per_page)
    number = request.GET.get("page", "1") or "1"
    # An address of a thousand digits is not a number to work with.
    if not re.fullmatch(r"[0-9]{1,6}", number) or not 1 <= int(number) <= paginator.num_pages:
        last = paginator.num_pages
        raise NotThere(
            "There is no such page in this list. "
            + ("It has 1 page." if last == 1 else f"It has {last} pages."),
            link=f"{reverse('decision_list')}?{asked.address()}".rstrip("?"),
            link_text="Go to the first page of this list",
            words=asked.words,
        )
    return paginator.page(int(number))


def page_links(page: Page[Decision], asked: search.Question) -> list[dict[str, Any]]:
    """Links to the first, the last and the neighbouring pages; a gap is marked."""
    links: list[dict[str, Any]] = []
    for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1):
        if isinstance(number, int):
            links.append(
                {
                    "number": number,
                    "href": f"?{asked.address(page=number)}",
                    "current": number == page.number,
                }
            )
        else:
            links.append({"gap": True})
    return links
