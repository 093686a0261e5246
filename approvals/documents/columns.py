"""How wide the columns of a table are, where its text does not fit on single lines.

Left to itself, the typesetter gives nearly all the room to the longest text; and as words may be
broken anywhere, it would measure every letter of every cell, which takes minutes. So the columns
of a table that has to wrap have their widths from here.
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
# Letters up to which a column is not wrapped, and beyond which more text does not make it wider.
_SHORT: Final = 12
_ENOUGH: Final = 60


def fix_columns(table: Tag, rows: list[list[Tag]], width: TableWidth) -> None:
    """Give a table columns of fixed widths where its text does not fit on single lines.

    No word is broken as long as all the longest ones fit side by side, and no amount ever: a table
    of more amounts than fit is left as it is, and refused when it runs off the page.
    """
    if not rows:
        return
    columns = list(zip(*rows, strict=True))
    room, space = _ROOM[width]
    room -= space * len(columns)
    texts = [_most_text(column) for column in columns]
    if sum(texts) <= room:
        return
    figures = [_figure(column) for column in columns]
    needs = [
        max(figure, _longest_word(column), min(_SHORT, text))
        for column, figure, text in zip(columns, figures, texts, strict=True)
    ]
    if sum(needs) > room:
        needs = figures
    if sum(needs) > room:
        return
    wants = [max(1, min(_ENOUGH, text) - need) for text, need in zip(texts, needs, strict=True)]
    each = (room - sum(needs)) / sum(wants)
    shares = [need + space + each * want for need, want in zip(needs, wants, strict=True)]
    _set_widths(table, [100 * share / sum(shares) for share in shares])


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
    table["class"] = "fixed"
