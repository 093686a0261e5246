"""The pages of the register, read as a member of the public reads them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.plugin import DjangoDbBlocker

from decisions.register.record import Block, Deferral, FundingLine, Record, Reference
from tests.records import (
    acting_signatories,
    corrected,
    partly_approved,
    pcd_1080,
    refused,
)
from tests.register_world import Register, document, numbered, register

VOID = {"meta", "link", "input", "br", "img", "hr", "path"}


@dataclass
class Page(HTMLParser):
    """What a reader finds on a page: words, links, headings, and every id in order."""

    source: str
    words: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    headings: list[tuple[str, str]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[tuple[str, str]] = []
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember the id, and the link or heading that begins."""
        values = dict(attrs)
        self.tags.append(tag)
        if values.get("id"):
            self.ids.append(str(values["id"]))
        if tag not in VOID:
            self._open.append((tag, str(values.get("href", ""))))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        """Close what is open."""
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Words belong to the page, to its link and to its heading."""
        self.words.append(data)
        for tag, href in self._open:
            if tag == "a" and href:
                self.links[href] = " ".join(f"{self.links.get(href, '')} {data}".split())
            if re.fullmatch("h[1-6]", tag):
                level, text = self.headings[-1]
                self.headings[-1] = (level, " ".join(f"{text} {data}".split()))

    @property
    def text(self) -> str:
        """All words of the page."""
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def world(migrated: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Register]:
    with register(migrated, django_db_blocker) as made:
        made.place(pcd_1080(), published_at=datetime(2021, 11, 24, 9, tzinfo=UTC))
        made.place(corrected(), published_at=datetime(2022, 1, 14, 9, 30, tzinfo=UTC))
        made.place(numbered(1101, partly_approved()), numbered(1102, refused()))
        made.place(numbered(1103, acting_signatories(), sample=False))
        made.place(full(1104))
        yield made


def full(number: int) -> Record:
    """A record with every kind of block and line, and with hostile text wherever text can be."""
    hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    blocks = (
        Block(kind="heading", html="<h3>What it costs</h3>"),
        Block(kind="paragraph", number="1.1", html=f"Paid by <strong>MOPAC</strong>.{hostile}"),
        Block(kind="list", html="<ul><li>first</li><li>second</li></ul>"),
        Block(kind="table", html="<table><tr><th>Item</th></tr><tr><td>Cars</td></tr></table>"),
        Block(kind="heading", html="<h4>Smaller still</h4>"),
        Block(
            kind="paragraph",
            number="1.2",
            html='<a href="javascript:alert(3)">Bad</a> <a href="https://example.org/a">good</a>',
        ),
    )
    record = pcd_1080()
    section = msgspec.structs.replace(record.sections[0], heading=f"Start {hostile}", blocks=blocks)
    return numbered(
        number,
        title=f"Vehicles {hostile}",
        sections=(section,),
        deferral=Deferral(until=date(2022, 3, 1), reason=f"Tender {hostile}"),
        funding=(
            FundingLine(
                label=f"Cars {hostile}",
                amount=Decimal("1000000.50"),
                kind="capital",
                financial_year="2025/26",
                source="Reserve",
                vat="excluding VAT",
            ),
            FundingLine(
                label="Contingency at 7.5%",
                amount=Decimal(500),
                kind="revenue",
                contingency_percent=Decimal("7.50"),
            ),
            FundingLine(label="Sale", amount=Decimal(250), kind="income"),
        ),
        background_papers=(
            Reference(title="Plan", address="https://example.org/plan"),
            Reference(title="Trap", address="javascript:alert(4)"),
        ),
        part_two=None,
    )


def page(world: Register, path: str) -> Page:
    response = world.get(path)
    assert response.status_code == 200
    return Page(response.content.decode())


def test_the_page_gives_the_key_information(world: Register) -> None:
    text = page(world, "/decisions/pcd-1080/").text
    assert "Reference PCD 1080 Outcome Approved" in text
    assert "Decision by Dominic Vale, Deputy Mayor for Policing and Crime" in text
    assert "Date signed 23 November 2021 Date published 24 November 2021" in text
    assert "Corrected 14 January 2022. Paragraph 3.2 named the wrong financial years." in text
    assert "£947,393" in text


def test_every_part_of_the_form_is_there_in_its_order(world: Register) -> None:
    headings = [
        text for level, text in page(world, "/decisions/pcd-1080/").headings if level == "h2"
    ]
    assert headings[headings.index("Key information") :] == [
        "Key information",
        "On this page",
        "Executive summary",
        "Recommendations and decision",
        "Part 1: non-confidential facts and advice to the DMPC",
        "Part 2: confidential facts and advice",
        "Originating officer’s declaration",
        "Signatures",
        "Documents",
        "Editions",
        *headings[headings.index("Editions") + 1 :],
    ]


@pytest.mark.parametrize("number", [1080, 1101, 1104])
def test_headings_skip_no_level_and_ids_stand_once(world: Register, number: int) -> None:
    shown = page(world, f"/decisions/pcd-{number}/")
    levels = [int(level[1]) for level, _ in shown.headings]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert len(shown.ids) == len(set(shown.ids))


def test_every_link_inside_the_page_hits_something(world: Register) -> None:
    shown = page(world, "/decisions/pcd-1080/")
    inside = {href[1:] for href in shown.links if href.startswith("#")}
    assert inside <= set(shown.ids)
    assert {"p2-3", "r1", "section-6", "funding", "editions"} <= inside


def test_a_numbered_paragraph_can_be_cited(world: Register) -> None:
    shown = page(world, "/decisions/pcd-1080/")
    assert shown.links["#p2-3"] == "2.3"
    assert "2.3 A team of the MPS’s own staff and consultants" in shown.text


def test_the_funding_table_adds_up(world: Register) -> None:
    assert (
        "Contingency (10%) Revenue £86,126 Total £947,393"
        in page(world, "/decisions/pcd-1080/").text
    )
    mixed = page(world, "/decisions/pcd-1104/").text
    assert "Item Kind Year Source VAT Amount" in mixed
    assert "Total capital £1,000,000.50 Total revenue £500 Total income £250" in mixed
    assert "Total, less income £1,000,250.50" in mixed
    assert "Contingency at 7.5% Revenue £500" in mixed


def test_each_recommendation_shows_its_own_outcome_and_words(world: Register) -> None:
    text = page(world, "/decisions/pcd-1101/").text
    assert "Outcome Approved with changes" in text
    assert "What was approved: Approve funding of up to £600,000" in text
    assert "Not approved Reason: The MPS’s own framework is to be used instead." in text
    assert "Interests declared: My sister is employed" in text
    assert "Outcome Not approved" in page(world, "/decisions/pcd-1102/").text


def test_the_part_two_notice_says_why_and_until_when(world: Register) -> None:
    text = page(world, "/decisions/pcd-1080/").text
    assert "OFFICIAL-SENSITIVE [COMMERCIAL]" in text
    assert "Article 2(2)(a) of the Elected Local Policing Bodies" in text
    assert "section 43 of the Freedom of Information Act 2000" in text
    assert "This decision has no Part 2." in page(world, "/decisions/pcd-1104/").text


def test_who_acted_for_whom_is_said(world: Register) -> None:
    text = page(world, "/decisions/pcd-1103/").text
    assert "Ada Finch, Deputy Mayor for Fire, for the Deputy Mayor for Policing and Crime" in text
    assert "Decided by the Deputy Mayor for Policing and Crime" in text


def test_signatures_give_name_office_london_time_and_digest(world: Register) -> None:
    decision = pcd_1080().decision
    assert decision is not None
    text = page(world, "/decisions/pcd-1080/").text
    assert "Signed: Dominic Vale , Deputy Mayor for Policing and Crime" in text
    assert "23 November 2021 at 10:42am" in text
    assert decision.digest in text


def test_the_sealed_document_is_offered_with_its_size_and_digest(world: Register) -> None:
    shown = page(world, "/decisions/pcd-1080/")
    digest = document("PCD 1080, edition 2")
    assert digest in shown.text
    assert shown.links["/decisions/pcd-1080/editions/2/decision.pdf"].endswith("bytes)")
    response = world.get("/decisions/pcd-1080/editions/2/decision.pdf")
    assert response.content == b"%PDF-1.7 the sealed document of PCD 1080, edition 2"
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["ETag"] == f'"{digest}"'
    assert (
        response.headers["Content-Disposition"]
        == 'inline; filename="PCD-1080-decision-edition-2.pdf"'
    )


def test_text_stays_text(world: Register) -> None:
    source = world.text("/decisions/pcd-1104/")
    shown = Page(source)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in source
    assert "img" not in shown.tags
    assert source.count("<script") == source.count('<script src="/static/') + source.count(
        '<script type="module" src="/static/'
    )
    assert not [href for href in shown.links if href.startswith("javascript")]
    assert "Trap (javascript:alert(4))" in shown.text
    assert shown.links["https://example.org/a"] == "good"
    assert "onerror" not in re.sub(r"&lt;.*?&gt;", "", source)


def test_blocks_of_every_kind_keep_their_form(world: Register) -> None:
    shown = page(world, "/decisions/pcd-1104/")
    assert ("h4", "What it costs") in shown.headings
    assert ("h5", "Smaller still") in shown.headings
    assert "first second Item Cars" in shown.text


# Editions


def test_an_earlier_edition_stays_readable_and_says_so(world: Register) -> None:
    first = page(world, "/decisions/pcd-1080/editions/1/")
    assert "You are reading edition 1. It was replaced on 14 January 2022." in first.text
    assert "/decisions/pcd-1080/" in first.links
    current = page(world, "/decisions/pcd-1080/")
    assert "You are reading edition" not in current.text
    assert current.links["/decisions/pcd-1080/editions/1/"] == "Edition 1"


@pytest.mark.parametrize("path", ["/decisions/pcd-1080/", "/decisions/pcd-1080/editions/1/"])
def test_the_history_names_every_edition_with_its_note_and_changes(
    world: Register, path: str
) -> None:
    text = page(world, path).text
    assert "Published 14 January 2022 at 9:30am. Paragraph 3.2 named the wrong" in text
    assert "Published 24 November 2021 at 9am." in text
    assert "Before falls in the financial years 2020/21 and 2021/22" in text
    assert "After falls in the financial years 2021/22 and 2022/23" in text


def test_an_edition_that_does_not_exist_is_a_sentence(world: Register) -> None:
    response = world.get("/decisions/pcd-1080/editions/3/")
    assert response.status_code == 404
    shown = Page(response.content.decode())
    assert "PCD 1080 has no edition 3 in this register." in shown.text
    assert shown.links["/decisions/pcd-1080/"] == "Read the current edition of PCD 1080"


# Sample data


@pytest.mark.parametrize("path", ["/decisions/pcd-1080/", "/decisions/", "/"])
def test_sample_data_says_that_it_is(world: Register, path: str) -> None:
    assert "sample" in page(world, path).text.lower()


def test_a_real_decision_is_not_called_a_sample(world: Register) -> None:
    assert "sample" not in page(world, "/decisions/pcd-1103/").text.lower()


# Addresses

SPELLINGS = ["PCD-1080", "PCD 1080", "pcd1080", "Pcd_1080", "PCD%201080", "pcd.1080", "PCD–1080"]


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize(
    "rest", ["/", ".json", "/decision.pdf", "/editions/1/", "/editions/1.json"]
)
def test_other_spellings_lead_to_the_one_address(world: Register, spelling: str, rest: str) -> None:
    response = world.get(f"/decisions/{spelling}{rest}")
    assert (response.status_code, response.headers["Location"]) == (
        301,
        f"/decisions/pcd-1080{rest}",
    )


@pytest.mark.parametrize(
    "reference",
    ["pcd-9999", "nonsense", "pcd", "1080", "pcd-1080-", "%00", "<b>", "x" * 3000, "é", "..%2f.."],
)
def test_an_unknown_reference_is_a_sentence_and_a_search_box(
    world: Register, reference: str
) -> None:
    response = world.get(f"/decisions/{reference}/")
    assert response.status_code == 404
    shown = Page(response.content.decode())
    assert "input" in shown.tags
    assert "<b>" not in response.content.decode().partition("<main")[2]
    assert "/decisions/" in shown.links


def test_an_address_without_its_slash_is_led_to_it(world: Register) -> None:
    response = world.get("/decisions/pcd-1080")
    assert (response.status_code, response.headers["Location"]) == (301, "/decisions/pcd-1080/")


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/decisions/pcd-1080/", 4),
        ("/decisions/pcd-1080/editions/1/", 4),
        ("/decisions/pcd-1080/decision.pdf", 4),
        ("/decisions/pcd-1080.json", 4),
    ],
)
def test_a_page_asks_the_database_little(world: Register, path: str, most: int) -> None:
    client = world.client()
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    assert 1 <= len(queries) <= most
