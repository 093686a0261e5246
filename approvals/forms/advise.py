"""advise: a position, what is published, and what only colleagues read."""

from __future__ import annotations

from django import forms

from approvals.models import Position
from components.fields import Choice, LongTextField, RadiosField
from components.forms import GovukForm


class AdviseForm(GovukForm):
    """One adviser's advice on the version on the screen."""

    submit_label = "Give this advice"
    warns_when_left = True

    kind = forms.CharField(widget=forms.HiddenInput)
    mark = forms.CharField(widget=forms.HiddenInput)
    statement = LongTextField(
        label="Statement",
        help_text="This is published with the paper, under your name and today’s date.",
        called="the statement that is published",
        max_length=5_000,
    )
    position = RadiosField(
        label="Where do you stand?",
        help_text="Colleagues see this. It is not published.",
        choices=[
            Choice(Position.CONTENT, "Content"),
            Choice(
                Position.CONTENT_WITH_COMMENTS, "Content, with comments", reveals="comments_content"
            ),
            Choice(
                Position.NOT_CONTENT,
                "Not content",
                reveals="comments_not_content",
                hint="The paper can still go forward. The Chief Executive and the decision maker "
                "see this first.",
            ),
        ],
        error_messages={"required": "Select where you stand"},
    )
    comments_content = LongTextField(
        label="Your comments",
        help_text="For colleagues who work on this paper. Never published.",
        called="your comments",
        max_length=20_000,
    )
    comments_not_content = LongTextField(
        label="Why you are not content",
        help_text="For colleagues who work on this paper. Never published.",
        called="why you are not content",
        max_length=20_000,
    )

    def comments(self) -> str:
        """The comments that belong to the chosen position; only of a valid form."""
        said = self.cleaned_data
        fields = {
            Position.CONTENT_WITH_COMMENTS.value: "comments_content",
            Position.NOT_CONTENT.value: "comments_not_content",
        }
        return str(said[fields[said["position"]]]) if said["position"] in fields else ""
