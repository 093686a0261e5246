"""The forms of signing in, and of passwords."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm, ReauthenticateForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.forms import PasswordInput

from accounts import passwords
from accounts.models import User
from components.forms import GovukForm, GovukFormMixin


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


class ConfirmPasswordForm(GovukFormMixin, ReauthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """The password again, from somebody who has no second factor yet."""

    submit_label = "Continue"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        password = self.fields["password"]
        password.label = "Password"
        password.help_text = ""
        password.widget = PasswordInput(attrs={"autocomplete": "current-password"})
        password.error_messages |= {"required": "Enter your password"}


class PasswordForm(GovukForm):
    """A new password for oneself, for which one must know the old one."""

    submit_label = "Change the password"

    current = forms.CharField(
        label="Your password now",
        strip=False,
        widget=PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Enter the password that you have now"},
    )
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

    def clean_current(self) -> str:
        """The password as it is. Raises ValidationError."""
        current: str = self.cleaned_data["current"]
        if not self.person.check_password(current):
            raise ValidationError("That is not your password now. Type it again.")
        return current

    def clean_new(self) -> str:
        """A password that the rules take. Raises ValidationError."""
        new: str = self.cleaned_data["new"]
        validate_password(new, self.person)
        if new == self.cleaned_data.get("current"):
            raise ValidationError("That is the password you have already. Enter another one.")
        return new
