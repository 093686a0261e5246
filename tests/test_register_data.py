"""Open data: what machines read equals what is in the register, and harms nobody who opens it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
import pytest
from django.conf import settings
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from decisions.register.data import COLUMNS
from decisions.register.models import Decision
from decisions.register.record import OUTCOME_WORDS, Block, FundingLine, Record
from tests.records import corrected, partly_approved, pcd_1080
from tests.register_world import Register, document, numbered, register

ATOM = {"a": "http://www.w3.org/2005/Atom"}
SUMMER = datetime(2022, 7, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def world(migrated: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Register]:
    with register(migrated, django_db_blocker) as made:
        made.place(pcd_1080(), published_at=datetime(2021, 11, 24, 9, tzinfo=UTC))
        made.place(numbered(1101, partly_approved(), sample=False), published_at=SUMMER)
        made.place(hostile(1102), published_at=SUMMER + timedelta(days=1))
        made.place(corrected(), published_at=SUMMER + timedelta(days=2))
        yield made


def hostile(number: int) -> Record:
    """Words that a spreadsheet, a feed reader or a parser could take for something else."""
    return numbered(
        number,
        title='=HYPERLINK("https://example.org","click") & <b>bold</b>\x0b\ud83d\ude93'.encode(
            "utf-16", "surrogatepass"
        ).decode("utf-16"),
        executive_summary=(Block(kind="paragraph", html="-2+3, “quotes”,\nand a line"),),
        funding=(FundingLine(label="Sale", amount=pcd_1080().totals.net, kind="income"),),
    )


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def rows() -> list[Decision]:
    return list(Decision.objects.filter(current=True).order_by("-published_at", "slug"))


def expected(row: Decision) -> dict[str, Any]:
    """What open data must say of a row, written out from the row itself."""
    return {
        "reference": row.reference,
        "title": row.title,
        "outcome": OUTCOME_WORDS[row.outcome],
        "decision_maker": row.decision_maker,
        "office": row.office,
        "date_signed": "2021-11-23",
        "edition": row.edition,
        "capital": str(row.capital),
        "revenue": str(row.revenue),
        "income": str(row.income),
        "summary": row.summary,
        "sample": row.sample,
        "page": f"{settings.PUBLIC_URL}/decisions/{row.slug}/",
        "data": f"{settings.PUBLIC_URL}/decisions/{row.slug}.json",
        "document": f"{settings.PUBLIC_URL}/decisions/{row.slug}/decision.pdf",
        "digest": row.digest,
        "document_digest": row.pdf_digest,
    }


def test_the_list_in_json_equals_the_rows(world: Register) -> None:
    listed = json.loads(world.text("/decisions.json"))
    assert (listed["total"], listed["page"], listed["pages"]) == (3, 1, 1)
    assert [set(item) for item in listed["decisions"]] == [set(COLUMNS)] * 3
    for item, row in zip(listed["decisions"], rows(), strict=True):
        assert {name: item[name] for name in expected(row)} == expected(row)
        assert datetime.fromisoformat(item["published_at"]) == row.published_at
        assert datetime.fromisoformat(item["edition_published_at"]) == row.edition_published_at


def test_times_are_those_of_london(world: Register) -> None:
    listed = json.loads(world.text("/decisions.json"))["decisions"]
    assert [item["published_at"] for item in listed] == [
        "2022-07-02T10:00:00+01:00",
        "2022-07-01T10:00:00+01:00",
        "2021-11-24T09:00:00+00:00",
    ]


def test_the_table_equals_the_rows(world: Register) -> None:
    found = table(world.text("/decisions.csv"))
    assert [tuple(line) for line in found] == [COLUMNS] * 3
    for line, row in zip(found, rows(), strict=True):
        wanted = expected(row) | {"sample": "yes" if row.sample else "no"}
        for name, value in wanted.items():
            assert line[name].removeprefix("'") == str(value)


def test_no_cell_of_the_table_is_a_formula(world: Register) -> None:
    lines = {line["reference"]: line for line in table(world.text("/decisions.csv"))}
    line = lines["PCD 1102"]
    assert line["title"].startswith("'=HYPERLINK(")
    assert line["summary"].startswith("'-2+3,")
    assert not [
        cell
        for line in lines.values()
        for cell in line.values()
        if cell[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"}
    ]
    assert line["income"] == "947393.00"


@pytest.mark.parametrize("query", ["q=discovery", "q=PCD1101", "year=2021", "year=1999", "by=X"])
def test_table_and_json_answer_the_same_question_as_the_list(world: Register, query: str) -> None:
    listed = [
        row["reference"] for row in json.loads(world.text(f"/decisions.json?{query}"))["decisions"]
    ]
    assert [line["reference"] for line in table(world.text(f"/decisions.csv?{query}"))] == listed
    page = world.text(f"/decisions/?{query}")
    assert [row.reference for row in rows() if f"{row.reference}:" in page] == sorted(
        listed, key=[row.reference for row in rows()].index
    )


@pytest.mark.parametrize("path", ["/decisions.json", "/decisions.csv"])
def test_a_question_that_is_none_is_a_sentence(world: Register, path: str) -> None:
    response = world.get(f"{path}?year=x")
    assert response.status_code == 400
    assert b"Enter a year as four figures, for example 2021." in response.content


def test_the_list_in_json_goes_on_by_pages(
    migrated: str, django_db_blocker: DjangoDbBlocker
) -> None:
    with register(migrated, django_db_blocker) as many:
        many.place(*(numbered(3000 + number) for number in range(101)))
        first = json.loads(many.text("/decisions.json?q=discovery"))
        assert (first["total"], first["pages"], len(first["decisions"])) == (101, 2, 100)
        assert first["previous"] is None
        assert first["next"] == f"{settings.PUBLIC_URL}/decisions.json?q=discovery&page=2"
        second = json.loads(many.text(first["next"].removeprefix(settings.PUBLIC_URL)))
        assert (len(second["decisions"]), second["next"]) == (1, None)
        assert len(table(many.text("/decisions.csv"))) == 101
        assert len(feed_of(many).findall("a:entry", ATOM)) == 50
        assert many.get("/decisions.json?page=3").status_code == 404


def test_a_table_that_nobody_reads_to_its_end_holds_nothing_open(world: Register) -> None:
    response = world.client().get("/decisions.csv")
    assert next(iter(response)).startswith(b'"reference","title"')
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_cursors")
        assert cursor.fetchall() == []


# One decision


def test_the_data_of_a_decision_are_the_bytes_its_digest_was_taken_from(world: Register) -> None:
    for path, edition in (
        ("/decisions/pcd-1080.json", 2),
        ("/decisions/pcd-1080/editions/1.json", 1),
        ("/decisions/pcd-1080/editions/2.json", 2),
    ):
        content = world.get(path).content
        row = Decision.objects.get(slug="pcd-1080", edition=edition)
        assert hashlib.sha256(content).hexdigest() == row.digest
        assert Record.from_json(content.decode()) == (corrected() if edition == 2 else pcd_1080())


def test_every_address_in_the_data_answers_with_what_it_promises(world: Register) -> None:
    for item in json.loads(world.text("/decisions.json"))["decisions"]:
        content = {
            name: world.get(item[name].removeprefix(settings.PUBLIC_URL)).content
            for name in ("page", "data", "document")
        }
        assert item["reference"].encode() in content["page"]
        assert hashlib.sha256(content["data"]).hexdigest() == item["digest"]
        assert hashlib.sha256(content["document"]).hexdigest() == item["document_digest"]


# The feed


def feed_of(world: Register) -> ET.Element:
    return ET.fromstring(world.text("/decisions.atom"))  # noqa: S314 - our own feed is parsed


def entry(feed: ET.Element, number: int) -> dict[str, str]:
    found = feed.findall("a:entry", ATOM)[number]
    return {child.tag.partition("}")[2]: child.text or "" for child in found}


def test_the_feed_parses_and_puts_the_latest_change_first(world: Register) -> None:
    feed = feed_of(world)
    titles = [title.text or "" for title in feed.findall("a:entry/a:title", ATOM)]
    assert [title.partition(":")[0] for title in titles] == ["PCD 1080", "PCD 1102", "PCD 1101"]
    first = entry(feed, 0)
    assert first["title"].endswith("(edition 2, corrected)")
    assert first["id"] == f"{settings.PUBLIC_URL}/decisions/pcd-1080/"
    assert first["published"] == "2021-11-24T09:00:00+00:00"
    assert first["updated"] == "2022-07-03T09:00:00+00:00"
    row = Decision.objects.get(slug="pcd-1080", current=True)
    assert first["summary"] == row.summary
    links = {link.get("rel"): link.get("href") for link in feed.findall("a:link", ATOM)}
    assert links["self"] == f"{settings.PUBLIC_URL}/decisions.atom"
    assert len({e.findtext("a:id", "", ATOM) for e in feed.findall("a:entry", ATOM)}) == 3


def test_the_feed_keeps_text_as_text_and_marks_samples(world: Register) -> None:
    feed = feed_of(world)
    assert entry(feed, 1)["title"] == (
        'PCD 1102: =HYPERLINK("https://example.org","click") & <b>bold</b> \U0001f693'
    )
    terms = [
        [category.get("term") for category in found.findall("a:category", ATOM)]
        for found in feed.findall("a:entry", ATOM)
    ]
    assert terms == [
        ["Approved", "Sample data"],
        ["Approved", "Sample data"],
        ["Approved with changes"],
    ]


def test_an_empty_feed_is_still_a_feed(migrated: str, django_db_blocker: DjangoDbBlocker) -> None:
    with register(migrated, django_db_blocker) as none:
        feed = feed_of(none)
        assert feed.findall("a:entry", ATOM) == []
        assert feed.findtext("a:updated", "", ATOM) != ""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/decisions.json", "application/json"),
        ("/decisions/pcd-1080.json", "application/json"),
        ("/decisions.csv", "text/csv; charset=utf-8; header=present"),
        ("/decisions.atom", "application/atom+xml; charset=utf-8"),
    ],
)
def test_data_say_what_they_are_and_may_be_read_from_other_sites(
    world: Register, path: str, kind: str
) -> None:
    headers = world.get(path).headers
    assert headers["Content-Type"] == kind
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_a_document_that_is_not_the_sealed_one_is_never_sent(
    migrated: str, django_db_blocker: DjangoDbBlocker, caplog: pytest.LogCaptureFixture
) -> None:
    record = numbered(4000)
    with register(migrated, django_db_blocker) as world:
        world.place(record)
        path = settings.DATA_DIR / "files" / "published" / f"{document('PCD 4000, edition 1')}.pdf"
        sealed = path.read_bytes()
        try:
            path.write_bytes(b"%PDF-1.7 something else")
            changed = world.get("/decisions/pcd-4000/decision.pdf")
            path.unlink()
            missing = world.get("/decisions/pcd-4000/decision.pdf")
        finally:
            path.write_bytes(sealed)
    assert (changed.status_code, missing.status_code) == (503, 503)
    assert b"something else" not in changed.content
    assert "is not the one that was sealed" in caplog.text


def test_record_with_line_separators_survives_the_way_through(
    migrated: str, django_db_blocker: DjangoDbBlocker
) -> None:
    record = msgspec.structs.replace(pcd_1080(), title="One\u2028two\nthree, “four” — £5")
    with register(migrated, django_db_blocker) as world:
        world.place(record)
        assert Record.from_json(world.text("/decisions/pcd-1080.json")) == record
        assert [line["title"] for line in table(world.text("/decisions.csv"))] == [record.title]
