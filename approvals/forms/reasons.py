"""send_back and withdraw: a reason."""

from __future__ import annotations

from collections.abc import Sequence

from components.fields import LongTextField
from components.forms import GovukForm
from components.layout import Button


class SendBackForm(GovukForm):
    """Why the paper goes back to draft."""

    warns_when_left = True
    submit_label = "Send back to draft"

    reason = LongTextField(
        label="Why do you send the paper back?",
        help_text="The originating officer reads this: say what has to change. Never published.",
        called="why you send the paper back",
        max_length=10_000,
    )


class WithdrawForm(GovukForm):
    """Why the paper ends without a decision."""

    warns_when_left = True
    reason = LongTextField(
        label="Why is the paper withdrawn?",
        help_text="It stays with the paper’s history. It is not published.",
        called="why the paper is withdrawn",
        max_length=10_000,
    )

    def buttons(self) -> Sequence[Button]:
        """One button that looks like what it does."""
        return [Button("Withdraw the paper", style="warning")]
