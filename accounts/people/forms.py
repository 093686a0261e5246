"""The forms of the pages about people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.forms import EmailField, PasswordInput

from accounts import passwords
from accounts.models import DutyKind, Office, User, today
from components.fields import (
    CheckboxesField,
    Choice,
    ConfirmField,
    DatePartsField,
    RadiosField,
    TextField,
    YesNoField,
)
from components.forms import GovukForm
from components.layout import Button


class InviteForm(GovukForm):
    """Somebody new: who they are and what they do."""

    submit_label = "Invite"

    name = TextField(label="Full name", help_text="As it is to stand on papers", max_length=120)
    email = EmailField(label="E-mail address", max_length=254)
    duties = CheckboxesField(
        label="What do they do?",
        help_text="Leave this empty for somebody who will only hold an office.",
        choices=DutyKind.choices,
        required=False,
    )


class DutyForm(GovukForm):
    """One more duty, from one day to another."""

    submit_label = "Give this duty"

    kind = RadiosField(label="Which duty?", choices=DutyKind.choices)
    starts = DatePartsField(label="First day", help_text="Today or later")
    ends = DatePartsField(label="Last day", help_text="Empty if there is none", required=False)

    def clean(self) -> dict[str, Any] | None:
        """Raises ValidationError where the last day comes before the first."""
        cleaned = super().clean()
        _in_order(self)
        return cleaned


class ProposeForm(GovukForm):
    """An office, held or acted in, from one day to another."""

    submit_label = "Propose"

    office = RadiosField(label="Which office?")
    acting = YesNoField(
        label="Do they act in it for its holder?",
        help_text="Yes for a vacancy or an absence: they sign “for” the office.",
        reveals_yes="legal_basis",
    )
    legal_basis = TextField(
        label="Legal basis", help_text="Like “Letter of the Mayor, 2 November 2026”", max_length=300
    )
    starts = DatePartsField(label="First day", help_text="Today or later")
    ends = DatePartsField(label="Last day", help_text="Empty if there is none", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offices = {str(row.pk): row for row in Office.objects.order_by("title")}
        cast(RadiosField, self.fields["office"]).choices = [
            Choice(key, row.title) for key, row in self.offices.items()
        ]

    def clean(self) -> dict[str, Any] | None:
        """Raises ValidationError where the last day comes before the first."""
        cleaned = super().clean()
        _in_order(self)
        return cleaned

    @property
    def office_chosen(self) -> Office:
        """The office."""
        return self.offices[self.cleaned_data["office"]]


def _in_order(form: GovukForm) -> None:
    starts, ends = form.cleaned_data.get("starts"), form.cleaned_data.get("ends")
    if isinstance(starts, date) and isinstance(ends, date) and ends < starts:
        form.add_error("ends", "The last day must be the first day or later")


class LastDayForm(GovukForm):
    """When something ends."""

    submit_label = "End it"

    ends = DatePartsField(label="Last day", help_text="Today or later")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends"].initial = today()


class LinkForm(GovukForm):
    """A new link, and whether what they proved themselves by is lost as well."""

    submit_label = "Send the link"

    lost = ConfirmField(
        "They have lost their passkeys, their app and their recovery codes. I know this from them "
        "in person or by telephone. Remove all of them, and their password.",
        required=False,
    )


class SureForm(GovukForm):
    """A button alone."""

    def __init__(self, *args: Any, label: str, warns: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.button = Button(label, style="warning" if warns else "primary")

    def buttons(self) -> Sequence[Button]:
        """The one button."""
        return (self.button,)


class ChooseForm(GovukForm):
    """A password for oneself, from a link."""

    submit_label = "Set my password"

    new = forms.CharField(
        label="New password",
        strip=False,
        help_text=" ".join(
            rule().get_help_text()
            for rule in (passwords.LongEnough, passwords.NoWordOfHere, passwords.NotCommon)
        ),
        widget=PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Enter a new password"},
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_new(self) -> str:
        """A password that the rules take. Raises ValidationError."""
        new: str = self.cleaned_data["new"]
        validate_password(new, self.person)
        return new
