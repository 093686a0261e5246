"""The base of every form of the staff side.

    class TitleForm(GovukForm):
        title = TextField(label="Title", max_length=200)

In the page: {% load crispy_forms_tags %}{% crispy form %}. The error summary above the page's
heading and "Error: " in its title come by themselves when the context has the form as `form`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, NamedTuple

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ImproperlyConfigured
from django.utils.functional import cached_property

from components.bound import GovukBoundField
from components.layout import Button, Buttons, Layout, Shows, has_buttons, names_in
from components.options import OptionsMixin, YesNoField


class ErrorLink(NamedTuple):
    """One line of the error summary; `href` is "" when no one control is to blame."""

    text: str
    href: str


class GovukFormMixin(forms.BaseForm):
    """Turns any Django form into a GOV.UK form. Goes before the form class it is mixed into."""

    bound_field_class: type[forms.BoundField] | None = GovukBoundField
    use_required_attribute = False
    submit_label: ClassVar[str] = "Save and continue"
    action: str = ""
    form_method: ClassVar[str] = "post"
    warns_when_left: ClassVar[bool] = False
    field_shows: ClassVar[dict[str, Shows]] = {}

    def buttons(self) -> Sequence[Button]:
        """The buttons below the fields."""
        return (Button(self.submit_label),)

    def layout(self) -> Layout:
        """The fields in their order. Hidden fields are drawn without being named."""
        return Layout(*self._drawable())

    @cached_property
    def helper(self) -> FormHelper:
        """What {% crispy form %} draws by. Raises ImproperlyConfigured for a forgotten field."""
        layout = self.layout()
        forgotten = set(self._drawable()) - set(names_in(layout.fields))
        if forgotten:
            raise ImproperlyConfigured(
                f"The layout of {type(self).__name__} draws no {', '.join(sorted(forgotten))}."
            )
        if not has_buttons(layout.fields):
            layout.fields.append(Buttons(*self.buttons()))
        helper = FormHelper()
        helper.layout = layout
        helper.form_method = self.form_method
        helper.form_action = self.action
        helper.render_hidden_fields = True
        helper.attrs = self._attributes()
        return helper

    def error_links(self) -> list[ErrorLink]:
        """The lines of the error summary, in the order of the fields on the page."""
        lines = [ErrorLink(str(text), "") for text in self.errors.get(NON_FIELD_ERRORS, ())]
        for name in self._in_page_order():
            target = self._bound(name).target
            href = f"#{target}" if target else ""
            lines.extend(ErrorLink(str(text), href) for text in self.errors.get(name, ()))
        return lines

    def clean(self) -> dict[str, Any] | None:
        """Forget what stands in fields that the chosen options do not show."""
        cleaned = super().clean()
        for name in self._concealed():
            self.errors.pop(name, None)
            self.cleaned_data[name] = _nothing(self.fields[name])
        return cleaned

    def _bound(self, name: str) -> GovukBoundField:
        bound = self[name]
        assert isinstance(bound, GovukBoundField)  # noqa: S101 - fields are bound by this class
        return bound

    def _attributes(self) -> dict[str, Any]:
        attributes: dict[str, Any] = {"novalidate": True}
        if self.is_multipart():
            attributes["enctype"] = "multipart/form-data"
        if self.warns_when_left:
            attributes["data-warns-when-left"] = True
        return attributes

    def _drawable(self) -> list[str]:
        revealed = self._revealed()
        return [
            name
            for name, field in self.fields.items()
            if not field.widget.is_hidden and name not in revealed
        ]

    def _in_page_order(self) -> Iterator[str]:
        """Names as they stand on the page; a revealed field after the options that reveal it."""
        drawn = [name for name in names_in(self.helper.layout.fields) if name in self.fields]
        rest = [name for name in self.fields if name not in drawn]
        for name in drawn:
            yield name
            for inner in self._reveals(name):
                if inner in rest:
                    rest.remove(inner)
                    yield inner
        yield from rest

    def _reveals(self, name: str) -> Iterator[str]:
        widget = self.fields[name].widget
        if isinstance(widget, OptionsMixin):
            for names in widget.reveals().values():
                yield from names

    def _revealed(self) -> set[str]:
        return {inner for name in self.fields for inner in self._reveals(name)}

    def _concealed(self) -> set[str]:
        """The fields whose option is not chosen, and what those would reveal in their turn."""
        shown: set[str] = set()
        for name, field in self.fields.items():
            if isinstance(field.widget, OptionsMixin):
                chosen = {str(value) for value in field.widget.format_value(self[name].data)}
                for value, names in field.widget.reveals().items():
                    if value in chosen:
                        shown.update(names)
        concealed = self._revealed() - shown
        waiting = list(concealed)
        while waiting:
            inner = set(self._reveals(waiting.pop())) - concealed
            concealed |= inner
            waiting.extend(inner)
        return concealed


class GovukForm(GovukFormMixin, forms.Form):
    """A form."""


def _nothing(field: forms.Field) -> Any:
    """What a field's cleaned value is when nothing is there."""
    if isinstance(field, forms.MultipleChoiceField):
        return []
    if isinstance(field, (YesNoField, forms.ModelChoiceField)):
        return None
    if isinstance(field, (forms.CharField, forms.ChoiceField)):
        return ""
    return False if isinstance(field, forms.BooleanField) else None
