from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from decisions.register import words


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("947393", "£947,393"),
        ("947393.00", "£947,393"),
        ("222415.13", "£222,415.13"),
        ("31185.50", "£31,185.50"),
        ("0", "£0"),
        ("-500", "\u2212£500"),
        ("1000000000000", "£1,000,000,000,000"),
    ],
)
def test_pounds_show_pence_only_when_there_are_any(amount: str, written: str) -> None:
    assert words.pounds(Decimal(amount)) == written


@pytest.mark.parametrize("amount", ["0.001", "NaN", "Infinity"])
def test_pounds_refuse_what_would_have_to_be_rounded(amount: str) -> None:
    with pytest.raises(ValueError, match="not an amount in pounds and pence"):
        words.pounds(Decimal(amount))


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("3049000", "£3.049 million"),
        ("1810000", "£1.81 million"),
        ("24500000", "£24.5 million"),
        ("1500000000", "£1,500 million"),
        ("-2000000", "\u2212£2 million"),
        ("999999", "£999,999"),
        ("1234567", "£1,234,567"),
    ],
)
def test_millions_are_never_rounded(amount: str, written: str) -> None:
    assert words.millions(Decimal(amount)) == written


def test_dates_and_times_are_those_of_london() -> None:
    winter = datetime(2021, 11, 23, 17, 5, tzinfo=UTC)
    summer = datetime(2021, 6, 30, 23, 30, tzinfo=UTC)
    assert words.long_date(date(2021, 11, 23)) == "23 November 2021"
    assert words.short_date(date(2021, 11, 3)) == "3 Nov 2021"
    assert words.long_time(winter) == "23 November 2021 at 5:05pm"
    assert words.long_time(summer) == "1 July 2021 at 12:30am"
    assert words.long_date(summer) == "1 July 2021"
    assert words.short_date(summer) == "1 Jul 2021"


@pytest.mark.parametrize(
    ("hour", "minute", "written"),
    [
        (0, 0, "midnight"),
        (12, 0, "midday"),
        (9, 0, "9am"),
        (12, 30, "12:30pm"),
        (23, 59, "11:59pm"),
    ],
)
def test_the_time_of_day_is_written_as_people_say_it(hour: int, minute: int, written: str) -> None:
    assert words.clock(datetime(2021, 11, 23, hour, minute, tzinfo=UTC)) == written


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        words.long_time(datetime(2021, 11, 23, 17, 5))  # noqa: DTZ001 - the point of the test


def test_counts_and_lists_read_as_sentences() -> None:
    assert words.plural(1, "paper") == "1 paper"
    assert words.plural(0, "paper") == "0 papers"
    assert words.plural(1669, "reply", "replies") == "1,669 replies"
    assert words.join_words([]) == ""
    assert words.join_words(["finance"]) == "finance"
    assert words.join_words(["finance", "legal"]) == "finance and legal"
    assert words.join_words(["finance", "legal", "data"], "or") == "finance, legal or data"


def test_a_label_takes_its_place_inside_a_sentence() -> None:
    assert words.small_first("Title") == "title"
    assert words.small_first("IAM date") == "IAM date"
    assert words.small_first("A date") == "a date"
    assert words.capital_first("the end date") == "The end date"
