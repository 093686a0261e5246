"""The fields that forms are made of, in one place to import from."""

from __future__ import annotations

from components.dates import DatePartsField
from components.money import PoundsField
from components.options import (
    CheckboxesField,
    Choice,
    ConfirmField,
    RadiosField,
    SelectField,
    YesNoField,
)
from components.shows import Shows
from components.text import LongTextField, ProseField, TextField

__all__ = [
    "CheckboxesField",
    "Choice",
    "ConfirmField",
    "DatePartsField",
    "LongTextField",
    "PoundsField",
    "ProseField",
    "RadiosField",
    "SelectField",
    "Shows",
    "TextField",
    "YesNoField",
]
