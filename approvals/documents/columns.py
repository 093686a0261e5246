"""How wide the columns of a table are, where the typesetter would not find that out well.

Left to itself, it gives nearly all the room to the longest text, and where words may be broken
anywhere it measures every letter of every cell, which takes minutes. So tables with long texts, or
with words that do not fit side by side, have the widths of their columns from here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from bs4 import BeautifulSoup

if TYPE_CHECKING:
    from bs4 import Tag

TableWidth = Literal["", "dense", "wide", "huge"]

# A cell that is only an amount: £1,200.50, 10%, (3.5), £3.049m, with a minus sign or a hyphen.
FIGURE: Final = re.compile(r"^[(\-\u2212]?£?\d[\d,]*(\.\d+)?\s?[%mMkK]?\)?$")
# How many wide letters a line of the page takes, and how many the space between columns costs.
_ROOM: Final[dict[TableWidth, tuple[int, int]]] = {
    "": (66, 2),
    "dense": (80, 2),
    "wide": (130, 2),
    "huge": (250, 1),
}
# Letters up to which a column is not wrapped, beyond which it is not made wider, and beyond which
# a text takes the room of all others.
_SHORT: Final = 12
_ENOUGH: Final = 60
_LONG: Final = 200


def fix_columns(table: Tag, rows: list[list[Tag]], width: TableWidth) -> None:
    """Give a table columns of fixed widths where it has long texts or words that do not fit.

    No word is broken as long as all the longest ones fit side by side, and no amount ever: a table
    of more amounts than fit is left as it is, and refused when it runs off the page.
    """
    if not rows:
        return
    columns = list(zip(*rows, strict=True))
    room, space = _ROOM[width]
    room -= space * len(columns)
    words = [_longest_word(column) for column in columns]
    texts = [_most_text(column) for column in columns]
    figures = [_figure(column) for column in columns]
    fit = sum(words) <= room
    if fit and max(texts) <= _LONG:
        return
    needs = [max(word, min(_SHORT, text)) for word, text in zip(words, texts, strict=True)]
    if sum(needs) > room:
        needs = words if fit else figures
    if sum(needs) > room:
        return
    wants = [max(1, min(_ENOUGH, text) - need) for text, need in zip(texts, needs, strict=True)]
    each = (room - sum(needs)) / sum(wants)
    shares = [need + space + each * want for need, want in zip(needs, wants, strict=True)]
    _set_widths(table, [100 * share / sum(shares) for share in shares])
    table["class"] = "fixed" if fit else "fixed broken"


def _longest_word(column: tuple[Tag, ...]) -> int:
    return max((len(word) for cell in column for word in cell.get_text(" ").split()), default=0)


def _figure(column: tuple[Tag, ...]) -> int:
    """The letters of a column's longest amount, which must stay in one piece."""
    texts = (cell.get_text().strip() for cell in column)
    return max((len(text) for text in texts if FIGURE.match(text)), default=1)


def _most_text(column: tuple[Tag, ...]) -> int:
    return max(len(cell.get_text()) for cell in column)


def _set_widths(table: Tag, percents: list[float]) -> None:
    soup = BeautifulSoup("", "html.parser")
    group = soup.new_tag("colgroup")
    for percent in percents:
        group.append(soup.new_tag("col", attrs={"style": f"width: {percent:.2f}%"}))
    table.insert(0, group)
