"""The forms of the second factor."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Final

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
    SignupWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError

from accounts import codes, sample_codes
from components.forms import GovukFormMixin
from components.shows import Shows

NAME: Final = forms.CharField(
    label="Name of the passkey",
    help_text="Something that tells you later which one it is, like “Work laptop” or “Blue key”",
    max_length=60,
    required=False,
)


@contextmanager
def only_answers() -> Iterator[None]:
    """Read what a browser says a passkey said. Raises ValidationError for any other shape."""
    try:
        yield
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, struct.error):
        raise get_adapter().validation_error("incorrect_code") from None


class _Answer(forms.Form):
    """What every form that takes a passkey's answer has in common."""

    user: Any
    again: ClassVar[bool] = False

    def clean_credential(self) -> Authenticator:
        """The passkey that answered. Raises ValidationError for whatever is no answer."""
        try:
            with only_answers():
                found: Authenticator = super().clean_credential()  # type: ignore[misc]  # allauth's
        except ValidationError:
            authentication_failed.send(
                sender=Authenticator,
                request=context.request,
                user=self.user,
                authenticator=Authenticator(type=Authenticator.Type.WEBAUTHN),
                reauthentication=self.again,
            )
            raise
        return found


class _Code(GovukFormMixin):
    """What every form that asks for a code has in common."""

    submit_label = "Continue"
    field_shows: ClassVar[dict[str, Shows]] = {"code": Shows(width=10)}
    user: Any

    def dress(self, hint: str) -> None:
        """Say what is wanted, and let telephones offer figures and the code itself."""
        code = self.fields["code"]
        code.label = "Code"
        code.help_text = hint
        code.widget = forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        )
        code.error_messages |= {"required": "Enter the code"}


class CodeForm(_Code, AuthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """At sign-in: the code of an authenticator app, or one of the recovery codes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dress(sample_codes.hint(self.user) or "6 figures, or a recovery code of 8")

    def clean_code(self) -> str:
        """Take the code, once."""
        code: str = super().clean_code()
        codes.spend(self.authenticator, code)
        return code


class ConfirmCodeForm(_Code, ReauthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """Later: the same again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dress(sample_codes.hint(self.user) or "6 figures, or a recovery code of 8")

    def clean_code(self) -> str:
        """Take the code, once."""
        code: str = super().clean_code()
        codes.spend(self.authenticator, code)
        return code


class AppForm(_Code, ActivateTOTPForm):  # type: ignore[misc]  # allauth ships no types
    """Set up an authenticator app: the first code shows that it works."""

    submit_label = "Set up the app"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dress("6 figures")


class PasskeySignInForm(_Answer, LoginWebAuthnForm):  # type: ignore[misc]  # allauth ships no types
    """At sign-in: the passkey alone."""


class PasskeyAfterPasswordForm(_Answer, AuthenticateWebAuthnForm):  # type: ignore[misc]  # the same
    """At sign-in: the passkey after the password."""


class ConfirmPasskeyForm(_Answer, ReauthenticateWebAuthnForm):  # type: ignore[misc]  # the same
    """Later: the passkey again."""

    again = True


class PasskeyForm(GovukFormMixin, SignupWebAuthnForm):  # type: ignore[misc]  # allauth ships no types
    """Set up a passkey: its name, and what the browser made."""

    submit_label = "Set up the passkey"
    options: str = "{}"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = NAME
        self.initial.pop("name", None)
        self.fields["credential"].error_messages |= {
            "required": "Nothing was set up: the browser gave no passkey. Try again",
            "invalid": "Nothing was set up: the browser gave no passkey. Try again",
        }

    def clean(self) -> dict[str, Any] | None:
        """The new passkey. Raises ValidationError for whatever is none."""
        with only_answers():
            cleaned: dict[str, Any] | None = super().clean()
            return cleaned

    def _attributes(self) -> dict[str, Any]:
        return super()._attributes() | {"data-passkey": "create", "data-options": self.options}
