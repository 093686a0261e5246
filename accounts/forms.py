"""The sign-in form."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django.forms import PasswordInput

from components.forms import GovukFormMixin


class SignInForm(GovukFormMixin, LoginForm):  # type: ignore[misc]  # allauth ships no types
    """E-mail address and password; the service forgets them at the end of the day."""

    submit_label = "Sign in"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        login, password = self.fields["login"], self.fields["password"]
        login.label = "E-mail address"
        login.widget.attrs = {"autocomplete": "username", "spellcheck": "false"}
        login.error_messages |= {
            "required": "Enter your e-mail address",
            "invalid": "Enter an e-mail address in the correct format, like name@example.com",
        }
        password.label = "Password"
        password.help_text = ""
        password.widget = PasswordInput(attrs={"autocomplete": "current-password"})
        password.error_messages |= {"required": "Enter your password"}
