"""endorse: the password."""

from __future__ import annotations

from approvals.forms.signing import SigningForm


class EndorseForm(SigningForm):
    """The statement stands beside it; the password signs it."""

    submit_label = "Sign and endorse"
