from __future__ import annotations

from decimal import Decimal

import pytest

from decisions.models import Paper
from tests import stages
from tests.cast import Cast
from tests.pages import (
    errors,
    fields_of,
    form_of,
    notices,
    press,
    save_page,
    send,
    signed_in,
    words,
)


def texts(paper: Paper) -> list[str]:
    return [row.text for row in paper.recommendations.all()]


def row_page(paper: Paper, place: int, more: str = "") -> str:
    row = list(paper.recommendations.all())[place]
    return f"{save_page(paper, 'recommendations')}{row.pk}/{more}"


@pytest.mark.django_db
def test_a_recommendation_is_added_changed_and_removed(cast: Cast) -> None:
    paper, olu = stages.blank(cast), signed_in(cast.olu)
    listing = save_page(paper, "recommendations")
    assert "There is no recommendation yet." in words(olu.get(listing))
    answer = send(
        olu,
        f"{listing}add/",
        "Save this",
        text="funding of the work",
        amount="3.049m",
        kind="capital",
        up_to="on",
    )
    assert answer["Location"] == listing
    assert notices(olu, answer) == ["The recommendation was added."]
    row = paper.recommendations.get()
    assert (row.verb, row.text, row.amount, row.kind, row.up_to) == (
        "Approve",
        "funding of the work",
        Decimal("3049000.00"),
        "capital",
        True,
    )
    assert "Approve funding of the work Up to £3,049,000 , capital" in words(olu.get(listing))
    send(olu, row_page(paper, 0), "Save this", verb="Note", amount="", kind="", up_to=None)
    row = paper.recommendations.get()
    assert (row.verb, row.amount, row.kind, row.up_to) == ("Note", None, "", False)
    removed = send(olu, row_page(paper, 0, "remove/"), "Remove it")
    assert notices(olu, removed) == ["The recommendation was removed."]
    assert texts(paper) == []


@pytest.mark.django_db
def test_the_removal_page_asks_first(cast: Cast) -> None:
    paper, olu = stages.draft(cast), signed_in(cast.olu)
    page = olu.get(row_page(paper, 0, "remove/"))
    assert "capital spending of £3.049m" in words(page)
    assert len(texts(paper)) == 2


@pytest.mark.django_db
def test_recommendations_move_up_and_down(cast: Cast) -> None:
    paper, olu = stages.blank(cast), signed_in(cast.olu)
    rows = [{"text": text} for text in ("one", "two", "three")]
    stages.change_rows(paper, "recommendations", cast.olu, rows)
    listing = save_page(paper, "recommendations")

    def move(place: int, direction: str) -> None:
        page = olu.get(listing)
        form = form_of(page, "Move")
        olu.post(row_page(paper, place, "move/"), {**fields_of(form), "direction": direction})

    move(2, "up")
    assert texts(paper) == ["one", "three", "two"]
    move(0, "down")
    assert texts(paper) == ["three", "one", "two"]
    move(0, "up")
    move(2, "down")
    assert texts(paper) == ["three", "one", "two"]


@pytest.mark.django_db
def test_a_second_click_on_move_moves_once(cast: Cast) -> None:
    paper, olu = stages.blank(cast), signed_in(cast.olu)
    rows = [{"text": text} for text in ("one", "two", "three")]
    stages.change_rows(paper, "recommendations", cast.olu, rows)
    sent = {
        **fields_of(form_of(olu.get(save_page(paper, "recommendations")), "Move")),
        "direction": "up",
    }
    address = row_page(paper, 2, "move/")
    olu.post(address, sent)
    again = olu.post(address, sent)
    assert texts(paper) == ["one", "three", "two"]
    assert notices(olu, again) == [
        "The list changed after you opened it, so nothing was moved. Look at it again."
    ]


@pytest.mark.django_db
def test_a_move_in_no_direction_moves_nothing(cast: Cast) -> None:
    paper, olu = stages.draft(cast), signed_in(cast.olu)
    answer = olu.post(row_page(paper, 0, "move/"), {"direction": "sideways"})
    assert notices(olu, answer) == ["Choose “Move up” or “Move down”. Nothing was moved."]


@pytest.mark.django_db
def test_a_verb_pasted_with_its_text_is_not_said_twice(cast: Cast) -> None:
    paper, olu = stages.blank(cast), signed_in(cast.olu)
    address = f"{save_page(paper, 'recommendations')}add/"
    send(olu, address, "Save this", text="Approve award of the work orders")
    assert texts(paper) == ["award of the work orders"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"text": ""}, "Enter what exactly the decision maker is asked to do"),
        (
            {"amount": "1,0"},
            "The amount has a comma in the wrong place. Write 1,810,000 or 1810000",
        ),
        ({"amount": "-5"}, "The amount must not be less than zero"),
        (
            {"amount": "lots"},
            "The amount must be an amount in pounds, like 1,810,000 or 1.81m",
        ),
        ({"up_to": "on"}, "Enter the amount that is the most that may be spent."),
        ({"kind": "capital"}, "Enter the amount, or choose “Not stated” below."),
        (
            {"verb": "Overrule"},
            "What the decision maker is asked to do must be one of those listed",
        ),
    ],
)
def test_a_fault_is_a_sentence_and_keeps_what_was_typed(
    cast: Cast, typed: dict[str, str], sentence: str
) -> None:
    paper, olu = stages.blank(cast), signed_in(cast.olu)
    address = f"{save_page(paper, 'recommendations')}add/"
    answer = send(olu, address, "Save this", **{"text": "what was typed", **typed})
    assert errors(answer) == [sentence]
    kept = fields_of(form_of(answer, "Save this"))
    assert kept["text"] == typed.get("text", "what was typed")
    assert kept["amount"] == typed.get("amount", "")
    assert texts(paper) == []


