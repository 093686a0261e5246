"""How money, dates, times and counts are written in every sentence, page and document.

GOV.UK style: £947,393, £3.049 million, 23 November 2021, 5:05pm. Pure functions; no setting is
read, so the staff process, the public process and the documents say the same thing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")
MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
MINUS: Final = "\u2212"
_MILLION: Final = Decimal(1_000_000)
_PENNY: Final = Decimal("0.01")


def pounds(amount: Decimal | int) -> str:
    """Write an amount in pounds: "£947,393", "£222,415.13"; less than nothing with a minus sign.

    Pence are written only when there are any. Raises ValueError for less than a penny and for
    what is not a number, because rounding would change a figure that somebody signed.
    """
    value = Decimal(amount)
    if not value.is_finite() or value != value.quantize(_PENNY):
        raise ValueError(f"{amount} is not an amount in pounds and pence.")
    sign = MINUS if value < 0 else ""
    places = 0 if value == value.to_integral_value() else 2
    return f"{sign}£{abs(value):,.{places}f}"


def millions(amount: Decimal | int) -> str:
    """Write an amount of a million pounds or more in millions, unrounded: "£3.049 million".

    Smaller amounts, and amounts with more than three decimals of a million, are written in full.
    """
    value = Decimal(amount)
    scaled = (abs(value) / _MILLION).normalize() if value.is_finite() else Decimal(0)
    if scaled < 1 or scaled != round(scaled, 3):
        return pounds(amount)
    sign = MINUS if value < 0 else ""
    return f"{sign}£{scaled:,f} million"


def long_date(day: date) -> str:
    """Write a date in full: "23 November 2021". A moment is taken on the day it has in London."""
    if isinstance(day, datetime):
        day = _in_london(day).date()
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short_date(day: date) -> str:
    """Write a date for a narrow column: "23 Nov 2021"."""
    if isinstance(day, datetime):
        day = _in_london(day).date()
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"


def clock(moment: datetime) -> str:
    """Write the time of day in London: "9:30am", "5:05pm", "midday", "midnight"."""
    local = _in_london(moment)
    if local.minute == 0 and local.hour in {0, 12}:
        return "midday" if local.hour else "midnight"
    hour = local.hour % 12 or 12
    minutes = f":{local.minute:02d}" if local.minute else ""
    return f"{hour}{minutes}{'pm' if local.hour >= 12 else 'am'}"


def long_time(moment: datetime) -> str:
    """Write a moment as it was in London: "23 November 2021 at 5:05pm"."""
    return f"{long_date(moment)} at {clock(moment)}"


def plural(count: int, one: str, many: str = "") -> str:
    """Write a count with its noun: "1 paper", "3 papers", "2 copies"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def join_words(words: Sequence[str], last: str = "and") -> str:
    """Join words as a sentence does: "finance", "finance and legal", "finance, legal and data"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def small_first(words: str) -> str:
    """Make the first letter small for the middle of a sentence, unless it starts a name.

    "Title" becomes "title"; "IAM date" and "PCD reference" stay, for a capital follows the first.
    """
    first = words.split(" ", 1)[0]
    if len(first) > 1 and any(letter.isupper() or letter.isdigit() for letter in first[1:]):
        return words
    return words[:1].lower() + words[1:]


def capital_first(words: str) -> str:
    """Make the first letter a capital and leave the rest: "the end date" -> "The end date"."""
    return words[:1].upper() + words[1:]


def _in_london(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("A moment without a time zone cannot be shown.")
    return moment.astimezone(LONDON)
