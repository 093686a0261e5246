"""Turn blocks of the record into HTML that prints well and can do nothing.

The record's HTML was sanitised when it was written. It is sanitised again here, with a shorter
list, because a sealed document must not depend on what another room let in: no attribute but a
link's address survives, and no address but an absolute one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import nh3
from bs4 import BeautifulSoup, Tag
from django.utils.safestring import SafeString, mark_safe

from approvals.documents.columns import FIGURE, TableWidth, fix_columns

if TYPE_CHECKING:
    from collections.abc import Iterable

    from decisions.register.record import Block

_TEXT_TAGS: Final = {"a", "b", "br", "code", "del", "em", "i", "s", "strong", "sub", "sup", "u"}
_BLOCK_TAGS: Final = {"blockquote", "h3", "h4", "h5", "li", "ol", "p", "ul"}
_TABLE_TAGS: Final = {"table", "tbody", "td", "tfoot", "th", "thead", "tr"}
_ATTRIBUTES: Final = {"a": {"href"}, "ol": {"start"}}
_SCHEMES: Final = {"http", "https", "mailto"}
# Letters in a cell beyond which its row may be taller than a page, and must be let run over.
_TALL: Final = 300
_CONTENT_DROPPED: Final = {"script", "style", "template", "noscript", "title", "textarea"}


@dataclass(frozen=True)
class Printed:
    """A block as the template prints it. `width` says how much room a table wants."""

    kind: str
    number: str
    html: SafeString
    width: TableWidth = ""


def printed(blocks: Iterable[Block], *, under: int) -> tuple[Printed, ...]:
    """The blocks ready to print below a heading of level `under` (1 to 4)."""
    level = under
    result = []
    for block in blocks:
        soup = BeautifulSoup(clean(block.html), "html.parser")
        if block.kind == "heading":
            level = _shift_heading(soup, under=under, previous=level)
        _mark_lists(soup)
        widths = [_prepare_table(table) for table in soup.find_all("table")]
        result.append(
            Printed(
                kind=block.kind,
                number=block.number,
                html=mark_safe(str(soup)),  # noqa: S308 - cleaned above, then changed by us only
                width=max(widths, key=("", "dense", "wide", "huge").index, default=""),
            )
        )
    return tuple(result)


def clean(html: str) -> str:
    """Only text, structure and absolute links: nothing that loads, runs, hides or is an anchor."""
    return nh3.clean(
        html,
        tags=_TEXT_TAGS | _BLOCK_TAGS | _TABLE_TAGS,
        clean_content_tags=_CONTENT_DROPPED,
        attributes=_ATTRIBUTES,
        attribute_filter=_only_absolute,
        url_schemes=_SCHEMES,
        link_rel=None,
    )


def absolute(address: str) -> bool:
    """Whether an address can be followed from any reader: a relative one would name our disk."""
    return address.strip().lower().startswith(("http://", "https://", "mailto:"))


def _only_absolute(tag: str, attribute: str, value: str) -> str | None:
    """Keep links that lead somewhere, and whole numbers as the start of a list."""
    if tag == "a" and attribute == "href":
        return value if absolute(value) else None
    return value if value.isdecimal() and len(value) < 6 else None


def _shift_heading(soup: BeautifulSoup, *, under: int, previous: int) -> int:
    """Put headings below the section's own, one step down at a time. Returns the last level."""
    for heading in soup.find_all(["h3", "h4", "h5"]):
        wanted = under + int(heading.name[1]) - 2
        previous = min(wanted, max(previous, under) + 1, 6)
        heading.name = f"h{previous}"
    return previous


def _mark_lists(soup: BeautifulSoup) -> None:
    """Write each list's markers as text: the typesetter's own are painted out of reading order."""
    for items in soup.find_all(["ul", "ol"]):
        count = int(str(items.get("start") or "1")) if items.name == "ol" else 0
        del items["start"]
        for at, item in enumerate(items.find_all("li", recursive=False)):
            label = soup.new_tag("span", attrs={"class": "marker"})
            label.string = f"{count + at}. " if items.name == "ol" else "• "
            first = next((child for child in item.children if str(child).strip()), None)
            (first if isinstance(first, Tag) and first.name == "p" else item).insert(0, label)


def _prepare_table(table: Tag) -> TableWidth:
    """Even rows, scoped headers, amounts to the right. Returns how much room the table wants."""
    rows = [list(row.find_all(["td", "th"], recursive=False)) for row in table.find_all("tr")]
    columns = max((len(row) for row in rows), default=0)
    _fill_up(table, rows, columns)
    _scope(rows)
    for row, cells in zip(table.find_all("tr"), rows, strict=True):
        if any(len(cell.get_text()) > _TALL for cell in cells):
            row["class"] = "tall"
    _align_figures(rows, columns)
    width = _width(columns)
    fix_columns(table, rows, width)
    return width


def _fill_up(table: Tag, rows: list[list[Tag]], columns: int) -> None:
    """Give every row as many cells as the longest has."""
    soup = BeautifulSoup("", "html.parser")
    for row, cells in zip(table.find_all("tr"), rows, strict=True):
        for _ in range(columns - len(cells)):
            cell = soup.new_tag("td")
            row.append(cell)
            cells.append(cell)


def _scope(rows: list[list[Tag]]) -> None:
    """Say of each header whether it heads a column or a row."""
    for cells in rows:
        only_headers = all(cell.name == "th" for cell in cells)
        for cell in cells:
            if cell.name == "th":
                over = only_headers or cell.find_parent("thead")
                cell["scope"] = "col" if over else "row"


def _width(columns: int) -> TableWidth:
    """How much room a table of so many columns wants."""
    if columns > 14:
        return "huge"
    if columns > 9:
        return "wide"
    return "dense" if columns > 5 else ""


def _align_figures(rows: list[list[Tag]], columns: int) -> None:
    """Set columns that hold nothing but amounts against the right."""
    for at in range(columns):
        body = [row[at] for row in rows if row[at].name == "td"]
        texts = [cell.get_text().strip() for cell in body]
        filled = [text for text in texts if text]
        if filled and all(FIGURE.match(text) for text in filled):
            for row in rows:
                row[at]["class"] = "figure"
