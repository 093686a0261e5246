"""advise: an adviser reads the paper, and what changed since their own advice, and advises."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect

from approvals import actions
from approvals.forms.advise import AdviseForm
from approvals.models import Advice, Consultation
from approvals.views.given import shown_before
from approvals.views.verb import VerbView, changed
from components.forms import GovukForm
from decisions.drafting.compare import compare
from decisions.models import DeclarationKind, Version
from decisions.part_two import room
from decisions.register.words import long_time


class Advise(VerbView):
    """The paper beside the form; one kind of advice at a time."""

    verb = "advise"
    labels = {"statement": "Statement", "comments": "Comments for colleagues"}

    @property
    def consultation(self) -> Consultation:
        """The advice that this page is about: the one asked for, else the first still owed."""
        wanted = self.request.POST.get("kind") or self.request.GET.get("kind")
        owed = self.case.own_outstanding
        return next((row for row in owed if row.kind == wanted), owed[0])

    @property
    def version(self) -> Version:
        """The version on the screen. A paper out for advice always has one."""
        version = self.case.version
        assert version is not None  # noqa: S101 - the table closes the verb in every other state
        return version

    def form(self, posted: Any = None) -> AdviseForm:
        """Position, the statement for the public, the comments for colleagues."""
        return AdviseForm(
            posted,
            initial={
                "kind": self.consultation.kind,
                "mark": self.version.mark,
                "statement": self._statement(),
            },
        )

    def form_again(self, form: GovukForm) -> GovukForm:
        """What was typed, for the version as it is now."""
        again = self.form(changed(form.data, mark=self.version.mark))
        again.full_clean()
        return again

    def act(self, form: GovukForm) -> HttpResponse:
        """Record the advice. Raises Refused."""
        assert isinstance(form, AdviseForm)  # noqa: S101 - made by form()
        said = form.cleaned_data
        actions.advise(
            self.case.paper.pk,
            by=self.case.person,
            kind=said["kind"],
            mark=said["mark"],
            position=said["position"],
            statement=said["statement"],
            comments=form.comments(),
        )
        kind = DeclarationKind(said["kind"]).label
        answer = self.back(f"Your advice on {self.case.paper.reference} ({kind}) is recorded.")
        if len(self.case.own_outstanding) > 1:
            return redirect("advise", slug=self.case.paper.slug)
        return answer

    def context(self) -> dict[str, Any]:
        """The paper, and what changed since the version that the adviser last saw."""
        seen = self._last_seen
        return {
            "record": self.version.record,
            "consultation": self.consultation,
            "others": [row for row in self.case.own_outstanding if row != self.consultation],
            "since": self._since(),
            "changes": compare(seen.record, self.version.record) if seen else (),
            "part_two_changed": bool(seen and room.changed_between(seen, self.version)),
            "cleared": room.is_cleared(self.case.paper, self.case.person),
        }

    def _since(self) -> str:
        """The heading of what changed: since the own advice, or since the page was opened."""
        earlier = self._earlier
        if earlier is None or self._last_seen != earlier.version:
            return "What changed since you opened this page"
        return f"What changed since your advice of {long_time(earlier.given_at)}"

    @property
    def _earlier(self) -> Advice | None:
        """The adviser's own advice on an earlier version, if they gave any in this round."""
        own = [row for row in self.case.advice if row.consultation_id == self.consultation.pk]
        return own[-1] if own else None

    @cached_property
    def _last_seen(self) -> Version | None:
        """The version that was on the screen when the paper changed, or of the earlier advice."""
        posted = self.request.POST.get("mark", "")
        if posted and posted != self.version.mark:
            return shown_before(self.case, posted)
        return self._earlier.version if self._earlier else None

    def _statement(self) -> str:
        """The words to begin with: the adviser's own, else those of the officer's declaration."""
        if self._earlier:
            return self._earlier.statement
        label = self.consultation.get_kind_display()
        rows = self.version.record.declarations
        return next((row.statement for row in rows if row.label == label), "")


advise = Advise.as_view()
