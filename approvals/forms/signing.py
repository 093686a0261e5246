"""What the forms of the two signed acts share."""

from __future__ import annotations

from django import forms

from components.forms import GovukForm

OPEN_AGAIN = "This form cannot be used. Open the page again; nothing was signed."


class SigningForm(GovukForm):
    """The version on the screen, a key of this form's own, and the password, never shown again."""

    mark = forms.CharField(widget=forms.HiddenInput, error_messages={"required": OPEN_AGAIN})
    key = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={"required": OPEN_AGAIN, "invalid": OPEN_AGAIN},
    )
    password = forms.CharField(
        label="Your password",
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="You are asked again because this is your signature.",
        error_messages={"required": "Enter your password"},
    )
