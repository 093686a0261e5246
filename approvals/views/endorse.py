"""endorse: the Chief Executive reads the paper and all advice on it, and signs."""

from __future__ import annotations

from typing import Any

from approvals import actions
from approvals.actions.endorse import declared_by_endorsing
from approvals.ceremony import Declared
from approvals.forms.endorse import EndorseForm
from approvals.forms.signing import SigningForm
from approvals.models import Act, Signature
from approvals.views.signing import CHALLENGES, SigningView
from approvals.views.verb import changed
from components.forms import GovukForm


class Endorse(SigningView):
    """The paper on the left, the statement and the signature on the right."""

    verb = "endorse"
    signs = Act.ENDORSE

    def form(self, posted: Any = None) -> EndorseForm:
        """What proves who signs the statement."""
        statement = declared_by_endorsing(self.case.paper.office).statement
        return EndorseForm(posted, **self.signing("You sign this statement:", statement))

    def form_again(self, form: GovukForm) -> EndorseForm:
        """The form for the version as it is now."""
        again = self.form(changed(form.data, mark=self.version.mark))
        again.full_clean()
        return again

    def declared(self, form: SigningForm) -> Declared:
        """The statement."""
        del form
        return declared_by_endorsing(self.case.paper.office)

    def sign(self, form: SigningForm) -> Signature:
        """Endorse it. Raises Refused."""
        said = form.cleaned_data
        return actions.endorse(
            self.case.paper.pk,
            by=self.case.person,
            mark=said["mark"],
            proof=form.proof(),
            key=said["key"],
        )


endorse = Endorse.as_view()
endorse_challenge = Endorse.as_view(**CHALLENGES)
