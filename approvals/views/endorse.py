"""endorse: the Chief Executive reads the paper and all advice on it, and signs."""

from __future__ import annotations

from typing import Any

from approvals import actions
from approvals.forms.endorse import EndorseForm
from approvals.models import Act, Signature
from approvals.views.signing import SigningView
from approvals.views.verb import changed
from components.forms import GovukForm
from decisions.wording import ENDORSEMENT


class Endorse(SigningView):
    """The paper on the left, the statement and the password on the right."""

    verb = "endorse"
    signs = Act.ENDORSE

    def form(self, posted: Any = None) -> EndorseForm:
        """The password."""
        statement = ENDORSEMENT.format(office=self.case.paper.office.title)
        return EndorseForm(posted, **self.signing("You sign this statement:", statement))

    def form_again(self, form: GovukForm) -> GovukForm:
        """The form for the version as it is now."""
        again = self.form(changed(form.data, mark=self.version.mark))
        again.full_clean()
        return again

    def sign(self, form: GovukForm) -> Signature:
        """Endorse it. Raises Refused."""
        said = form.cleaned_data
        return actions.endorse(
            self.case.paper.pk,
            by=self.case.person,
            mark=said["mark"],
            password=said["password"],
            key=said["key"],
        )


endorse = Endorse.as_view()
