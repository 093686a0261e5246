"""One file to add to a paper: what it is called, who may see it, and the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms

from components.fields import Choice, RadiosField, TextField
from components.forms import GovukForm
from components.layout import Button, Layout
from decisions.models import Paper
from decisions.uploads import LARGEST

PUBLIC: Final = "public"
CONFIDENTIAL: Final = "confidential"


class FileForm(GovukForm):
    """The form of one file."""

    title = TextField(
        label="Title",
        called="the title",
        help_text="What readers will see as its name. For example, Business case.",
        max_length=200,
    )
    audience = RadiosField(
        label="Who may see it",
        called="who may see it",
        choices=[],
    )
    file = forms.FileField(
        label="File",
        help_text=f"A PDF, a Word document (.docx) or an Excel workbook (.xlsx) of at most "
        f"{LARGEST // 1024 // 1024} MB, without macros, comments, tracked changes or hidden "
        "sheets.",
        allow_empty_file=True,
        error_messages={
            "required": "Select the file",
            "missing": "Select the file",
            "invalid": "Select the file",
        },
    )

    def __init__(self, *args: Any, paper: Paper, cleared: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            Choice(
                PUBLIC,
                "It may be public",
                hint="Only a PDF. It is published with the decision, without what hides in it, "
                "after a second person has looked at it.",
            )
        ]
        if paper.has_part_two and cleared:
            choices.append(
                Choice(
                    CONFIDENTIAL,
                    "Confidential (Part 2)",
                    hint="Only those who may read Part 2 of this paper can open it. It is never "
                    "published.",
                )
            )
        self.fields["audience"].choices = choices  # type: ignore[attr-defined] # a RadiosField

    def layout(self) -> Layout:
        """In the order of the questions."""
        return Layout("title", "audience", "file")

    def buttons(self) -> Sequence[Button]:
        """One."""
        return (Button("Upload the file"),)
