"""The form of Part 2: what stays confidential, and the notice about it that is published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final, cast

from django import forms

from accounts.models import User, today
from components.fields import (
    CheckboxesField,
    Choice,
    DatePartsField,
    LongTextField,
    ProseField,
    RadiosField,
    SelectField,
    TextField,
)
from components.forms import GovukForm
from components.layout import Button, Heading, Layout, Paragraph, Shows
from decisions.drafting.forms.base import DraftingForm
from decisions.models import Paper
from decisions.part_two import room
from decisions.part_two.exemptions import ARTICLES, FOIA_SECTIONS, MARKINGS

_QUALIFIED: Final = "Qualified: weigh the public interest."
# Information that the chief officer would keep back needs no section of the Act.
_OF_POLICE: Final = "2(2)(b)"
_DATE, _EVENT = "date", "event"


def _sections() -> list[Choice]:
    return [
        Choice(
            section.number,
            f"Section {section.number}: {section.name}",
            hint=_QUALIFIED if section.qualified else "",
            reveals=_balance(section.number) if section.qualified else "",
        )
        for section in FOIA_SECTIONS
    ]


def _balance(number: str) -> str:
    return f"balance_{number}"


class PartTwoForm(DraftingForm):
    """Part 2 whole. Nothing is required here: the checks say what is still missing."""

    body = ProseField(
        label="Confidential facts and advice",
        called="the confidential facts and advice",
        help_text="Only what is likely to be exempt from disclosure. Everything else is Part 1.",
        required=False,
        shows=Shows(rows=14),
    )
    rationale = LongTextField(
        label="Legal rationale for not publishing it",
        called="the legal rationale",
        max_length=20_000,
        required=False,
        shows=Shows(rows=6),
    )
    marking = SelectField(
        label="Security marking",
        choices=[("", "Choose a marking"), *((marking, marking) for marking in MARKINGS)],
        required=False,
    )
    article = RadiosField(
        label="Article of the Specified Information Order 2011 relied on",
        called="the article",
        choices=[
            Choice(number, f"Article {number}", hint=text) for number, text in ARTICLES.items()
        ],
        required=False,
    )
    sections = CheckboxesField(
        label="Sections of the Freedom of Information Act 2000 relied on",
        called="the sections",
        choices=_sections(),
        required=False,
    )
    reason = LongTextField(
        label="Why Part 2 is not published, for the public",
        called="the reason for the public",
        help_text="Do not say here what Part 2 says.",
        max_length=2000,
        required=False,
        shows=Shows(rows=4),
    )
    ends = RadiosField(
        label="When does Part 2 cease to be exempt?",
        called="when Part 2 ceases to be exempt",
        choices=[
            Choice(_DATE, "On a date", reveals="ends_on"),
            Choice(_EVENT, "When something has happened", reveals="ends_when"),
        ],
        required=False,
    )
    ends_on = DatePartsField(label="Date", called="the date on which Part 2 ceases to be exempt")
    ends_when = TextField(
        label="What has to have happened",
        called="what has to have happened",
        help_text="For example, the contract is complete.",
        max_length=200,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(DatePartsField, self.fields["ends_on"]).min_value = today() + timedelta(days=1)
        for section in FOIA_SECTIONS:
            if section.qualified:
                self.fields[_balance(section.number)] = LongTextField(
                    label=f"Public-interest balance for section {section.number} (not published)",
                    called=f"the public-interest balance for section {section.number}",
                    max_length=20_000,
                    required=False,
                    shows=Shows(rows=4),
                )

    def layout(self) -> Layout:
        """What stays in the room first, then what is published about it."""
        return Layout(
            Heading("Not published"),
            "body",
            "rationale",
            Heading("Published as a notice"),
            Paragraph(
                "The public reads the marking, the exemptions, the reason and the end. It does not "
                "read the public-interest balance."
            ),
            "marking",
            "article",
            "sections",
            "reason",
            "ends",
        )

    def buttons(self) -> Sequence[Button]:
        """Save and go on, or save and go back to the list."""
        return (
            Button("Save and continue", name="then", value="continue"),
            Button("Save and return to the list", name="then", value="return", style="secondary"),
        )

    def text(self) -> room.PartTwoText:
        """Part 2 as typed."""
        said = self.cleaned_data
        return room.PartTwoText(
            body=said["body"],
            rationale=said["rationale"],
            marking=said["marking"],
            reason=said["reason"],
            ends_on=said["ends_on"] if said["ends"] == _DATE else None,
            ends_when=said["ends_when"] if said["ends"] == _EVENT else "",
            exemptions=tuple(
                room.ExemptionText(
                    article=said["article"] or "2(2)(a)",
                    section=number,
                    balance=said.get(_balance(number)) or "",
                )
                for number in said["sections"] or ([""] if said["article"] == _OF_POLICE else [])
            ),
        )


def values_of(text: room.PartTwoText) -> dict[str, Any]:
    """A Part 2 as values of the form."""
    return {
        "body": text.body,
        "rationale": text.rationale,
        "marking": text.marking,
        "article": text.exemptions[0].article if text.exemptions else "2(2)(a)",
        "sections": [exemption.section for exemption in text.exemptions if exemption.section],
        "reason": text.reason,
        "ends": _DATE if text.ends_on else _EVENT if text.ends_when else "",
        "ends_on": text.ends_on,
        "ends_when": text.ends_when,
        **{
            _balance(exemption.section): exemption.balance
            for exemption in text.exemptions
            if exemption.section
        },
    }


class ReaderForm(GovukForm):
    """Whom to let in, and why they need to know."""

    submit_label = "Let them read Part 2"
    person = forms.ModelChoiceField(
        label="Who needs to read Part 2?",
        queryset=User.objects.none(),
        empty_label="Choose a person",
        error_messages={
            "required": "Choose who needs to read Part 2",
            "invalid_choice": "Who is let in must be one of those listed",
        },
    )
    reason = TextField(
        label="Why they need to know",
        called="why they need to know",
        help_text="It is kept with the record. Do not say what Part 2 says.",
        max_length=200,
    )

    def __init__(self, *args: Any, paper: Paper, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inside = [clearance.person_id for clearance in room.readers(paper)]
        cast("forms.ModelChoiceField[User]", self.fields["person"]).queryset = (
            User.objects.filter(is_active=True).exclude(pk__in=[by.pk, *inside]).order_by("name")
        )
