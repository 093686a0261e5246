"""About the decision: its title, the board it came through, the power it is taken under."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django import forms

from components.fields import Choice, RadiosField, TextField
from components.forms import GovukForm
from components.layout import Shows
from decisions.drafting.forms.base import SubjectForm
from decisions.models import Forum, Series

TITLE_HINT = "A few words by which the public will know this decision, without its reference."


class TitleForm(SubjectForm):
    """Title, forum and scheme paragraph."""

    title = TextField(label="Title", called="the title", max_length=200, help_text=TITLE_HINT)
    forum = RadiosField(
        label="Which board does the paper come through?",
        choices=[
            Choice(Forum.IAM, Forum.IAM.label, hint="The board advises. It does not decide."),
            Choice(Forum.NONE, Forum.NONE.label, divider_before="or"),
        ],
        required=False,
    )
    scheme_paragraph = TextField(
        label="Paragraph of the scheme of delegation",
        help_text=(
            "The paragraph that gives the office the power to decide this. Business cases of "
            "£500,000 or above are paragraph 4.8."
        ),
        max_length=20,
        required=False,
        shows=Shows(width=5),
    )


class BeginForm(GovukForm):
    """The title of a new paper, and the series that its reference is drawn from."""

    submit_label: ClassVar[str] = "Begin the paper"
    title = TextField(label="Title", called="the title", max_length=200, help_text=TITLE_HINT)
    series = RadiosField(label="Who decides?", called="the office that decides", choices=[])
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        series = list(Series.objects.select_related("office").order_by("code"))
        cast(RadiosField, self.fields["series"]).choices = [
            Choice(
                one.code,
                one.office.title,
                hint=f"The reference will be {one.pattern.format(number=one.next_number)}, unless "
                "somebody begins a paper before you.",
            )
            for one in series
        ]
        if len(series) == 1:
            self.initial.setdefault("series", series[0].code)
