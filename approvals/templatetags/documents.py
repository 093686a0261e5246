"""Filters of the document templates: money, dates and offices in the words of the register."""

from __future__ import annotations

from django import template

from approvals.documents import check, wording
from decisions.register import words
from decisions.register.record import OUTCOME_WORDS

register = template.Library()
register.filter("pounds", words.pounds)
register.filter("long_date", words.long_date)
register.filter("long_time", words.long_time)
register.filter("capital_first", words.capital_first)
register.filter("signed_as", wording.signed_as)
register.filter("in_groups", check.in_groups)


@register.filter
def outcome_name(outcome: str) -> str:
    """The outcome of one recommendation in words."""
    return OUTCOME_WORDS[outcome]
