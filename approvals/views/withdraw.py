"""withdraw: the paper ends without a decision."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from approvals import actions
from approvals.forms.reasons import WithdrawForm
from approvals.views.verb import VerbView
from components.forms import GovukForm


class Withdraw(VerbView):
    """Why, and that it is for good."""

    verb = "withdraw"
    labels = {"reason": "Reason"}

    def form(self, posted: Any = None) -> WithdrawForm:
        """The reason."""
        return WithdrawForm(posted)

    def act(self, form: GovukForm) -> HttpResponse:
        """Withdraw it. Raises Refused."""
        actions.withdraw(
            self.case.paper.pk, by=self.case.person, reason=form.cleaned_data["reason"]
        )
        return self.back(f"{self.case.paper.reference} is withdrawn.")


withdraw = Withdraw.as_view()
