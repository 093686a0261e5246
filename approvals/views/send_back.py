"""send_back: back to draft, with the reason that the officer will read."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect

from approvals import actions
from approvals.forms.reasons import SendBackForm
from approvals.views.verb import VerbView
from components.forms import GovukForm
from decisions.queries import visible_to


class SendBack(VerbView):
    """Why, and what it undoes."""

    verb = "send_back"
    labels = {"reason": "Reason"}

    def form(self, posted: Any = None) -> SendBackForm:
        """The reason."""
        return SendBackForm(posted)

    def act(self, form: GovukForm) -> HttpResponse:
        """Send it back. Raises Refused. Whoever cannot see drafts goes to their own work."""
        paper = self.case.paper
        actions.send_back(paper.pk, by=self.case.person, reason=form.cleaned_data["reason"])
        answer = self.back(
            f"{paper.reference} is back in draft. {paper.officer.name} sees your reason."
        )
        if visible_to(self.case.person).filter(pk=paper.pk).exists():
            return answer
        return redirect("my_work")


send_back = SendBack.as_view()
