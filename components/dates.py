"""A date in three boxes, each of which can be wrong by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from components.sentences import called
from components.shows import PLAIN, Shows
from decisions.register.words import MONTHS, capital_first, join_words, long_date

BOXES: Final = ("day", "month", "year")
_LABELS: Final = {"day": "Day", "month": "Month", "year": "Year"}
_MONTH_NUMBERS: Final = {
    **{month.lower(): number for number, month in enumerate(MONTHS, 1)},
    **{month[:3].lower(): number for number, month in enumerate(MONTHS, 1)},
    "sept": 9,
}
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


class DateParts(forms.Widget):
    """Three text boxes named <name>_day, <name>_month and <name>_year."""

    template_name = "govuk/widgets/date.html"
    use_fieldset = True
    wrong: frozenset[str] = frozenset()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The three boxes with what was typed or stored."""
        context = super().get_context(name, None, attrs)
        id_ = context["widget"]["attrs"].get("id", f"id_{name}")
        context["widget"]["boxes"] = [
            {
                "id": f"{id_}_{box}",
                "name": f"{name}_{box}",
                "label": _LABELS[box],
                "value": typed,
                "wide": box == "year" or len(typed) > 2,
                "wrong": box in self.wrong,
                "inputmode": "" if box == "month" else "numeric",
            }
            for box, typed in zip(BOXES, _typed(value), strict=True)
        ]
        return context

    def value_from_datadict(
        self, data: Mapping[str, Any], files: Mapping[str, Any], name: str
    ) -> list[str]:
        """What was typed, box by box."""
        del files
        return [str(data.get(f"{name}_{box}") or "") for box in BOXES]

    def value_omitted_from_data(
        self, data: Mapping[str, Any], files: Mapping[str, Any], name: str
    ) -> bool:
        """Whether the form that was sent had no such boxes."""
        del files
        return all(f"{name}_{box}" not in data for box in BOXES)

    def id_for_label(self, id_: str | None, index: str = "") -> str:
        """The first box."""
        del index
        return f"{id_}_day" if id_ else ""


class DatePartsField(forms.Field):
    """A date typed as day, month (number or name) and year. Cleaned to a date, or None if empty."""

    widget = DateParts

    def __init__(
        self,
        *,
        called: str = "",
        shows: Shows = PLAIN,
        min_value: date | None = None,
        max_value: date | None = None,
        **kwargs: Any,
    ) -> None:
        self.called = called
        self.shows = shows
        self.min_value = min_value
        self.max_value = max_value
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        """Read three boxes. Raises ValidationError that names the boxes which are wrong."""
        if value is None or isinstance(value, date):
            return value
        typed = dict(zip(BOXES, _typed(value), strict=True))
        missing = [box for box in BOXES if not typed[box]]
        if len(missing) == len(BOXES):
            return None
        if missing:
            raise self._wrong(f"must include a {join_words(missing)}", missing, "incomplete")
        return self._real(typed)

    def validate(self, value: date | None) -> None:
        """Check presence and bounds."""
        if value is None:
            if self.required:
                raise self._say(f"Enter {called(self, 'date')}", BOXES, "required")
            return
        if self.min_value and value < self.min_value:
            raise self._wrong(f"must be on or after {long_date(self.min_value)}", BOXES, "early")
        if self.max_value and value > self.max_value:
            raise self._wrong(f"must be on or before {long_date(self.max_value)}", BOXES, "late")

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another date was typed, whatever its form."""
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True

    def _real(self, typed: Mapping[str, str]) -> date:
        day, year = _number(typed["day"]), _number(typed["year"])
        month = _MONTH_NUMBERS.get(typed["month"].lower().rstrip("."), _number(typed["month"]))
        if year is not None and len(typed["year"]) != len("2021"):
            raise self._wrong("must have a year of 4 figures, like 2021", ["year"], "year")
        wrong = [
            box
            for box, number, last in (
                ("day", day, 31),
                ("month", month, 12),
                ("year", year, _LAST_YEAR),
            )
            if number is None or not 1 <= number <= last or (box == "year" and number < _FIRST_YEAR)
        ]
        if wrong or day is None or month is None or year is None:
            raise self._wrong("must be a real date, like 27 3 2027", wrong, "unreal")
        try:
            return date(year, month, day)
        except ValueError:
            raise self._wrong("must be a real date, like 27 3 2027", ["day"], "unreal") from None

    def _wrong(self, what: str, boxes: Sequence[str], code: str) -> ValidationError:
        return self._say(f"{capital_first(called(self, 'date'))} {what}", boxes, code)

    def _say(self, sentence: str, boxes: Sequence[str], code: str) -> ValidationError:
        return ValidationError(sentence, code=code, params={"boxes": tuple(boxes)})


def wrong_boxes(errors: Sequence[ValidationError]) -> tuple[str, ...]:
    """The boxes that a field's errors speak of, in their order; all three if none is named."""
    named = {box for error in errors for box in (error.params or {}).get("boxes", ())}
    return tuple(box for box in BOXES if box in named) or BOXES


def _typed(value: Any) -> list[str]:
    if isinstance(value, date):
        return [str(value.day), str(value.month), str(value.year)]
    parts = list(value) if isinstance(value, (list, tuple)) else []
    return [re.sub(r"\s+", " ", str(part or "")).strip() for part in [*parts, "", "", ""][:3]]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None
