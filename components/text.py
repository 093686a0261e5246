"""Text: one line, many lines, and prose with headings, lists, tables and links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from components.sentences import called
from components.shows import PLAIN, Shows
from decisions.register import prose
from decisions.register.words import capital_first


class TextField(forms.CharField):
    """One line of text, without control, invisible or direction-changing characters."""

    def __init__(self, *, called: str = "", shows: Shows = PLAIN, **kwargs: Any) -> None:
        self.called = called
        self.shows = shows
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """Tidy a line: one space where there were several or a line end."""
        return " ".join(prose.tidy(str(value or "")).split())


class LongTextField(forms.CharField):
    """Several lines of plain text, tidied; line ends count as one character each."""

    widget = forms.Textarea

    def __init__(self, *, called: str = "", shows: Shows = PLAIN, **kwargs: Any) -> None:
        self.called = called
        self.shows = shows
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """Tidy the lines."""
        return prose.tidy(str(value or "")).strip()


class Prose(forms.Textarea):
    """A text box for Markdown, which the editor covers where scripts run.

    The editor starts from `<name>`'s text as HTML, in a template element, and sends what it holds
    as `<name>_html`, and only when something was changed; then that wins over the text box.
    """

    template_name = "govuk/widgets/prose.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """As a text box, with the same text as HTML for the editor."""
        context = super().get_context(name, value, attrs)
        context["widget"]["html"] = prose.to_html(str(value or ""))
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """The Markdown that was typed, or that the editor's HTML says."""
        html = data.get(f"{name}_html") or ""
        return prose.from_html(html) if html else super().value_from_datadict(data, files, name)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Whether the form that was sent had neither."""
        del files
        return name not in data and f"{name}_html" not in data


class ProseField(forms.CharField):
    """Long text with paragraphs, headings, lists, tables and links. Cleaned to Markdown.

    `max_length` is in characters of Markdown. A text that is too long is refused with a sentence
    and kept as it is.
    """

    widget = Prose

    def __init__(
        self,
        *,
        called: str = "",
        shows: Shows | None = None,
        max_length: int = prose.MAX_LENGTH,
        **kwargs: Any,
    ) -> None:
        self.called = called
        self.shows = shows or Shows(rows=12)
        self.longest = max_length
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        """Tidy the text."""
        return prose.tidy(str(value or ""))

    def validate(self, value: str) -> None:
        """Check presence and length."""
        super().validate(value)
        if len(value) > self.longest:
            raise ValidationError(
                f"{capital_first(called(self, 'text'))} must be {self.longest:,} characters or "
                f"fewer. It has {len(value):,}. Move some of it to a supporting document",
                code="too_long",
            )
