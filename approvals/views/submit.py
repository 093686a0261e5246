"""submit: the paper, as advised on, goes to the Chief Executive."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from approvals import actions
from approvals.forms.submit import SubmitForm
from approvals.views.given import asked
from approvals.views.verb import VerbView
from components.forms import GovukForm


class Submit(VerbView):
    """All the advice once more, and one button."""

    verb = "submit"

    def form(self, posted: Any = None) -> SubmitForm:
        """Nothing to fill in."""
        return SubmitForm(posted)

    def act(self, form: GovukForm) -> HttpResponse:
        """Submit it. Raises Refused."""
        actions.submit(self.case.paper.pk, by=self.case.person)
        return self.back(f"{self.case.paper.reference} is with the Chief Executive.")

    def context(self) -> dict[str, Any]:
        """The advice that goes with it."""
        return {"asked": asked(self.case)}


submit = Submit.as_view()
