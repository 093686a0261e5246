"""decide: interests declared, an outcome for every recommendation, signed."""

from __future__ import annotations

from typing import Any

from approvals import actions
from approvals.actions import Refused
from approvals.actions.decide import declared_by_deciding
from approvals.ceremony import Declared
from approvals.forms.decide import DecideForm, names_of, words_of
from approvals.forms.signing import SigningForm
from approvals.models import Act, Signature
from approvals.views.signing import CHALLENGES, SigningView
from approvals.views.verb import changed
from components.forms import GovukForm
from decisions.wording import INTERESTS


class Decide(SigningView):
    """The paper on the left, the decision on the right."""

    verb = "decide"
    signs = Act.DECIDE
    labels = {"interest": "The interest you declared"} | {
        name: f"Recommendation {number}: {what}"
        for number in range(1, 100)
        for name, what in zip(
            names_of(number)[1:],
            ("as you approve it", "why not approved", "why deferred"),
            strict=True,
        )
    }

    def form(self, posted: Any = None) -> DecideForm:
        """Interests, an outcome for each recommendation of the version on the screen, signature."""
        return DecideForm(
            posted,
            recommendations=self.version.record.recommendations,
            **self.signing("You sign your answers and this statement:", INTERESTS),
        )

    def form_again(self, form: GovukForm) -> DecideForm:
        """The form for the version as it is now.

        An outcome that was chosen for a recommendation which now reads otherwise is not carried
        over: it has to be chosen again.
        """
        outcomes = {}
        seen = self._shown_before()
        before = {asked.number: asked for asked in seen.record.recommendations} if seen else {}
        for asked in self.version.record.recommendations:
            if seen and before.get(asked.number) != asked:
                outcomes[f"outcome_{asked.number}"] = ""
        again = self.form(changed(form.data, mark=self.version.mark, **outcomes))
        again.full_clean()
        return again

    def field_of(self, refused: Refused) -> str | None:
        """The words of a recommendation stand in the field that its outcome revealed."""
        name = refused.field or ""
        if name == "interests":
            return "interest"
        if not name.startswith("words_"):
            return name
        number = int(name.removeprefix("words_"))
        return words_of(number, self.request.POST.get(names_of(number)[0], ""))

    def declared(self, form: SigningForm) -> Declared:
        """The statement, the interests and every outcome."""
        assert isinstance(form, DecideForm)  # noqa: S101 - made by form()
        return declared_by_deciding(form.interests(), form.outcomes())

    def sign(self, form: SigningForm) -> Signature:
        """Decide it. Raises Refused."""
        assert isinstance(form, DecideForm)  # noqa: S101 - made by form()
        said = form.cleaned_data
        return actions.decide(
            self.case.paper.pk,
            by=self.case.person,
            mark=said["mark"],
            proof=form.proof(),
            key=said["key"],
            interests=form.interests(),
            outcomes=form.outcomes(),
        )

    def context(self) -> dict[str, Any]:
        """The endorsement before it."""
        return super().context() | {"endorsement": self.case.signature(Act.ENDORSE)}


decide = Decide.as_view()
decide_challenge = Decide.as_view(**CHALLENGES)
