"""correct: choose passages, write them anew, and tell the public what changed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from approvals import actions
from approvals.editions import passages_of
from approvals.forms.correct import ChooseForm, CorrectForm, name_of
from approvals.models import Edition
from approvals.views.verb import VerbView
from components.forms import GovukForm


class Correct(VerbView):
    """First which passages, then their new text and the public note."""

    verb = "correct"
    labels = {"note": "What changed, for the public", "text_summary": "Executive summary"} | {
        name_of(str(number)): f"Section {number}" for number in range(1, 100)
    }

    @property
    def edition(self) -> Edition:
        """The edition that is corrected."""
        edition = self.case.edition
        assert edition is not None  # noqa: S101 - the table closes the verb before there is one
        return edition

    @property
    def chosen(self) -> list[str]:
        """The passages that were chosen, of those that there are."""
        asked = self.request.POST.getlist("passage") or self.request.GET.getlist("passage")
        return [key for key in passages_of(self.edition) if key in asked]

    def form(self, posted: Any = None) -> GovukForm:
        """The new texts; before that, which passages."""
        passages = passages_of(self.edition)
        if self.chosen:
            return CorrectForm(posted, passages={key: passages[key] for key in self.chosen})
        asked = self.request.GET if "choose" in self.request.GET else None
        return ChooseForm(asked, passages=passages)

    def act(self, form: GovukForm) -> HttpResponse:
        """Make the next edition and ask for its document. Raises Refused."""
        if not isinstance(form, CorrectForm):
            raise actions.Refused("Choose what you want to correct first.", field="passage")
        edition = actions.correct(
            self.case.paper.pk,
            by=self.case.person,
            note=form.cleaned_data["note"],
            passages=form.passages(),
        )
        return self.back(
            f"Edition {edition.number} of {self.case.paper.reference} is made, and its signed "
            "document is being made. Publish it when you have read it."
        )

    def context(self) -> dict[str, Any]:
        """What stands now."""
        return {"edition": self.edition, "record": self.edition.record, "chosen": self.chosen}


correct = Correct.as_view()
