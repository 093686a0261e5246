"""What every drafting form has in common: its token, its two buttons, its text in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.db.models import Model

from components.fields import PoundsField
from components.forms import GovukForm
from components.layout import Button
from decisions.drafting.save import FIELDS
from decisions.models import Paper
from decisions.register.words import long_date, pounds

TOKEN = "token"  # noqa: S105 - the name of a field that says which text a form was loaded with


class DraftingForm(GovukForm):
    """A form that carries the token of the text it was loaded with."""

    warns_when_left = True
    token = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def passages(self, values: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Values of this form as labels and words, for showing two texts side by side."""
        return [
            (str(field.label), said(field, values.get(name)))
            for name, field in self.fields.items()
            if name != TOKEN
        ]

    def typed(self) -> dict[str, Any]:
        """What the person sent, cleaned where it can be and as typed where it cannot."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, self[name].value()) for name in self.fields}


class SubjectForm(DraftingForm):
    """The one form of a subject; `code` names the subject, `template` its page."""

    template: ClassVar[str] = "subject.html"

    def __init__(self, *args: Any, paper: Paper, code: str, **kwargs: Any) -> None:
        self.paper = paper
        self.code = code
        super().__init__(*args, **kwargs)

    def values(self, paper: Paper) -> dict[str, Any]:
        """What the paper says now, as values of this form."""
        return {name: getattr(paper, name) for name in FIELDS[self.code]}

    def write(self, paper: Paper) -> None:
        """Put what was typed into the paper, which is held and saved by the caller."""
        for name in FIELDS[self.code]:
            setattr(paper, name, self.cleaned_data[name])

    def buttons(self) -> Sequence[Button]:
        """Save and go on, or save and go back to the list."""
        return (
            Button("Save and continue", name="then", value="continue"),
            Button("Save and return to the list", name="then", value="return", style="secondary"),
        )


def said(field: forms.Field, value: Any) -> str:
    """A value of a field in words: a choice by its label, a date and an amount as we write them."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Decimal):
        return pounds(value) if isinstance(field, PoundsField) else f"{value.normalize():f}"
    if isinstance(value, date):
        return long_date(value)
    if isinstance(value, Model):
        return str(value)
    labels = dict(_choices(field))
    if isinstance(value, (list, tuple)):
        return "\n".join(labels.get(str(one), str(one)) for one in value if one)
    return labels.get(str(value), str(value))


def _choices(field: forms.Field) -> Iterable[tuple[str, str]]:
    for value, label in getattr(field, "choices", ()):
        yield str(value), str(label)
