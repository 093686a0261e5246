"""When Part 1 is published, and whether there is a Part 2."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from django import forms

from accounts.models import Duty, DutyKind, User, today
from components.fields import DatePartsField, LongTextField, YesNoField
from components.layout import Shows
from decisions.drafting.forms.base import SubjectForm
from decisions.models import Paper

_DETAILS = ("deferred_until", "deferral_reason", "deferral_owner")


class DeferralForm(SubjectForm):
    """Whether publication is deferred; if so until when, why, and who answers for it."""

    template = "deferral.html"
    deferred = YesNoField(
        label="Is the publication of Part 1 to be deferred?",
        called="whether publication is deferred",
        reveals_yes=_DETAILS,
    )
    deferred_until = DatePartsField(
        label="First day on which it is public",
        called="the first day on which it is public",
        help_text="Keep the time as short as is strictly necessary. For example, 27 3 2027.",
    )
    deferral_reason = LongTextField(
        label="Why it would harm the decision to publish at once",
        called="the reason",
        help_text="The reason is published with the decision.",
        max_length=2000,
        shows=Shows(rows=4),
    )
    deferral_owner = forms.ModelChoiceField(
        label="Who answers for the deferral",
        queryset=User.objects.none(),
        empty_label="Choose a person",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        until = cast(DatePartsField, self.fields["deferred_until"])
        until.min_value = today() + timedelta(days=1)
        answering = Duty.objects.current().filter(kind__in=[DutyKind.OFFICER, DutyKind.SECRETARIAT])
        owner = cast("forms.ModelChoiceField[User]", self.fields["deferral_owner"])
        owner.queryset = User.objects.filter(pk__in=answering.values("person")).order_by("name")

    def values(self, paper: Paper) -> dict[str, Any]:
        """What stands; the officer answers for a deferral until somebody else is named."""
        standing = super().values(paper)
        standing["deferral_owner"] = standing["deferral_owner"] or paper.officer
        return standing

    def write(self, paper: Paper) -> None:
        """A paper that is not deferred has no date, reason or owner of a deferral."""
        deferred = self.cleaned_data["deferred"]
        paper.deferred = deferred
        paper.deferred_until = self.cleaned_data["deferred_until"] if deferred else None
        paper.deferral_reason = self.cleaned_data["deferral_reason"] if deferred else ""
        paper.deferral_owner = self.cleaned_data["deferral_owner"] if deferred else None


class PartTwoQuestionForm(SubjectForm):
    """Whether there is a Part 2 form."""

    template = "part_two_question.html"
    has_part_two = YesNoField(
        label="Is there a Part 2 form?",
        called="whether there is a Part 2 form",
    )
