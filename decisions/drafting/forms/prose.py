"""Long text: the executive summary and the sections of Part 1."""

from __future__ import annotations

from typing import Any

from components.fields import ConfirmField, ProseField, TextField
from components.layout import Shows
from decisions.drafting.forms.base import SubjectForm
from decisions.drafting.subjects import MAY_NOT_APPLY, SECTION
from decisions.models import Paper, Section


class SummaryForm(SubjectForm):
    """The executive summary."""

    executive_summary = ProseField(
        label="Executive summary",
        called="the executive summary",
        help_text="Why the decision is needed and what it would do, in a few paragraphs.",
        required=False,
        shows=Shows(rows=12),
    )


class SectionForm(SubjectForm):
    """One section: its heading, its text, and, where the form allows, that it does not apply."""

    template = "section.html"
    heading = TextField(label="Heading", called="the heading", max_length=120)
    body = ProseField(
        label="Text",
        called="the text",
        help_text="Paragraphs are numbered for you, so that they can be cited.",
        required=False,
        shows=Shows(rows=16),
    )
    left_out = ConfirmField(
        "This section does not apply to this decision",
        help_text="It is left out of the paper, and the sections after it move up by one.",
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.code.removeprefix(SECTION) not in MAY_NOT_APPLY:
            del self.fields["left_out"]

    def values(self, paper: Paper) -> dict[str, Any]:
        """The section as it stands."""
        section = self._section(paper)
        return {
            "heading": section.heading,
            "body": section.body,
            "left_out": not section.included,
        }

    def write(self, paper: Paper) -> None:
        """Write the section; a text that is left out is kept all the same."""
        section = self._section(paper)
        section.heading = self.cleaned_data["heading"]
        section.body = self.cleaned_data["body"]
        section.included = not self.cleaned_data.get("left_out", False)
        section.save(update_fields=["heading", "body", "included"])

    def _section(self, paper: Paper) -> Section:
        return paper.sections.get(kind=self.code.removeprefix(SECTION))
