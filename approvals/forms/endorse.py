"""endorse: the signature."""

from __future__ import annotations

from approvals.forms.signing import SigningForm


class EndorseForm(SigningForm):
    """The statement, and what proves who signs it."""

    submit_label = "Sign and endorse"
