"""Amounts as officers type them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.fields import PoundsField
from components.forms import GovukForm

INVALID = "The amount must be an amount in pounds, like 1,810,000 or 1.81m"
COMMA = "The amount has a comma in the wrong place. Write 1,810,000 or 1810000"
EXACT = "The amount must not be more exact than a penny"
NEGATIVE = "The amount must not be less than zero"
TOO_LARGE = "The amount must be £1,000,000,000,000 or less"
FIGURES = "The amount must be written with the figures 0 to 9"
CURRENCY = "The amount must be in pounds"
SPACES = "The amount must not have spaces between its figures"


class AmountForm(GovukForm):
    """One amount."""

    amount = PoundsField(label="Amount")


@pytest.mark.parametrize(
    ("typed", "pounds"),
    [
        ("3.049m", "3049000.00"),
        ("£1,810,000", "1810000.00"),
        ("1,810,000", "1810000.00"),
        ("1810000.50", "1810000.50"),
        ("320K", "320000.00"),
        ("£3.049 million", "3049000.00"),
        ("  £ 947,393.00 ", "947393.00"),
        ("1.2bn", "1200000000.00"),
        ("2 billion", "2000000000.00"),
        ("1,880k", "1880000.00"),
        ("498 thousand", "498000.00"),
        (".5m", "500000.00"),
        ("5.", "5.00"),
        ("0", "0.00"),
        ("007", "7.00"),
        ("1\u00a0m", "1000000.00"),
        ("1000bn", "1000000000000.00"),
        ("3.0490001m", "3049000.10"),
    ],
)
def test_amounts_are_read_in_the_forms_people_write(typed: str, pounds: str) -> None:
    form = AmountForm({"amount": typed})
    assert form.is_valid(), form.errors
    assert str(form.cleaned_data["amount"]) == pounds


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter the amount"),
        ("   ", "Enter the amount"),
        ("1,0", COMMA),
        ("1,00", COMMA),
        ("12,34,567", COMMA),
        (",100", COMMA),
        ("1,000,00.50", COMMA),
        ("-5", NEGATIVE),
        ("£-5", NEGATIVE),
        ("\u22125k", NEGATIVE),
        ("10.005", EXACT),
        ("3.049000001m", EXACT),
        ("1.00000000000000000000000000000000000001m", EXACT),
        ("1000.1bn", TOO_LARGE),
        ("1" * 50, TOO_LARGE),
        ("1" * 400, INVALID),
        ("NaN", INVALID),
        ("Infinity", INVALID),
        ("1e6", INVALID),
        ("twelve", INVALID),
        ("5%", INVALID),
        ("1.810.000", INVALID),
        ("--5", INVALID),
        ("£", INVALID),
        ("m", INVALID),
        ("1m 2k", INVALID),
        ("<script>", INVALID),
        ("\u0661\u0662", FIGURES),
        ("\uff11\uff12", FIGURES),
        ("$5", CURRENCY),
        ("5 EUR", CURRENCY),
        ("1 810 000", SPACES),
    ],
)
def test_each_wrong_amount_has_its_own_sentence_and_is_kept(typed: str, sentence: str) -> None:
    form = AmountForm({"amount": typed})
    assert form.errors["amount"] == [sentence]
    assert form["amount"].value() == typed


@given(st.text(max_size=40))
def test_any_text_is_an_amount_or_a_sentence(typed: str) -> None:
    form = AmountForm({"amount": typed})
    if form.is_valid():
        value = form.cleaned_data["amount"]
        assert value == value.quantize(Decimal("0.01"))
    else:
        assert str(form.errors["amount"][0]).startswith(("The amount ", "Enter the amount"))


@given(st.decimals(min_value=0, max_value=10**12, places=2))
def test_an_amount_that_was_shown_is_read_back_to_the_penny(amount: Decimal) -> None:
    field = PoundsField()
    assert field.clean(field.prepare_value(amount)) == amount


def test_bounds_of_a_field_are_sentences_too() -> None:
    class BoundedForm(GovukForm):
        share = PoundsField(label="Share", min_value=100, max_value=Decimal(5000))
        change = PoundsField(label="Change", allow_negative=True)

    low = BoundedForm({"share": "99", "change": "-1,000"})
    assert low.errors == {"share": ["The share must be £100 or more"]}
    assert low.cleaned_data["change"] == Decimal("-1000.00")
    assert BoundedForm({"share": "5001", "change": "1"}).errors == {
        "share": ["The share must be £5,000 or less"]
    }


def test_an_amount_written_another_way_has_not_changed() -> None:
    field = PoundsField()
    assert not field.has_changed(Decimal("3049000.00"), "3.049m")
    assert field.has_changed(Decimal("3049000.00"), "3.05m")
    assert field.has_changed(Decimal("3049000.00"), "3,05m")
