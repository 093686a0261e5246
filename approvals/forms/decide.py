"""decide: interests, an outcome for each recommendation, and the signature."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from approvals.ceremony import OutcomeGiven
from approvals.forms.signing import SigningForm
from approvals.models import OutcomeKind
from components.fields import Choice, LongTextField, RadiosField, YesNoField
from components.layout import Heading, Layout
from decisions.register.record import Recommendation
from decisions.wording import NO_INTERESTS

# The three outcomes that need words, with how the field that holds them begins.
WORDS: Final[dict[str, str]] = {
    OutcomeKind.APPROVED_WITH_CHANGES: "changed",
    OutcomeKind.NOT_APPROVED: "refused",
    OutcomeKind.DEFERRED: "deferred",
}


class DecideForm(SigningForm):
    """The questions of the decision form, for the recommendations of one version."""

    submit_label = "Sign the decision"
    warns_when_left = True

    has_interest = YesNoField(
        label="Do you have a personal or prejudicial interest in this matter?",
        help_text="Your answer is published with the decision.",
        reveals_yes="interest",
        error_messages={"required": "Select whether you have an interest in this matter"},
    )
    interest = LongTextField(
        label="What is your interest?",
        help_text="As it will be published.",
        called="what your interest is",
        max_length=5_000,
    )

    def __init__(
        self, *args: Any, recommendations: Sequence[Recommendation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.recommendations = recommendations
        for asked in recommendations:
            self._ask(asked)
        self.order_fields(
            [
                "has_interest",
                "interest",
                *(name for asked in recommendations for name in names_of(asked.number)),
                "password",
                "code",
            ]
        )

    def _ask(self, asked: Recommendation) -> None:
        number = asked.number
        outcome, changed, refused, deferred = names_of(number)
        self.fields[outcome] = RadiosField(
            label=f"Recommendation {number}",
            help_text=f"{asked.verb} {asked.text}",
            choices=[
                Choice(OutcomeKind.APPROVED, "Approved"),
                Choice(OutcomeKind.APPROVED_WITH_CHANGES, "Approved with changes", reveals=changed),
                Choice(OutcomeKind.NOT_APPROVED, "Not approved", reveals=refused),
                Choice(OutcomeKind.DEFERRED, "Deferred", reveals=deferred),
            ],
            error_messages={"required": f"Select an outcome for recommendation {number}"},
        )
        self.fields[changed] = LongTextField(
            label=f"Recommendation {number} as you approve it",
            help_text="Change the words below. They are published.",
            called=f"recommendation {number} as you approve it",
            max_length=10_000,
            initial=f"{asked.verb} {asked.text}",
        )
        self.fields[refused] = LongTextField(
            label="Why is it not approved?",
            help_text="As it will be published.",
            called=f"why recommendation {number} is not approved",
            max_length=10_000,
        )
        self.fields[deferred] = LongTextField(
            label="Why is it deferred, and until when?",
            help_text="As it will be published.",
            called=f"why recommendation {number} is deferred",
            max_length=10_000,
        )

    def layout(self) -> Layout:
        """Interests first, then the recommendations in their order, then the signature."""
        return Layout(
            "has_interest",
            Heading("The recommendations"),
            *(names_of(asked.number)[0] for asked in self.recommendations),
            Heading("Your signature"),
            *self.signature(),
        )

    def clean(self) -> dict[str, Any]:
        """Changed words have to differ from what was asked."""
        said = super().clean() or self.cleaned_data
        for asked in self.recommendations:
            outcome, changed, _, _ = names_of(asked.number)
            same = said.get(changed, "").split() == f"{asked.verb} {asked.text}".split()
            if said.get(outcome) == OutcomeKind.APPROVED_WITH_CHANGES and same:
                self.add_error(
                    changed,
                    f"Change the words of recommendation {asked.number}, or select “Approved”.",
                )
        return said

    def interests(self) -> str:
        """The declaration as it is published; only of a valid form."""
        if self.cleaned_data["has_interest"]:
            return str(self.cleaned_data["interest"])
        return NO_INTERESTS

    def outcomes(self) -> list[OutcomeGiven]:
        """The outcome of every recommendation; only of a valid form."""
        given = []
        for asked in self.recommendations:
            kind = self.cleaned_data[names_of(asked.number)[0]]
            words = words_of(asked.number, kind)
            given.append(
                OutcomeGiven(asked.number, kind, self.cleaned_data[words] if words else "")
            )
        return given


def words_of(number: int, kind: str) -> str:
    """The field that holds the words of an outcome, or "" where it needs none."""
    return f"{WORDS[kind]}_{number}" if kind in WORDS else ""


def names_of(number: int) -> tuple[str, str, str, str]:
    """The fields of a recommendation: outcome, changed words, why not approved, why deferred."""
    return (f"outcome_{number}", f"changed_{number}", f"refused_{number}", f"deferred_{number}")
