"""Amounts as people type them: 3.049m, £1,810,000, 320K."""

from __future__ import annotations

import re
from decimal import Context, Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from components.sentences import called
from components.shows import Shows
from decisions.register.words import capital_first, pounds

MOST: Final = Decimal(1_000_000_000_000)
_PENNY: Final = Decimal("0.01")
_LONGEST: Final = 60
_EXACT: Final = Context(prec=2 * _LONGEST)  # nothing of what was typed is rounded away unseen
_SCALES: Final[dict[str, int]] = {
    "": 1,
    "k": 1_000,
    "thousand": 1_000,
    "m": 1_000_000,
    "mn": 1_000_000,
    "million": 1_000_000,
    "bn": 1_000_000_000,
    "billion": 1_000_000_000,
}
_MINUS: Final = "[-\u2212\u2013]"
_SHAPE: Final = re.compile(
    rf"({_MINUS}?) ?£? ?({_MINUS}?)([0-9,. ]*?) ?(k|thousand|mn|m|million|bn|billion|)",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"[0-9]+(\.[0-9]*)?|\.[0-9]+")
_GROUPED: Final = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")


class PoundsField(forms.Field):
    """An amount in pounds, cleaned to a Decimal with two decimals, or None when left empty.

    Refuses, each with its own sentence: commas in the wrong place ("1,0"), less than a penny
    ("1.005"), less than nothing (unless `allow_negative`), other currencies, figures of other
    scripts, words. What was typed is kept.
    """

    widget = forms.TextInput

    def __init__(
        self,
        *,
        called: str = "",
        shows: Shows | None = None,
        min_value: Decimal | int | None = 0,
        max_value: Decimal | int = MOST,
        allow_negative: bool = False,
        **kwargs: Any,
    ) -> None:
        self.called = called
        self.shows = shows or Shows(width=10, prefix="£", inputmode="decimal", spellcheck=False)
        self.min_value = None if allow_negative and min_value == 0 else min_value
        self.max_value = max_value
        self.allow_negative = allow_negative
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """An amount is shown with its commas; what was typed is shown as it was typed."""
        if isinstance(value, (Decimal, int)) and not isinstance(value, bool):
            amount = Decimal(value)
            return pounds(amount).replace("£", "").replace("\u2212", "-")
        return value

    def to_python(self, value: Any) -> Decimal | None:
        """Read an amount. Raises ValidationError with the sentence for what is wrong with it."""
        if value is None or isinstance(value, Decimal):
            return value
        text = re.sub(r"\s+", " ", str(value)).strip()
        if not text:
            return None
        amount = self._read(text)
        if amount < 0 and not self.allow_negative:
            raise self._wrong("must not be less than zero", "negative")
        if abs(amount) > self.max_value:
            raise self._wrong(f"must be {pounds(self.max_value)} or less", "max_value")
        if amount != amount.quantize(_PENNY):
            raise self._wrong("must not be more exact than a penny", "too_exact")
        return amount.quantize(_PENNY)

    def validate(self, value: Decimal | None) -> None:
        """Check presence and the lower bound."""
        super().validate(value)
        if value is None:
            return
        if self.min_value is not None and value < self.min_value:
            raise self._wrong(f"must be {pounds(self.min_value)} or more", "min_value")

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another amount was typed, whatever its form."""
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True

    def _read(self, text: str) -> Decimal:
        if any(character.isdigit() and not character.isascii() for character in text):
            raise self._wrong("must be written with the figures 0 to 9", "figures")
        if re.search("[$€¥]|EUR|USD", text, re.IGNORECASE):
            raise self._wrong("must be in pounds", "currency")
        shape = _SHAPE.fullmatch(text) if len(text) <= _LONGEST else None
        if shape is None or not shape[3]:
            raise self._wrong("must be an amount in pounds, like 1,810,000 or 1.81m", "invalid")
        before, after, digits, scale = shape.groups()
        if "," in digits and not _GROUPED.fullmatch(digits):
            raise self._wrong(
                "has a comma in the wrong place. Write 1,810,000 or 1810000", "commas"
            )
        if " " in digits:
            raise self._wrong("must not have spaces between its figures", "spaces")
        plain = digits.replace(",", "")
        if not _NUMBER.fullmatch(plain) or (before and after):
            raise self._wrong("must be an amount in pounds, like 1,810,000 or 1.81m", "invalid")
        amount = _EXACT.multiply(Decimal(plain), _SCALES[scale.lower()])
        return -amount if before or after else amount

    def _wrong(self, what: str, code: str) -> ValidationError:
        return ValidationError(f"{capital_first(called(self, 'amount'))} {what}", code=code)
