"""publish: now, or on a day with its reason and its owner."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from approvals import actions
from approvals.forms.publish import PublishForm
from approvals.library import DocumentLost, StoreError
from approvals.views.verb import VerbView
from components.forms import GovukForm
from decisions.register.shelf import PlacementError
from decisions.register.words import long_date


class Publish(VerbView):
    """Exactly what becomes public, and when."""

    verb = "publish"
    labels = {"reason": "Reason for the deferral"}

    def form(self, posted: Any = None) -> PublishForm:
        """When, and for a later day why and who answers for it."""
        return PublishForm(posted, case=self.case)

    def act(self, form: GovukForm) -> HttpResponse:
        """Publish it. Raises Refused."""
        said = form.cleaned_data
        later = said["when"] == "later"
        try:
            publication = actions.publish(
                self.case.paper.pk,
                by=self.case.person,
                until=said["until"] if later else None,
                reason=said["reason"] if later else "",
                owner=said["owner"] if later else None,
            )
        except (PlacementError, DocumentLost, StoreError) as refusal:
            raise actions.Refused(str(refusal)) from refusal
        reference = self.case.paper.reference
        if publication.not_before is None:
            return self.back(f"{reference} is published.")
        day = long_date(publication.not_before)
        return self.back(f"{reference} will be published by itself on {day}.")

    def context(self) -> dict[str, Any]:
        """The edition and its document, as the public will have them."""
        edition = self.case.edition
        assert edition is not None  # noqa: S101 - the table closes the verb before there is one
        return {"edition": edition, "record": edition.record, "publication": self.case.publication}


publish = Publish.as_view()
