"""The forms of the second factor."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm
from django import forms

from accounts import codes, sample_codes
from components.forms import GovukFormMixin
from components.shows import Shows


class CodeForm(GovukFormMixin, AuthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """The code of an authenticator app, or one of the recovery codes."""

    submit_label = "Continue"
    field_shows = {"code": Shows(width=10)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = "Code"
        code.help_text = sample_codes.hint(self.user) or "6 figures, or a recovery code of 8"
        code.widget = forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        )
        code.error_messages |= {"required": "Enter the code"}

    def clean_code(self) -> str:
        """Take the code, once."""
        code: str = super().clean_code()
        codes.spend(self.authenticator, code)
        return code
