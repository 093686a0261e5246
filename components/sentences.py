"""The sentences of Django's own fields, in plain English and with the field's name in them.

A field that brings sentences of its own keeps them.
"""

from __future__ import annotations

from typing import Final

from django import forms

from decisions.register.words import capital_first, small_first

_OWN_ARTICLES: Final = {"a", "an", "the", "your", "this", "that", "what", "who", "whether", "how"}
_NUL: Final = "null_characters_not_allowed"


def called(field: forms.Field, name: str) -> str:
    """What a field is called inside a sentence: its `called`, else words made from its label.

    "Title" becomes "the title"; "Who decides?" becomes "an answer to “Who decides?”". A per-cent
    sign would be read as a place to fill in, so it is written as words.
    """
    words = getattr(field, "called", "") or _from_label(str(field.label or name.replace("_", " ")))
    return words.replace("%", " per cent")


def _from_label(label: str) -> str:
    if label.endswith("?"):
        return f"an answer to “{label}”"
    words = small_first(label)
    return words if words.split(" ")[0] in _OWN_ARTICLES else f"the {words}"


def fill(field: forms.Field, name: str) -> None:
    """Give a field our sentence wherever it still has Django's."""
    theirs = _inherited(type(field))
    for code, sentence in _sentences(field, called(field, name)).items():
        if field.error_messages.get(code) is theirs.get(code):
            field.error_messages[code] = sentence


def _inherited(kind: type[forms.Field]) -> dict[str, object]:
    messages: dict[str, object] = {}
    for parent in reversed(kind.__mro__):
        messages.update(getattr(parent, "default_error_messages", {}))
    return messages


def _sentences(field: forms.Field, it: str) -> dict[str, str]:
    its = capital_first(it)
    sentences = {
        "required": f"{_asks(field)} {it}",
        _NUL: f"{its} holds a character that cannot be stored. Type it again",
        "max_length": (f"{its} must be %(limit_value)d characters or fewer. It has %(show_value)d"),
        "min_length": f"{its} must be %(limit_value)d characters or more. It has %(show_value)d",
        "max_value": f"{its} must be %(limit_value)s or less",
        "min_value": f"{its} must be %(limit_value)s or more",
    }
    return sentences | _by_kind(field, it, its)


def _asks(field: forms.Field) -> str:
    if isinstance(field, forms.ChoiceField):
        return "Select"
    if isinstance(field, forms.FileField):
        return "Choose"
    return "Enter"


def _by_kind(field: forms.Field, it: str, its: str) -> dict[str, str]:
    not_there = f"{its} must be one of those listed"
    if isinstance(field, forms.EmailField):
        return {"invalid": f"Enter {it} in the form name@example.com"}
    if isinstance(field, forms.URLField):
        return {"invalid": f"Enter {it} like https://www.example.gov.uk/paper"}
    if isinstance(field, forms.FileField):
        return {
            "invalid": f"{its} was not sent. Choose it again",
            "missing": f"{its} was not sent. Choose it again",
            "empty": f"{its} is empty. Choose another file",
            "max_length": f"The file name of {it} must be %(max)d characters or fewer",
        }
    if isinstance(field, forms.IntegerField) and not isinstance(field, forms.FloatField):
        whole = f"{its} must be a whole number, like 15"
        if isinstance(field, forms.DecimalField):
            whole = f"{its} must be a number, like 7.5"
        return {
            "invalid": whole,
            "max_digits": f"{its} has too many digits",
            "max_decimal_places": f"{its} must have %(max)s decimals or fewer",
            "max_whole_digits": f"{its} has too many digits",
        }
    if isinstance(field, (forms.ChoiceField, forms.ModelChoiceField)):
        return {
            "required": f"Select {it}",
            "invalid_choice": not_there,
            "invalid_list": not_there,
            "invalid_pk_value": not_there,
        }
    return {}
