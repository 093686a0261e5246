"""What a form's page is laid out from. All words are escaped; none is read as a template.

django-crispy-forms' own Fieldset, Submit, Button and HTML read their words as Django templates, so
that words which came from a user would run. These do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Literal

from crispy_forms.layout import Layout
from crispy_forms.layout import LayoutObject as CrispyObject
from crispy_forms.utils import render_field
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from components.shows import Shows

__all__ = [
    "Button",
    "ButtonLink",
    "Buttons",
    "Group",
    "Heading",
    "Hint",
    "Layout",
    "Paragraph",
    "Shows",
    "names_in",
]

Style = Literal["primary", "secondary", "warning"]
_STYLES: Final[dict[str, str]] = {
    "primary": "",
    "secondary": "govuk-button--secondary",
    "warning": "govuk-button--warning",
}
Part = Any  # a field's name, one of the objects below, or an object of crispy-forms


class _Words:
    """Words drawn by a template of their own."""

    template: str

    def __init__(self, text: str) -> None:
        self.text = text

    def render(self, form: Any, context: Context, **kwargs: Any) -> SafeString:
        """Draw it."""
        del form, context, kwargs
        return render_to_string(self.template, {"part": self})


class Paragraph(_Words):
    """A paragraph between fields."""

    template = "govuk/layout/paragraph.html"


class Hint(_Words):
    """A paragraph in the quieter grey of hints."""

    template = "govuk/layout/hint.html"


class Heading(_Words):
    """A heading between fields, of level 2."""

    template = "govuk/layout/heading.html"


class Group(CrispyObject):  # type: ignore[misc]  # crispy-forms ships no types
    """Fields that belong together, under a legend that screen readers say with each of them."""

    template = "govuk/layout/group.html"

    def __init__(self, legend: str, *fields: Part, hint: str = "", size: str = "m") -> None:
        self.legend = legend
        self.fields = list(fields)
        self.hint = hint
        self.size = size

    def render(self, form: Any, context: Context, **kwargs: Any) -> SafeString:
        """Draw the fieldset and what is in it."""
        inside = _drawn(self.fields, form, context, **kwargs)
        return render_to_string(self.template, {"part": self, "inside": inside})


class Button:
    """A button that sends the form. A second click straight after the first is ignored."""

    template = "govuk/layout/button.html"

    def __init__(
        self, text: str, *, name: str = "", value: str = "", style: Style = "primary"
    ) -> None:
        self.text = text
        self.name = name
        self.value = value
        self.style_class = _STYLES[style]

    def render(self, form: Any, context: Context, **kwargs: Any) -> SafeString:
        """Draw it."""
        del form, context, kwargs
        return render_to_string(self.template, {"part": self})


class ButtonLink(Button):
    """A link among buttons, such as "Cancel": it goes somewhere and sends nothing."""

    template = "govuk/layout/button_link.html"

    def __init__(self, text: str, url: str) -> None:
        super().__init__(text)
        self.url = url


class Buttons(CrispyObject):  # type: ignore[misc]  # crispy-forms ships no types
    """Buttons in a row."""

    template = "govuk/layout/buttons.html"

    def __init__(self, *buttons: Part) -> None:
        self.fields = list(buttons)

    def render(self, form: Any, context: Context, **kwargs: Any) -> SafeString:
        """Draw the row."""
        inside = _drawn(self.fields, form, context, **kwargs)
        return render_to_string(self.template, {"inside": inside})


def names_in(parts: Any) -> Iterator[str]:
    """The names of the fields that a layout draws, at any depth."""
    for part in parts:
        if isinstance(part, str):
            yield part
        elif isinstance(part, CrispyObject):
            yield from names_in(part.fields)


def has_buttons(parts: Any) -> bool:
    """Whether a layout brings buttons of its own."""
    return any(
        isinstance(part, (Button, Buttons))
        or (isinstance(part, CrispyObject) and has_buttons(part.fields))
        for part in parts
    )


def _drawn(parts: list[Part], form: Any, context: Context, **kwargs: Any) -> SafeString:
    html = "".join(render_field(part, form, context, **kwargs) for part in parts)
    return mark_safe(html)  # noqa: S308 - each part was drawn, escaped, by its own template
