"""What the forms of the two signed acts share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django import forms
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from accounts import sample_codes
from approvals.ceremony import Passkey, PasswordAndCode, Proof
from approvals.ceremony.means import Means
from components.forms import GovukForm
from components.layout import Button, Buttons, Layout
from components.shows import Shows

OPEN_AGAIN = "This form cannot be used. Open the page again; nothing was signed."


class Drawn:
    """A part of the form that a template draws."""

    def __init__(self, template: str, context: Mapping[str, Any]) -> None:
        self.template = template
        self.context = dict(context)

    def render(self, form: Any, context: Any, **kwargs: Any) -> SafeString:
        """Draw it."""
        del form, context, kwargs
        return render_to_string(self.template, self.context)


class HiddenOnce(forms.HiddenInput):
    """A hidden field that is never sent back: what proves who signs serves once."""

    def format_value(self, value: Any) -> None:
        """Nothing."""
        del value


class TypedOnce(forms.TextInput):
    """A text that is never shown again."""

    def format_value(self, value: Any) -> None:
        """Nothing."""
        del value


class SigningForm(GovukForm):
    """The version on the screen, a key of this form's own, and what proves who signs.

    The page's script puts into `passkey` what the passkey returned; where it is empty, password and
    code are asked. `ahead` gives what the templates above them show, with the reader's `means`; it
    is asked only when the form is drawn. `found_right` is told when password and code are right.
    """

    found_right: Callable[[], None] | None = None
    field_shows: ClassVar[dict[str, Shows]] = {"code": Shows(width=10)}

    mark = forms.CharField(widget=forms.HiddenInput, error_messages={"required": OPEN_AGAIN})
    key = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={"required": OPEN_AGAIN, "invalid": OPEN_AGAIN},
    )
    passkey = forms.CharField(widget=HiddenOnce, required=False, strip=False, max_length=20_000)
    password = forms.CharField(
        label="Your password",
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="You are asked again because this is your signature.",
        error_messages={"required": "Enter your password"},
    )
    code = forms.CharField(
        label="Code",
        max_length=20,
        widget=TypedOnce(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "spellcheck": "false",
            }
        ),
        help_text="6 figures, from your authenticator app. A recovery code cannot sign.",
        error_messages={"required": "Enter the code"},
    )

    def __init__(self, *args: Any, ahead: Callable[[], Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ahead = ahead
        if self.data.get("passkey"):
            self.fields["password"].required = self.fields["code"].required = False

    @cached_property
    def ahead(self) -> Mapping[str, Any]:
        """What the templates of the signature show."""
        return self._ahead()

    def proof(self) -> Proof:
        """How the signer proves that it is they who sign; only of a valid form."""
        said = self.cleaned_data
        if said["passkey"]:
            return Passkey(said["passkey"])
        return PasswordAndCode(said["password"], said["code"], self.found_right)

    def layout(self) -> Layout:
        """The statement, then what proves who signs."""
        return Layout(*self.signature())

    def signature(self) -> list[Any]:
        """The statement, the button for a passkey, and beneath it the password and the code."""
        means: Means = self.ahead["means"]
        above = [
            Drawn("approvals/parts/signature_ahead.html", self.ahead),
            Drawn("approvals/parts/sign_with_passkey.html", self.ahead),
        ]
        if not means.code:
            del self.fields["password"], self.fields["code"]
            return [*above, Buttons()]
        hint = sample_codes.hint(self.ahead["reader"])
        if hint:
            self["code"].help_text = hint
        return [
            *above,
            Drawn("approvals/parts/sign_with_code.html", self.ahead),
            "password",
            "code",
            Buttons(Button(self.submit_label, style="secondary" if means.passkey else "primary")),
        ]
