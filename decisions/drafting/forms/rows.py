"""One row of a subject that is a list: a recommendation, a cost, a paper behind the decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django import forms

from accounts.models import today
from components.fields import (
    Choice,
    ConfirmField,
    LongTextField,
    PoundsField,
    RadiosField,
    SelectField,
    TextField,
)
from components.layout import Button, Group, Layout, Shows
from decisions.drafting.forms.base import TOKEN, DraftingForm
from decisions.models import FundingKind, RecommendationVerb, Vat

_YEARS_BACK, _YEARS_AHEAD = 3, 12


class RowForm(DraftingForm):
    """A form for one row; its fields are the row's columns."""

    one: ClassVar[str]

    def row(self) -> dict[str, Any]:
        """The columns as typed."""
        return {name: value for name, value in self.cleaned_data.items() if name != TOKEN}

    def columns(self) -> tuple[str, ...]:
        """The names of the row's columns, in the order of the form."""
        return tuple(name for name in self.fields if name != TOKEN)

    def buttons(self) -> Sequence[Button]:
        """Save and see the list, or save and write the next one."""
        return (
            Button(f"Save this {self.one}", name="then", value="return"),
            Button("Save and add another", name="then", value="another", style="secondary"),
        )


class RecommendationForm(RowForm):
    """What the decision maker is asked to do."""

    one = "recommendation"
    verb = SelectField(
        label="The decision maker is asked to",
        called="what the decision maker is asked to do",
        choices=RecommendationVerb.choices,
        initial=RecommendationVerb.APPROVE,
    )
    text = LongTextField(
        label="What exactly",
        called="what exactly the decision maker is asked to do",
        help_text="Go on from the word above: “funding of £947,393 for the discovery phase”.",
        max_length=5000,
        shows=Shows(rows=5),
    )
    amount = PoundsField(
        label="Amount",
        called="the amount",
        help_text="In pounds, such as 1,810,000 or 1.81m. Leave it empty if no money is asked for.",
        required=False,
    )
    up_to = ConfirmField("This is the most that may be spent (“up to”)", required=False)
    kind = SelectField(
        label="Capital or revenue",
        called="whether it is capital or revenue",
        choices=[("", "Not stated"), *FundingKind.choices],
        required=False,
    )

    def layout(self) -> Layout:
        """The words first, then the money."""
        return Layout("verb", "text", Group("Money", "amount", "up_to", "kind"))

    def clean(self) -> dict[str, Any]:
        """Refuse money words without an amount; leave out a verb that was pasted with the text."""
        cleaned = super().clean() or self.cleaned_data
        verb, text = cleaned.get("verb", ""), cleaned.get("text", "")
        first, _, rest = text.partition(" ")
        if rest.strip() and first.lower() == verb.lower():
            cleaned["text"] = rest.strip()
        if "amount" in cleaned and cleaned["amount"] is None:
            if cleaned.get("up_to"):
                self.add_error("amount", "Enter the amount that is the most that may be spent.")
            elif cleaned.get("kind"):
                self.add_error("amount", "Enter the amount, or choose “Not stated” below.")
        return cleaned


class FundingForm(RowForm):
    """One line of the table of costs."""

    one = "line"
    label = TextField(label="What it is for", called="what it is for", max_length=200)
    amount = PoundsField(
        label="Amount",
        called="the amount",
        help_text="In pounds, such as 321,267 or 3.049m. Income is a plain amount too.",
    )
    kind = RadiosField(
        label="Capital, revenue or income",
        called="whether it is capital, revenue or income",
        choices=[
            Choice(FundingKind.CAPITAL, "Capital"),
            Choice(FundingKind.REVENUE, "Revenue"),
            Choice(FundingKind.INCOME, "Income", hint="Money received. It lowers the total."),
        ],
    )
    financial_year = SelectField(label="Financial year", choices=[], required=False)
    source = TextField(
        label="Where the money comes from",
        help_text="The budget, fund or grant.",
        max_length=200,
        required=False,
    )
    vat = SelectField(label="VAT", choices=Vat.choices, required=False)
    contingency_percent = forms.DecimalField(
        label="Contingency",
        help_text="If this line is a contingency: the percentage of the costs that it stands for.",
        min_value=0,
        max_value=100,
        decimal_places=2,
        required=False,
        error_messages={
            "invalid": "The contingency must be a number, such as 10 or 7.5",
            "min_value": "The contingency must be 0 per cent or more",
            "max_value": "The contingency must be 100 per cent or less",
            "max_decimal_places": "The contingency must have no more than two decimals",
        },
    )
    field_shows: ClassVar[dict[str, Shows]] = {
        "contingency_percent": Shows(width=5, suffix="%", inputmode="decimal")
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = str(self.initial.get("financial_year") or "")
        cast(SelectField, self.fields["financial_year"]).choices = financial_years(chosen)


class ReferenceForm(RowForm):
    """A paper behind the decision or beside it: its title, and its address if it has one."""

    one = "paper"
    title = TextField(label="Title", called="the title", max_length=200)
    address = forms.URLField(
        label="Web address",
        help_text="If it can be read on the web. For example, https://www.example.gov.uk/paper",
        max_length=500,
        required=False,
        assume_scheme="https",
        error_messages={
            "invalid": "Enter a web address like https://www.example.gov.uk/paper",
            "max_length": "The web address must be 500 characters or fewer",
        },
    )


class DocumentForm(ReferenceForm):
    """A document published beside the decision."""

    one = "document"


def financial_years(chosen: str = "") -> list[tuple[str, str]]:
    """The years to choose from, as "2025/26", from 1 April to 31 March. `chosen` is kept."""
    now = today()
    current = now.year if (now.month, now.day) >= (4, 1) else now.year - 1
    years = [
        f"{year}/{(year + 1) % 100:02d}"
        for year in range(current - _YEARS_BACK, current + _YEARS_AHEAD + 1)
    ]
    if chosen and chosen not in years:
        years.insert(0, chosen)
    return [("", "Not stated"), *((year, year) for year in years)]
