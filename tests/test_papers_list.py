"""The list of papers: who sees which, found by words, whose turn it is, page by page."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from approvals.actions.correct import correct
from decisions.models import Paper
from tests import stages
from tests.cast import Cast
from tests.pages import signed_in, soup, words


def listed(client: Client, query: str = "") -> list[str]:
    """The references that the list shows, in its order."""
    rows = soup(client.get(f"/papers/{query}")).select(".app-papers__title")
    return [row.get_text().split(":")[0] for row in rows]


def several(cast: Cast, count: int, **options: Any) -> list[Paper]:
    return [stages.blank(cast, title=f"Paper number {n}", **options) for n in range(1, count + 1)]


@pytest.mark.django_db
def test_the_list_shows_the_papers_one_may_open_last_changed_first(cast: Cast) -> None:
    first, second = several(cast, 2)
    theirs = stages.blank(cast, title="Not Olu’s", by=cast.oona)
    stages.change(first, "title", cast.olu, title="Changed last")
    assert listed(signed_in(cast.olu)) == [first.reference, second.reference]
    assert listed(signed_in(cast.oona)) == [theirs.reference]
    assert len(listed(signed_in(cast.saba))) == 3
    assert listed(signed_in(cast.farah)) == []


@pytest.mark.django_db
def test_the_list_says_whose_turn_it_is_and_since_when(cast: Cast) -> None:
    stages.draft(cast)
    stages.decision(cast)
    rows = [
        " ".join(row.get_text(" ").split())
        for row in soup(signed_in(cast.saba).get("/papers/")).select(".app-papers__item")
    ]
    today = timezone.localdate()
    day = f"{today.day} {today:%b} {today.year}"
    assert rows == [
        f"PCD 1830: {stages.TITLE} Awaiting decision Turn of the DMPC since {day}",
        f"PCD 1829: {stages.TITLE} Draft Turn of Olu Adeyemi since {day}",
    ]


@pytest.mark.django_db
def test_nobody_has_a_turn_with_a_published_paper_until_a_correction_waits(
    cast: Cast, seal_key: None
) -> None:
    def turn() -> str:
        page = soup(signed_in(cast.saba).get("/papers/"))
        row = page.select_one(".app-papers__turn")
        assert row is not None
        return row.get_text()

    paper = stages.sealed(cast)
    assert turn() == "Turn of the secretariat"
    stages.publish(paper, cast.saba)
    assert turn() == "Turn of nobody: it is published"
    correct(paper.pk, by=cast.saba, note="Said plainly.", passages={"summary": "In short."})
    assert turn() == "Turn of the secretariat"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=PCD+1830", ["PCD 1830"]),
        ("?q=pcd1830", ["PCD 1830"]),
        ("?q=1830", ["PCD 1830"]),
        ("?q=number+2", ["PCD 1830"]),
        ("?q=NUMBER", ["PCD 1831", "PCD 1830", "PCD 1829"]),
        ("?q=%25", []),
        ("?q=nowhere", []),
        ("?state=draft", ["PCD 1831", "PCD 1830", "PCD 1829"]),
        ("?state=decided", []),
        ("?state=nonsense", ["PCD 1831", "PCD 1830", "PCD 1829"]),
        ("?mine=on&q=number", ["PCD 1831", "PCD 1830", "PCD 1829"]),
    ],
)
def test_the_list_is_searched_and_filtered(cast: Cast, query: str, found: list[str]) -> None:
    several(cast, 3)
    assert listed(signed_in(cast.olu), query) == found


@pytest.mark.django_db
def test_mine_are_the_papers_that_i_began(cast: Cast) -> None:
    mine = stages.blank(cast, by=cast.saba)
    several(cast, 1)
    assert listed(signed_in(cast.saba), "?mine=on") == [mine.reference]


@pytest.mark.django_db
def test_the_list_has_20_papers_a_page(cast: Cast) -> None:
    several(cast, 45)
    olu = signed_in(cast.olu)
    assert [len(listed(olu, f"?page={page}")) for page in (1, 2, 3)] == [20, 20, 5]
    assert "Page 2 of 3" in words(olu.get("/papers/?page=2&q=number"))
    assert 'href="?page=3&amp;q=number"' in olu.get("/papers/?page=2&q=number").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        ("4", "There is no page 4. The last page is 1. The first page is shown."),
        ("0", "There is no page 0. The last page is 1. The first page is shown."),
        ("-1", "There is no page -1. The last page is 1. The first page is shown."),
        ("abc", "“abc” is not the number of a page. The first page is shown."),
        ("9" * 5000, "The first page is shown."),
    ],
)
@pytest.mark.parametrize("address", ["/papers/", "/papers/pcd-1829/history/"])
def test_a_page_that_is_not_there_is_a_sentence(
    cast: Cast, page: str, sentence: str, address: str
) -> None:
    stages.blank(cast)
    answer = signed_in(cast.olu).get(f"{address}?page={page}")
    assert answer.status_code == 404
    assert sentence in words(answer)


@pytest.mark.django_db
def test_an_empty_list_says_what_to_do(cast: Cast) -> None:
    olu = signed_in(cast.olu)
    assert "There is no paper that you can open yet." in words(olu.get("/papers/"))
    assert "Begin a paper" in words(olu.get("/papers/"))
    assert "No paper that you can open matches this." in words(olu.get("/papers/?q=x"))
    assert "Begin a paper" not in words(signed_in(cast.dominic).get("/papers/"))


@pytest.mark.django_db
def test_the_list_takes_the_same_few_queries_at_any_number_of_papers(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    counts = []
    for more in (1, 2, 42):
        several(cast, more)
        for person in (cast.olu, cast.saba):
            client = signed_in(person)
            client.get("/papers/")
            with django_assert_max_num_queries(12) as queries:
                assert len(listed(client)) == min(Paper.objects.count(), 20)
            counts.append(len(queries))
    assert counts[0::2] == [counts[0]] * 3
    assert counts[1::2] == [counts[1]] * 3


@pytest.mark.django_db
def test_a_paper_that_many_were_asked_to_read_is_listed_once(cast: Cast) -> None:
    paper = stages.consultation(cast)
    assert listed(signed_in(cast.olu)) == [paper.reference]
    assert listed(signed_in(cast.farah)) == [paper.reference]
