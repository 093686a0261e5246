"""How the register's pages write money, dates and sizes, and how they show stored text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import nh3
from django import template
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe

from decisions.register import words
from decisions.register.record import OUTCOME_WORDS

if TYPE_CHECKING:
    from decimal import Decimal

    from decisions.register.record import Block, FundingLine, Record

register = template.Library()

# What the prose of a record may contain. Cleaned again here, although it was cleaned before it was
# signed: the public process trusts no row.
TAGS: Final = {
    *("p", "br", "strong", "em", "a", "h3", "h4", "ul", "ol", "li"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
INLINE: Final = {"br", "strong", "em", "a"}
ATTRIBUTES: Final = {"a": {"href"}, "ol": {"start"}, "th": {"scope"}}
SCHEMES: Final = {"http", "https", "mailto"}
COLOURS: Final = {
    "approved": "govuk-tag--green",
    "approved_with_changes": "govuk-tag--blue",
    "not_approved": "govuk-tag--red",
    "deferred": "govuk-tag--yellow",
}
KINDS: Final = {"capital": "Capital", "revenue": "Revenue", "income": "Income"}
KILOBYTE: Final = 1024
MEGABYTE: Final = 1024 * KILOBYTE

register.filter("pounds", words.pounds)
register.filter("long_date", words.long_date)
register.filter("long_time", words.long_time)
register.filter("capital_first", words.capital_first)


@register.filter
def outcome_words(outcome: str) -> str:
    """An outcome as words: "Approved with changes"."""
    return OUTCOME_WORDS[outcome]


@register.filter
def outcome_colour(outcome: str) -> str:
    """The class of an outcome's tag. The tag's words say the same without colour."""
    return COLOURS.get(outcome, "govuk-tag--grey")


@register.filter
def money_kind(kind: str) -> str:
    """A kind of money as words: "Capital"."""
    return KINDS.get(kind, "")


@register.filter
def percent(amount: Decimal) -> str:
    """A percentage without needless noughts: "10%", "7.5%"."""
    return f"{amount.normalize():f}%"


@register.filter
def line_label(line: FundingLine) -> str:
    """The label of a funding line, with the percentage of a contingency unless it names it."""
    share = percent(line.contingency_percent) if line.contingency_percent else ""
    return f"{line.label} ({share})" if share and share not in line.label else line.label


@register.filter
def file_size(size: int) -> str:
    """The size of a file: "164 KB", "1.2 MB"."""
    if size >= MEGABYTE:
        return f"{size / MEGABYTE:.1f}".removesuffix(".0") + " MB"
    return f"{round(size / KILOBYTE)} KB" if size >= KILOBYTE else f"{size} bytes"


@register.filter
def anchor(number: str) -> str:
    """The name of a numbered paragraph in an address: "p2-3" for 2.3."""
    return f"p{number.replace('.', '-')}"


@register.filter
def block_html(block: Block) -> SafeString:
    """A stored block, cleaned. Of a heading only its words: the page gives it its level."""
    return _clean(block.html, INLINE if block.kind == "heading" else TAGS)


@register.filter
def is_lower_heading(block: Block) -> bool:
    """Whether a heading stands below another heading inside its section."""
    return re.match(r"\s*<h4\b", block.html) is not None


@register.filter
def total_rows(record: Record) -> list[tuple[str, Decimal]]:
    """The totals under the funding table: one line, or one for each kind when there are several."""
    totals = record.totals
    kinds = [
        (f"Total {KINDS[kind].lower()}", getattr(totals, kind))
        for kind in KINDS
        if any(line.kind == kind for line in record.funding)
    ]
    whole = (
        "Total, less income" if any(line.kind == "income" for line in record.funding) else "Total"
    )
    return [*(kinds if len(kinds) > 1 else []), (whole, totals.net)]


@register.filter
def columns_before_amount(lines: tuple[FundingLine, ...]) -> int:
    """How many columns of the funding table stand before the amount."""
    return 2 + sum(lines_have(lines, name) for name in ("financial_year", "source", "vat"))


@register.filter
def is_web_address(address: str) -> bool:
    """Whether an address may be a link. Anything but the web is shown as text."""
    return address.startswith(("https://", "http://"))


@register.filter(needs_autoescape=False)
def linebreaks_body(text: str) -> SafeString:
    """Plain text as paragraphs of the page, escaped; a blank line parts two of them."""
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return format_html_join(
        "",
        '<p class="govuk-body">{}</p>',
        ((mark_safe(escape(part).replace("\n", "<br>")),) for part in paragraphs if part),  # noqa: S308 - escaped in the same expression
    )


@register.filter
def lines_have(lines: tuple[FundingLine, ...], column: str) -> bool:
    """Whether any line of the funding table says something in a column."""
    return any(getattr(line, column) for line in lines)


def _clean(html: str, tags: set[str]) -> SafeString:
    clean = nh3.clean(
        html,
        tags=tags,
        attributes={tag: names for tag, names in ATTRIBUTES.items() if tag in tags},
        url_schemes=SCHEMES,
        link_rel="nofollow noopener",
    )
    return mark_safe(clean)  # noqa: S308 - sanitised on the line above
