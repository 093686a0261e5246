"""Filters and tags of staff pages: {% load components %}."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django import template
from django.forms import BaseFormSet
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from components.forms import ErrorLink, GovukFormMixin
from decisions.register import prose as prose_text
from decisions.register import words

register = template.Library()

# The colour of a state says the same everywhere: whose turn it is, or how it ended.
_STATE_COLOURS: Final[dict[str, str]] = {
    "draft": "grey",
    "consultation": "blue",
    "endorsement": "purple",
    "decision": "orange",
    "decided": "green",
    "withdrawn": "red",
    "published": "ink",
    "approved": "green",
    "approved_with_changes": "teal",
    "not_approved": "red",
    "deferred": "yellow",
}


@register.filter
def pounds(amount: Decimal | None) -> str:
    """An amount in pounds: "£947,393"; nothing for no amount."""
    return "" if amount is None else words.pounds(amount)


@register.filter
def millions(amount: Decimal | None) -> str:
    """An amount in millions, where that is exact: "£3.049 million"."""
    return "" if amount is None else words.millions(amount)


@register.filter
def long_date(day: date | None) -> str:
    """A date in full: "23 November 2021"; nothing for no date."""
    return "" if day is None else words.long_date(day)


@register.filter
def short_date(day: date | None) -> str:
    """A date for a narrow column: "23 Nov 2021"."""
    return "" if day is None else words.short_date(day)


@register.filter
def long_time(moment: datetime | None) -> str:
    """A moment in London: "23 November 2021 at 5:05pm"."""
    return "" if moment is None else words.long_time(moment)


@register.filter
def plural(count: int, nouns: str) -> str:
    """A count with its noun: {{ 3|plural:"paper,papers" }} is "3 papers"."""
    one, _, many = nouns.partition(",")
    return words.plural(count, one, many)


@register.filter
def prose(markdown: str) -> SafeString:
    """Stored long text as HTML; a wide table scrolls by itself, by mouse, touch and keyboard."""
    html = str(prose_text.to_html(markdown))
    opened = '<div class="app-scroll" tabindex="0" role="region" aria-label="Table">'
    html = re.sub("<table>", f"{opened}<table>", html)
    html = html.replace("</table>", "</table></div>")
    return mark_safe(html)  # noqa: S308 - sanitised by to_html; the frame round a table is ours


@register.filter
def state_colour(state: str) -> str:
    """The colour of a state's tag."""
    return _STATE_COLOURS.get(str(state), "grey")


@register.simple_tag(takes_context=True)
def error_prefix(context: Context) -> str:
    """ "Error: " for the page's title when a form of the page has errors, else nothing."""
    return "Error: " if _lines(context) else ""


@register.inclusion_tag("components/error_summary.html", takes_context=True)
def error_summary(context: Context) -> dict[str, Any]:
    """The error summary of the page's `form` and `forms`; nothing when there is no error."""
    return {"lines": _lines(context)}


@register.simple_tag(takes_context=True)
def nav_link(context: Context, url_name: str, text: str) -> SafeString:
    """One item of the navigation, marked when the reader is there or below it."""
    url = reverse(url_name)
    path = context["request"].path
    here = path == url
    if not here and not (url != "/" and path.startswith(url)):
        return format_html(
            '<li class="govuk-service-navigation__item">'
            '<a class="govuk-service-navigation__link" href="{}">{}</a></li>',
            url,
            text,
        )
    return format_html(
        '<li class="govuk-service-navigation__item govuk-service-navigation__item--active">'
        '<a class="govuk-service-navigation__link" href="{}" aria-current="{}">'
        '<strong class="govuk-service-navigation__active-fallback">{}</strong></a></li>',
        url,
        "page" if here else "true",
        text,
    )


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: object) -> str:
    """The page's query string with changes: {% query page=3 %} is "?q=fleet&page=3"."""
    asked = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            asked.pop(name, None)
        else:
            asked[name] = str(value)
    return f"?{asked.urlencode()}"


def _lines(context: Context) -> list[ErrorLink]:
    return [line for form in _forms(context) for line in _form_lines(form)]


def _forms(context: Context) -> Iterator[Any]:
    seen: list[Any] = []
    for form in (context.get("form"), *(context.get("forms") or ())):
        if form is not None and not any(form is other for other in seen):
            seen.append(form)
            yield form


def _form_lines(form: Any) -> Iterable[ErrorLink]:
    if isinstance(form, BaseFormSet):
        if form.is_bound:
            yield from (ErrorLink(str(text), "") for text in form.non_form_errors())
            for inner in form.forms:
                yield from _form_lines(inner)
    elif isinstance(form, GovukFormMixin) and form.errors:
        yield from form.error_links()
