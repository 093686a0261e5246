"""consult: the officer asks one adviser of each kind, all at once."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from approvals import actions
from approvals.forms.consult import ConsultForm
from approvals.views.verb import VerbView
from components.forms import GovukForm


class Consult(VerbView):
    """Who gives which advice; what the checks found stands beside it."""

    verb = "consult"

    def form(self, posted: Any = None) -> ConsultForm:
        """One question for each row of the declaration."""
        return ConsultForm(posted, case=self.case)

    def act(self, form: GovukForm) -> HttpResponse:
        """Ask them. Raises Refused."""
        assert isinstance(form, ConsultForm)  # noqa: S101 - made by form()
        actions.consult(self.case.paper.pk, by=self.case.person, advisers=form.advisers())
        return self.back(f"{self.case.paper.reference} is out for advice.")


consult = Consult.as_view()
