"""No cache keeps a staff page; nothing makes a public one differ, or be kept by another name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, include, path
from pytest_django.plugin import DjangoDbBlocker

from decisions.models import Paper
from tests import stages
from tests.cast import Cast
from tests.pages import signed_in
from tests.records import pcd_1080
from tests.register_world import Register, register


@login_not_required
def fails(request: HttpRequest) -> HttpResponse:
    """Stands for a page of ours with a fault in it."""
    raise RuntimeError


urlpatterns = [path("fails/", fails), path("", include("config.urls_staff"))]


def routes(entry: URLResolver | URLPattern, before: str = "") -> Iterator[str]:
    """Every route that leads to a page, as the resolver writes it."""
    whole = before + str(entry.pattern).removeprefix("^").removesuffix("$")
    if isinstance(entry, URLPattern):
        yield whole
    else:
        for each in entry.url_patterns:
            yield from routes(each, whole)


def filled(route: str, paper: Paper) -> str:
    """A route with something in each of its places: the paper's own name, else a 1."""
    parts = []
    for part in route.split("/"):
        name, colon, _ = part.partition(">")
        if "slug" in name:
            parts.append(paper.slug)
        else:
            parts.append("1" if colon else part)
    return "/" + "/".join(parts)


# What no route leads to: pages all the same, with the name of who signed in.
BESIDE = ("/nothing-here/", "/static/nothing.css", "/static/", "/static/app.css/")


@pytest.mark.django_db
def test_no_cache_may_keep_any_answer_of_the_staff_process(cast: Cast) -> None:
    paper = stages.draft(cast, part_two=True)
    addresses = [filled(route, paper) for route in routes(get_resolver("config.urls_staff"))]
    assert len(addresses) > 30
    met: set[int] = set()
    for client in (signed_in(cast.olu), signed_in(cast.oona), Client()):
        for address in [*addresses, *BESIDE, "/papers/"]:
            for method in ("get", "post", "put"):
                answer = getattr(client, method)(address)
                met.add(answer.status_code)
                assert answer["Cache-Control"] == "no-store", (method, address)
    with override_settings(ROOT_URLCONF=__name__):
        answer = Client(raise_request_exception=False).get("/fails/")
        met.add(answer.status_code)
        assert answer["Cache-Control"] == "no-store"
    assert {200, 302, 403, 404, 405, 500} <= met


@pytest.fixture(scope="module")
def world(migrated: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Register]:
    """A register with one decision in it."""
    with register(migrated, django_db_blocker) as made:
        made.place(pcd_1080())
        yield made


PAGES = ["/", "/decisions/", "/decisions/pcd-1080/", "/decisions.json", "/decisions.atom"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "odd",
    [
        {"Cookie": "countersign=somebody"},
        {"Cookie": "unrelated=1; countersign-form=x"},
        {"Cache-Control": "PRIVATE, No-Store"},
        {"X-Forwarded-Host": "elsewhere.example"},
        {"X-Original-URL": "/papers/"},
        {"Accept-Language": "cy"},
        {"Authorization": "Basic eDp5"},
    ],
    ids=str,
)
def test_a_public_page_is_the_same_whoever_asks(
    world: Register, page: str, odd: dict[str, str]
) -> None:
    plain, answer = world.get(page), world.get(page, **odd)
    assert plain.status_code == 200
    assert answer.content == plain.content
    assert dict(answer.headers) == dict(plain.headers)
    vary = {name.strip().lower() for name in plain.headers.get("Vary", "").split(",")}
    assert vary <= {"", "accept-encoding"}
    assert "Set-Cookie" not in plain.headers
    assert not plain.cookies


@pytest.mark.parametrize(
    "name", ["x.css", "decision.css", "..%2fx.js", ";x.css", "%0ax.css", "x.css?v=1", "%23.png"]
)
def test_no_page_answers_under_the_name_of_a_file_that_caches_keep(
    world: Register, name: str
) -> None:
    answer = world.get(f"/decisions/pcd-1080/{name}")
    assert answer.status_code == 404
    assert answer["Cache-Control"] == "no-store"
