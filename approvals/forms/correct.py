"""correct: which passages, then their new text and the note for the public."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from components.fields import CheckboxesField, LongTextField, ProseField
from components.forms import GovukForm

Passages = Mapping[str, tuple[str, str]]


class ChooseForm(GovukForm):
    """Which passages of Part 1 are to be written anew."""

    form_method = "get"
    submit_label = "Continue"

    choose = forms.CharField(widget=forms.HiddenInput, initial="yes")

    def __init__(self, *args: Any, passages: Passages, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passage"] = CheckboxesField(
            label="What do you want to correct?",
            help_text="Select everything that is to read differently.",
            choices=[(key, heading) for key, (heading, _) in passages.items()],
            error_messages={"required": "Select what you want to correct"},
        )


class CorrectForm(GovukForm):
    """The chosen passages in an editor each, and what the public is told."""

    submit_label = "Make the corrected edition"
    warns_when_left = True

    def __init__(self, *args: Any, passages: Passages, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chosen = passages
        for key, (heading, text) in passages.items():
            self.fields[name_of(key)] = ProseField(label=heading, called=heading, initial=text)
        self.fields["passage"] = forms.Field(
            widget=forms.MultipleHiddenInput, initial=list(passages), required=False
        )
        self.fields["note"] = LongTextField(
            label="What changed, for the public",
            help_text="This note stands at the top of the new edition, with both texts.",
            called="what changed, for the public",
            max_length=5_000,
        )

    def passages(self) -> dict[str, str]:
        """Key to new text; only of a valid form."""
        return {key: self.cleaned_data[name_of(key)] for key in self.chosen}


def name_of(key: str) -> str:
    """The field in which a passage is written."""
    return f"text_{key}"
