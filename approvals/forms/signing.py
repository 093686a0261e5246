"""What the forms of the two signed acts share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from components.forms import GovukForm
from components.layout import Layout

OPEN_AGAIN = "This form cannot be used. Open the page again; nothing was signed."


class Ahead:
    """What stands above the password: the statement that is signed, and who signs what."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        self.context = dict(context)

    def render(self, form: Any, context: Any, **kwargs: Any) -> SafeString:
        """Draw it."""
        del form, context, kwargs
        return render_to_string("approvals/parts/signature_ahead.html", self.context)


class SigningForm(GovukForm):
    """The version on the screen, a key of this form's own, and the password, never shown again.

    `ahead` is what the template above the password shows.
    """

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

    def __init__(self, *args: Any, ahead: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ahead = ahead

    def layout(self) -> Layout:
        """The statement, then the password."""
        return Layout(Ahead(self.ahead), "password")
