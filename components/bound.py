"""A field on a form: its classes, its descriptions, and the control that an error link must hit."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from components import sentences
from components.dates import DateParts, wrong_boxes
from components.options import Checkboxes, OptionsMixin, Radios
from components.shows import PLAIN, Shows
from components.text import Prose

_CLASSES: Final[tuple[tuple[type[forms.Widget], str], ...]] = (
    (forms.FileInput, "govuk-file-upload"),
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (forms.Textarea, "govuk-textarea"),
    (forms.Select, "govuk-select"),
    (forms.widgets.Input, "govuk-input"),
)


class GovukBoundField(forms.BoundField):
    """A bound field that draws itself as the GOV.UK Design System does."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        sentences.fill(field, name)
        field.widget = _dressed(field)
        super().__init__(form, field, name)
        widget = field.widget
        if isinstance(widget, OptionsMixin):
            widget.shows = self.shows
            widget.sibling = form.__getitem__

    @property
    def shows(self) -> Shows:
        """How the field looks: what the form says, else what the field says."""
        of_form = getattr(self.form, "field_shows", {})
        look = of_form.get(self.name) or getattr(self.field, "shows", None)
        return look if isinstance(look, Shows) else PLAIN

    @property
    def is_tick(self) -> bool:
        """Whether this is a single box to tick, whose label stands beside it."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def is_prose(self) -> bool:
        """Whether the editor may cover this field."""
        return isinstance(self.field.widget, Prose)

    @property
    def needs_group_role(self) -> bool:
        """Whether the fieldset needs a role: some screen readers skip its hint over text boxes."""
        return isinstance(self.field.widget, DateParts)

    @property
    def longest(self) -> int | None:
        """The greatest length, if the field counts down to it on the screen."""
        limit = getattr(self.field, "max_length", None)
        return limit if self.shows.count else None

    @property
    def target(self) -> str:
        """The id of the control that an error link leads to: the first option, the wrong box."""
        widget = self.field.widget
        if self.is_hidden or not self.auto_id:
            return ""
        if isinstance(widget, DateParts):
            return f"{self.auto_id}_{self._wrong_boxes()[0]}"
        if isinstance(widget, OptionsMixin):
            return widget.id_for_label(self.auto_id, "0") if widget.choices else ""
        return self.id_for_label or self.auto_id

    @property
    def aria_describedby(self) -> str | None:
        """Hint and error, as Django has it, and the count of characters left."""
        described = super().aria_describedby
        if described is None or self.longest is None:
            return described
        return f"{described} {self.auto_id}-info".strip()

    def as_widget(
        self,
        widget: forms.Widget | None = None,
        attrs: dict[str, Any] | None = None,
        only_initial: bool = False,  # noqa: FBT001, FBT002 - the shape is Django's
    ) -> Any:
        """Draw the control; a date marks the boxes that are wrong."""
        if isinstance(self.field.widget, DateParts):
            self.field.widget.wrong = frozenset(self._wrong_boxes() if self.errors else ())
        return super().as_widget(widget, attrs, only_initial)

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:
        """Classes and look; no length limit that cuts a pasted text off without a word."""
        control = widget or self.field.widget
        built = super().build_widget_attrs(attrs, widget)
        if control.is_hidden:
            return built
        if isinstance(control, (OptionsMixin, DateParts)):
            # The fieldset is described; aria-invalid is not for radio buttons or groups.
            built.pop("aria-invalid", None)
            return built
        look = self.shows
        built["class"] = self._classes(control)
        if look.autocomplete:
            built["autocomplete"] = look.autocomplete
        elif isinstance(control, forms.PasswordInput):
            built.setdefault("autocomplete", "current-password")
        if look.inputmode:
            built["inputmode"] = look.inputmode
        if look.spellcheck is not None:
            built["spellcheck"] = "true" if look.spellcheck else "false"
        if isinstance(control, forms.Textarea):
            built["rows"] = str(look.rows)
            built["cols"] = False
        return built

    def _classes(self, control: forms.Widget) -> str:
        base = next((name for kind, name in _CLASSES if isinstance(control, kind)), "")
        classes = [base, str(control.attrs.get("class", ""))]
        if self.errors and base and not self.is_tick:
            classes.append(f"{base}--error")
        if base == "govuk-input":
            classes.append(self.shows.width_class)
        if self.longest is not None:
            classes.append("govuk-js-character-count")
        return " ".join(name for name in classes if name)

    def _wrong_boxes(self) -> tuple[str, ...]:
        return wrong_boxes(self.errors.as_data() if self.errors else ())


def _dressed(field: forms.Field) -> forms.Widget:
    """The widget to draw: Django's own, without what only Django's own drawing needs."""
    widget: forms.Widget = field.widget
    for unwanted in ("maxlength", "minlength", "placeholder", "min", "max", "step", "required"):
        widget.attrs.pop(unwanted, None)
    if isinstance(field, forms.FileField) and isinstance(widget, forms.ClearableFileInput):
        return forms.FileInput(widget.attrs)
    if isinstance(widget, forms.NumberInput):
        exact = isinstance(field, (forms.DecimalField, forms.FloatField))
        return forms.TextInput({"inputmode": "decimal" if exact else "numeric", **widget.attrs})
    if type(widget) is forms.RadioSelect:
        return _options(Radios(widget.attrs), widget)
    if type(widget) is forms.CheckboxSelectMultiple:
        return _options(Checkboxes(widget.attrs), widget)
    return widget


def _options(ours: OptionsMixin, theirs: forms.widgets.ChoiceWidget) -> OptionsMixin:
    ours.choices = theirs.choices
    return ours
