"""Radios and checkboxes whose options have hints, dividers and fields of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django import forms

from components.shows import PLAIN, Shows


class Choice(tuple[str, str]):  # noqa: SLOT001 - a tuple cannot have slots with values
    """One option: a (value, label) pair, as Django wants it, and what stands beside it.

    `divider_before` is a word on a line of its own above the option ("or"). `reveals` names fields
    of the same form that are drawn inside the option and count only while it is chosen.
    """

    hint: str
    divider_before: str
    reveals: tuple[str, ...]

    def __new__(
        cls,
        value: str,
        label: str,
        hint: str = "",
        divider_before: str = "",
        reveals: str | Sequence[str] = (),
    ) -> Choice:
        """Make an option; `reveals` is one name, several with spaces between, or a sequence."""
        choice = super().__new__(cls, (str(value), str(label)))
        choice.hint = hint
        choice.divider_before = divider_before
        choice.reveals = tuple(reveals.split() if isinstance(reveals, str) else reveals)
        return choice


class OptionsMixin(forms.widgets.ChoiceWidget):
    """What Radios and Checkboxes share: each option knows its Choice."""

    extras: dict[str, Choice]
    shows: Shows = PLAIN
    # Set by the bound field: gives the bound field of that name, for drawing it inside an option.
    sibling: Callable[[str], forms.BoundField] | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.extras = {}

    def reveals(self) -> dict[str, tuple[str, ...]]:
        """Which fields each value reveals."""
        return {value: choice.reveals for value, choice in self.extras.items() if choice.reveals}

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """As Django's, with the look of the whole group."""
        context = super().get_context(name, value, attrs)
        context["widget"]["shows"] = self.shows
        return context

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """As Django's, with hint, divider and revealed fields."""
        option = super().create_option(name, value, *args, **kwargs)
        choice = self.extras.get(str(value))
        if choice:
            option |= {
                "hint": choice.hint,
                "divider": choice.divider_before,
                "revealed": [self.sibling(each) for each in choice.reveals] if self.sibling else [],
            }
        return option


class Radios(OptionsMixin, forms.RadioSelect):
    """Radio buttons."""

    template_name = "govuk/widgets/radios.html"


class Checkboxes(OptionsMixin, forms.CheckboxSelectMultiple):
    """Checkboxes."""

    template_name = "govuk/widgets/checkboxes.html"


class _Choices(forms.ChoiceField):
    """A choice field whose choices may be Choice objects, pairs or plain words."""

    def __init__(
        self,
        *,
        choices: Iterable[Any] = (),
        called: str = "",
        shows: Shows = PLAIN,
        **kwargs: Any,
    ) -> None:
        self.called = called
        self.shows = shows
        super().__init__(choices=choices, **kwargs)

    def __setattr__(self, name: str, value: Any) -> None:
        """Setting `choices` also tells the widget what stands beside each option."""
        if name == "choices" and not callable(value):
            value = list(value)
            if isinstance(self.widget, OptionsMixin):
                self.widget.extras = {each[0]: each for each in value if isinstance(each, Choice)}
        super().__setattr__(name, value)


class RadiosField(_Choices):
    """One of a few, each on its own line. Cleaned to the value, or "" for none."""

    widget = Radios


class SelectField(_Choices):
    """One of many, in a list that opens. Cleaned to the value, or "" for none."""

    widget = forms.Select


class CheckboxesField(_Choices, forms.MultipleChoiceField):
    """Any of a few. Cleaned to the list of values."""

    widget = Checkboxes


class YesNoField(RadiosField):
    """Yes or no, side by side. Cleaned to True, False or None."""

    def __init__(
        self,
        *,
        reveals_yes: str | Sequence[str] = (),
        reveals_no: str | Sequence[str] = (),
        shows: Shows | None = None,
        **kwargs: Any,
    ) -> None:
        yes, no = Choice("yes", "Yes", reveals=reveals_yes), Choice("no", "No", reveals=reveals_no)
        inline = not yes.reveals and not no.reveals
        super().__init__(choices=[yes, no], shows=shows or Shows(inline=inline), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """True and False are shown as the answers they stand for."""
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value

    def clean(self, value: Any) -> Any:
        """Read the answer."""
        return {"yes": True, "no": False}.get(super().clean(self.prepare_value(value)))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the answer is another one."""
        return bool(super().has_changed(self.prepare_value(initial), data))


class ConfirmField(forms.BooleanField):
    """A box to tick. Cleaned to True, or False when it may be left and was."""

    def __init__(
        self, label: str, *, called: str = "", shows: Shows = PLAIN, **kwargs: Any
    ) -> None:
        self.called = called
        self.shows = shows
        kwargs.setdefault("error_messages", {}).setdefault(
            "required", f"Tick the box if you can: {label}"
        )
        super().__init__(label=label, **kwargs)
