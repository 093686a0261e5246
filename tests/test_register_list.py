"""The start page and the list: order, pages, search, filters, and whatever else is typed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.plugin import DjangoDbBlocker

from decisions.register.reference import slug_of
from tests.records import acting_signatories, corrected, pcd_1080
from tests.register_world import Register, numbered, register

MORNING = datetime(2025, 1, 6, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def three(migrated: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Register]:
    """PCD 1080 of 2021 by Dominic Vale, corrected; PCD 1200 by Ada Finch; CEOD 35-2024."""
    with register(migrated, django_db_blocker) as made:
        made.place(pcd_1080(), published_at=MORNING)
        made.place(corrected())
        made.place(
            numbered(1200, acting_signatories(), title="Boats that follow PCD 1080 and vehicles"),
            published_at=MORNING + timedelta(days=1),
        )
        record = pcd_1080()
        assert record.decision is not None
        made.place(
            msgspec.structs.replace(
                record,
                reference="CEOD 35-2024",
                slug="ceod-35-2024",
                title="Grants for vehicles",
                decision=msgspec.structs.replace(
                    record.decision, signed_at=datetime(2023, 12, 31, 23, 59, tzinfo=UTC)
                ),
            ),
            published_at=MORNING + timedelta(days=2),
        )
        yield made


@pytest.fixture(scope="module")
def many(migrated: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Register]:
    """Forty-five decisions, PCD 2001 to PCD 2045, each published a day after the one before."""
    with register(migrated, django_db_blocker) as made:
        for number in range(2001, 2046):
            made.place(
                numbered(number, title=f"Decision {number}"),
                published_at=MORNING + timedelta(days=number - 2000),
            )
        yield made


@pytest.fixture(scope="module")
def one(migrated: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Register]:
    with register(migrated, django_db_blocker) as made:
        made.place(pcd_1080())
        yield made


@pytest.fixture(scope="module")
def none(migrated: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Register]:
    with register(migrated, django_db_blocker) as made:
        yield made


def listed(world: Register, path: str) -> list[str]:
    """The references that a list shows, in order."""
    return re.findall(r'href="/decisions/[a-z0-9-]+/">([A-Z]+ [0-9-]+):', world.text(path))


def test_the_list_is_newest_first_and_shows_each_decision_once(three: Register) -> None:
    assert listed(three, "/decisions/") == ["CEOD 35-2024", "PCD 1200", "PCD 1080"]
    assert "Showing 1 to 3 of 3 decisions" in three.text("/decisions/")


def test_a_corrected_decision_keeps_its_place_and_says_so(three: Register) -> None:
    item = three.text("/decisions/").partition("PCD 1080: ")[2]
    assert "Corrected" in item.partition("</li>")[0]


def test_the_start_page_shows_the_latest_five(many: Register) -> None:
    assert listed(many, "/") == [f"PCD {number}" for number in range(2045, 2040, -1)]


@pytest.mark.parametrize(
    ("page", "first", "last", "shown"),
    [("1", 2045, 2026, "1 to 20"), ("2", 2025, 2006, "21 to 40"), ("3", 2005, 2001, "41 to 45")],
)
def test_there_are_twenty_on_a_page(
    many: Register, page: str, first: int, last: int, shown: str
) -> None:
    text = many.text(f"/decisions/?page={page}")
    assert f"Showing {shown} of 45 decisions" in " ".join(text.split())
    expected = [f"PCD {number}" for number in range(first, last - 1, -1)]
    assert listed(many, f"/decisions/?page={page}") == expected


def test_the_links_to_other_pages_keep_the_question(many: Register) -> None:
    text = many.text("/decisions/?q=decision&year=2021&by=Dominic+Vale&page=2")
    links = re.findall(r'class="govuk-link govuk-pagination__link" href="([^"]+)"', text)
    asked = "?q=decision&amp;year=2021&amp;by=Dominic+Vale&amp;page="
    assert links == [f"{asked}{number}" for number in (1, 1, 2, 3, 3)]
    assert text.count('aria-current="page"') == 1


@pytest.mark.parametrize("page", ["4", "0", "-1", "x", "1.5", "٣", "9" * 40, "9" * 5000])
def test_a_page_that_does_not_exist_is_a_sentence_with_a_way_back(
    many: Register, page: str
) -> None:
    response = many.client().get("/decisions/", {"page": page, "q": "decision"})
    text = response.content.decode()
    assert response.status_code == 404
    assert "There is no such page in this list. It has 3 pages." in text
    assert 'href="/decisions/?q=decision"' in text


def test_an_empty_page_number_is_the_first_page(many: Register) -> None:
    assert listed(many, "/decisions/?page=") == listed(many, "/decisions/")


# Search


@pytest.mark.parametrize(
    "words",
    ["PCD 1080", "pcd 1080", "PCD1080", "pcd1080", "PCD-1080", "pcd-1080", "1080", " 1080 "],
)
def test_a_reference_in_any_spelling_finds_its_decision_first(three: Register, words: str) -> None:
    assert listed(three, f"/decisions/?q={words}")[0] == "PCD 1080"


def test_a_decision_that_only_mentions_a_reference_comes_after_it(three: Register) -> None:
    assert listed(three, "/decisions/?q=PCD 1080") == ["PCD 1080", "PCD 1200"]


@pytest.mark.parametrize("words", ["CEOD 35-2024", "ceod-35-2024", "CEOD 35 2024"])
def test_references_of_other_series_are_found(three: Register, words: str) -> None:
    assert listed(three, f"/decisions/?q={words}") == ["CEOD 35-2024"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("vehicles", ["CEOD 35-2024", "PCD 1200"]),
        ("VEHICLE", ["CEOD 35-2024", "PCD 1200"]),
        ("grants vehicle", ["CEOD 35-2024"]),
        ("boats or grants", ["CEOD 35-2024", "PCD 1200"]),
        ("vehicles -boats", ["CEOD 35-2024"]),
        ('"resource planning system"', ["CEOD 35-2024", "PCD 1200", "PCD 1080"]),
        ('"planning resource system"', []),
        ("Thistledown", []),
        ("strong", []),
    ],
)
def test_words_are_found_in_title_and_text(three: Register, words: str, found: list[str]) -> None:
    response = three.client().get("/decisions/", {"q": words})
    text = response.content.decode()
    assert re.findall(r'href="/decisions/[a-z0-9-]+/">([A-Z]+ [0-9-]+):', text) == found
    assert ("No decisions found" in text) == (not found)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("year=2021", ["PCD 1200", "PCD 1080"]),
        ("year=2023", ["CEOD 35-2024"]),
        ("year=2024", []),
        ("by=Ada+Finch", ["PCD 1200"]),
        ("by=Dominic+Vale&year=2021", ["PCD 1080"]),
        ("by=Dominic+Vale&year=2023&q=grants", ["CEOD 35-2024"]),
        ("by=Nobody", []),
        ("year=&by=&q=", ["CEOD 35-2024", "PCD 1200", "PCD 1080"]),
    ],
)
def test_filters_narrow_the_list_together(three: Register, query: str, found: list[str]) -> None:
    assert listed(three, f"/decisions/?{query}") == found


def test_the_filters_offer_what_there_is_and_show_what_was_chosen(three: Register) -> None:
    text = three.text("/decisions/?year=2021&by=Ada+Finch")
    assert re.findall(r'<option value="(\d*)"', text)[:3] == ["", "2023", "2021"]
    assert '<option value="2021" selected>' in text
    assert '<option value="Ada Finch" selected>Ada Finch, Deputy Mayor for Fire</option>' in text
    assert '<option value="1999" selected>' in three.text("/decisions/?year=1999")


@pytest.mark.parametrize("year", ["x", "21", "02021", "2021.0", "٢٠٢١", "-2021", "9" * 400])
def test_a_year_that_is_none_is_a_sentence(three: Register, year: str) -> None:
    response = three.client().get("/decisions/", {"year": year, "q": "boats"})
    text = response.content.decode()
    assert response.status_code == 400
    assert text.count("Enter a year as four figures, for example 2021.") == 2
    assert 'value="boats"' in text
    assert listed(three, "/decisions/?year=x") == []


ODD = {
    "nul": "a\x00b",
    "only nul": "\x00",
    "quote": "'; DROP TABLE pub.decision; --",
    "operators": "!!! & | <-> :* ()",
    "open quote": '"boats',
    "bidi": "\u202eboats\u202c",
    "emoji": "🚓" * 50,
    "combining": "e\u0301" * 300,
    "long": "word " * 2000,
    "one long word": "x" * 10_000,
    "stop words": "the and of",
    "percent": "%_%",
    "backslash": "\\\\x00",
    "tags": "<script>alert(1)</script>",
}


@pytest.mark.parametrize("words", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("name", ["q", "by"])
@pytest.mark.parametrize("path", ["/decisions/", "/decisions.json", "/decisions.csv"])
def test_nothing_that_can_be_typed_is_an_error(
    three: Register, path: str, name: str, words: str
) -> None:
    response = three.client().get(path, {name: words})
    assert response.status_code == 200
    if path == "/decisions/":
        assert b"<script>alert" not in response.content


def test_a_search_that_was_cut_says_so(three: Register) -> None:
    text = three.client().get("/decisions/", {"q": "boats " * 100}).content.decode()
    assert "Only its first 200 characters were used." in text
    assert "PCD 1200" in text


def test_bytes_that_are_no_text_are_not_an_error(three: Register) -> None:
    assert three.get("/decisions/?q=%ff%fe&year=%80").status_code == 400
    assert three.get("/decisions/?q=%ff%fe").status_code == 200
    assert three.get("/decisions/?" + "a=1&" * 2000).status_code == 400


def test_an_empty_register_says_so(none: Register) -> None:
    for path in ("/", "/decisions/"):
        assert "No decision has been published yet." in none.text(path)
    assert json.loads(none.text("/decisions.json")) == {
        "total": 0,
        "page": 1,
        "pages": 1,
        "previous": None,
        "next": None,
        "decisions": [],
    }


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/", 6),
        ("/decisions/", 6),
        ("/decisions/?q=discovery&year=2021&by=Dominic+Vale", 6),
        ("/decisions/?q=discovery&page=1", 6),
        ("/decisions.json", 6),
        ("/decisions.csv", 6),
        ("/decisions.atom", 6),
    ],
)
def test_a_list_asks_the_database_the_same_at_any_length(
    one: Register, three: Register, many: Register, path: str, most: int
) -> None:
    asked = []
    for world in (one, three, many):
        client = world.client()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        asked.append(len(queries))
    assert asked[0] <= most
    assert asked == [asked[0]] * 3


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("PCD 1828", "pcd-1828"),
        ("pcd1828", "pcd-1828"),
        ("  Pcd – 1828 ", "pcd-1828"),
        ("CEOD 35-2024", "ceod-35-2024"),
        ("DMPCD 2015 158", "dmpcd-2015-158"),
        ("1828", None),
        ("PCD", None),
        ("PCD 18x8", None),
        ("PCD 1 2 3 4", None),
        ("PCD ١٨٢٨", None),
        ("", None),
        ("PCD " + "9" * 100, None),
    ],
)
def test_a_reference_is_known_by_its_letters_and_numbers(text: str, slug: str | None) -> None:
    assert slug_of(text) == slug