@pytest.mark.django_db
def test_funding_lines_add_up_on_the_page(cast: Cast) -> None:
    paper, olu = stages.blank(cast), signed_in(cast.olu)
    listing = save_page(paper, "funding")
    lines = (
        {"label": "Contingent labour", "amount": "321,267", "kind": "revenue"},
        {
            "label": "Consultancy",
            "amount": "£540,000",
            "kind": "revenue",
            "financial_year": "2026/27",
        },
        {
            "label": "Contingency",
            "amount": "86,126",
            "kind": "revenue",
            "contingency_percent": "10",
            "vat": "exclusive",
            "source": "Major Change Fund",
        },
    )
    for line in lines:
        answer = send(olu, f"{listing}add/", "Save this", **line)
        assert answer.status_code == 302, errors(answer)
    said = words(olu.get(listing))
    assert "£321,267" in said
    assert "£947,393" in said
    assert "From Major Change Fund. Excluding VAT. Contingency at 10%." in said
    row = paper.funding_lines.last()
    assert row is not None
    assert (row.contingency_percent, row.vat) == (Decimal(10), "exclusive")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("percent", "sentence"),
    [
        ("ten", "The contingency must be a number, such as 10 or 7.5"),
        ("101", "The contingency must be 100 per cent or less"),
        ("-1", "The contingency must be 0 per cent or more"),
        ("1.234", "The contingency must have no more than two decimals"),
        ("1000", "The contingency must be 100 per cent or less"),
        ("NaN", "The contingency must be a number, such as 10 or 7.5"),
    ],
)
def test_a_bad_percentage_is_a_sentence(cast: Cast, percent: str, sentence: str) -> None:
    paper, olu = stages.blank(cast), signed_in(cast.olu)
    line = {
        "label": "Contingency",
        "amount": "5",
        "kind": "capital",
        "contingency_percent": percent,
    }
    answer = send(olu, f"{save_page(paper, 'funding')}add/", "Save this", **line)
    assert errors(answer) == [sentence]
    assert fields_of(form_of(answer, "Save this"))["contingency_percent"] == percent


@pytest.mark.django_db
def test_papers_behind_the_decision_carry_their_address(cast: Cast) -> None:
    paper, olu = stages.blank(cast), signed_in(cast.olu)
    listing = save_page(paper, "background-papers")
    bad = send(olu, f"{listing}add/", "Save this", title="Case", address="not an address")
    assert errors(bad) == ["Enter a web address like https://www.example.gov.uk/paper"]
    script = send(olu, f"{listing}add/", "Save this", title="Case", address="javascript:alert(1)")
    assert errors(script) == ["Enter a web address like https://www.example.gov.uk/paper"]
    send(
        olu, f"{listing}add/", "Save this", title="Case", address="https://www.example.gov.uk/case"
    )
    row = paper.background_papers.get()
    assert (row.title, row.address) == ("Case", "https://www.example.gov.uk/case")


@pytest.mark.django_db
def test_add_another_opens_an_empty_form(cast: Cast) -> None:
    paper, olu = stages.blank(cast), signed_in(cast.olu)
    address = f"{save_page(paper, 'recommendations')}add/"
    answer = send(olu, address, "Save this", text="one", then="another")
    assert answer["Location"] == address
    assert fields_of(form_of(olu.get(address), "Save this"))["text"] == ""


@pytest.mark.django_db
def test_a_second_click_adds_one_row(cast: Cast) -> None:
    paper, olu = stages.blank(cast), signed_in(cast.olu)
    address = f"{save_page(paper, 'recommendations')}add/"
    page = olu.get(address)
    first = press(olu, address, page, "Save this", text="one", amount="5")
    second = press(olu, address, page, "Save this", text="one", amount="5")
    assert first["Location"] == second["Location"]
    assert texts(paper) == ["one"]


@pytest.mark.django_db
def test_the_same_row_can_be_added_twice_on_purpose(cast: Cast) -> None:
    paper, olu = stages.blank(cast), signed_in(cast.olu)
    address = f"{save_page(paper, 'recommendations')}add/"
    send(olu, address, "Save this", text="one")
    send(olu, address, "Save this", text="one")
    assert texts(paper) == ["one", "one"]


@pytest.mark.django_db
def test_a_row_that_is_gone_is_a_sentence(cast: Cast) -> None:
    paper, olu = stages.draft(cast), signed_in(cast.olu)
    address = row_page(paper, 0)
    stages.change_rows(paper, "recommendations", cast.olu, [{"text": "other"}])
    for page in (address, f"{address}remove/"):
        answer = olu.get(page)
        assert notices(olu, answer) == [
            "That recommendation is not in the list any more. Nothing was changed."
        ]
