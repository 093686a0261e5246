"""publish: when, and for a later day why and who answers for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.forms import ModelChoiceField

from accounts.models import Duty, DutyKind, User, today
from approvals.case import Case
from components.fields import Choice, DatePartsField, LongTextField, RadiosField
from components.forms import GovukForm


class PublishForm(GovukForm):
    """Now, or by itself on a later day."""

    submit_label = "Publish"

    when = RadiosField(
        label="When does the public see it?",
        choices=[
            Choice("now", "Now", hint="The page and the document are public at once."),
            Choice(
                "later",
                "On a later day",
                hint="It becomes public by itself, at midnight at the start of that day.",
                reveals="until reason owner",
            ),
        ],
        error_messages={"required": "Select when the public sees it"},
    )
    until = DatePartsField(
        label="First day on which it is public",
        called="the first day on which it is public",
        help_text="For example, 27 3 2027. Keep a deferral to the shortest length that is needed.",
    )
    reason = LongTextField(
        label="Why is publication deferred?",
        called="why publication is deferred",
        max_length=5_000,
    )
    owner = ModelChoiceField(
        label="Who answers for the deferral?",
        queryset=User.objects.none(),
        empty_label="Select a person",
        error_messages={"required": "Select who answers for the deferral"},
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _as_signed(case))
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, ModelChoiceField)  # noqa: S101 - declared above
        owner.queryset = owners()


def owners() -> Any:
    """Who can answer for a deferral: officers and the secretariat of today, by name."""
    kinds = [DutyKind.OFFICER, DutyKind.HEAD_OF_SERVICE, DutyKind.SECRETARIAT]
    people = Duty.objects.current().filter(kind__in=kinds).values("person")
    return User.objects.filter(pk__in=people).order_by("name", "pk")


def _as_signed(case: Case) -> dict[str, Any]:
    """The deferral that was signed, while its day is still to come; else nothing is chosen.

    A deferral that is set anew needs a fresh reason, so the old one is not offered again.
    """
    publication = case.publication
    signed = case.edition.record.deferral if case.edition else None
    if publication is not None and publication.not_before is not None:
        return {"when": "later", "owner": publication.owner_id}
    if signed is not None and signed.until >= today() + timedelta(days=1):
        return {
            "when": "later",
            "until": signed.until,
            "reason": signed.reason,
            "owner": case.paper.deferral_owner_id,
        }
    return {}
