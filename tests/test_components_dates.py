"""A date in three boxes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.fields import DatePartsField
from components.forms import GovukForm


class EndForm(GovukForm):
    """One date."""

    ends = DatePartsField(
        label="When does it end?",
        called="the end date",
        min_value=date(2021, 11, 23),
        max_value=date(2030, 12, 31),
    )


def sent(day: str, month: str, year: str) -> EndForm:
    return EndForm({"ends_day": day, "ends_month": month, "ends_year": year})


@pytest.mark.parametrize(
    ("day", "month", "year", "read"),
    [
        ("23", "11", "2021", date(2021, 11, 23)),
        ("1", "Jan", "2022", date(2022, 1, 1)),
        (" 01 ", "january", "2022", date(2022, 1, 1)),
        ("3", "Sept.", "2022", date(2022, 9, 3)),
        ("29", "2", "2024", date(2024, 2, 29)),
    ],
)
def test_dates_are_read(day: str, month: str, year: str, read: date) -> None:
    form = sent(day, month, year)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["ends"] == read


@pytest.mark.parametrize(
    ("day", "month", "year", "sentence", "first_wrong"),
    [
        ("", "", "", "Enter the end date", "day"),
        ("5", "", "2022", "The end date must include a month", "month"),
        ("5", "", "", "The end date must include a month and year", "month"),
        ("", "5", "2022", "The end date must include a day", "day"),
        ("31", "2", "2022", "The end date must be a real date, like 27 3 2027", "day"),
        ("5", "13", "2022", "The end date must be a real date, like 27 3 2027", "month"),
        ("5", "Brumaire", "2022", "The end date must be a real date, like 27 3 2027", "month"),
        ("0", "5", "2022", "The end date must be a real date, like 27 3 2027", "day"),
        ("5", "5", "22", "The end date must have a year of 4 figures, like 2021", "year"),
        ("\u0665", "5", "2022", "The end date must be a real date, like 27 3 2027", "day"),
        ("<b>", "5", "2022", "The end date must be a real date, like 27 3 2027", "day"),
        ("22", "11", "2021", "The end date must be on or after 23 November 2021", "day"),
        ("1", "1", "2031", "The end date must be on or before 31 December 2030", "day"),
    ],
)
def test_a_wrong_date_says_what_is_wrong_and_where(
    day: str, month: str, year: str, sentence: str, first_wrong: str
) -> None:
    form = sent(day, month, year)
    assert form.errors["ends"] == [sentence]
    assert form.error_links() == [(sentence, f"#id_ends_{first_wrong}")]
    assert form["ends"].value() == [day, month, year]


def test_only_the_wrong_box_is_marked_and_every_box_keeps_what_was_typed() -> None:
    html = str(sent("5", "Brumaire", "2022")["ends"])
    marked = [part for part in html.split("<input") if "govuk-input--error" in part]
    assert len(marked) == 1
    assert 'value="Brumaire"' in marked[0]
    assert 'aria-invalid="true"' in marked[0]
    assert 'value="5"' in html
    assert 'value="2022"' in html


def test_a_date_that_may_be_left_out_is_none() -> None:
    class MaybeForm(GovukForm):
        ends = DatePartsField(label="End", required=False)

    form = MaybeForm({"ends_day": "", "ends_month": " ", "ends_year": ""})
    assert form.is_valid()
    assert form.cleaned_data["ends"] is None


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
def test_a_date_that_was_shown_is_read_back(day: date) -> None:
    class AnyForm(GovukForm):
        ends = DatePartsField(label="End")

    boxes = [str(day.day), str(day.month), str(day.year)]
    form = AnyForm(dict(zip(("ends_day", "ends_month", "ends_year"), boxes, strict=True)))
    assert form.is_valid()
    assert form.cleaned_data["ends"] == day
    assert not AnyForm({}).fields["ends"].has_changed(day, boxes)
