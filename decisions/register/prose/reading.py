"""HTML to tree: what the editor sends, and what word processors put on the clipboard.

The sanitiser (nh3) goes first and leaves well-formed HTML of a few elements; what follows reads
structure only. Text that a reader of the source could not see is not kept: hidden text, deletions
of tracked changes, margin comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import nh3

from decisions.register.prose import tree as trees
from decisions.register.prose import word
from decisions.register.prose.links import address
from decisions.register.prose.nodes import Node, root
from decisions.register.prose.tree import (
    Block,
    Heading,
    Inline,
    Listing,
    Paragraph,
    Run,
    Table,
    Tree,
)

_HEADINGS: Final = {"h1": 3, "h2": 3, "h3": 3, "h4": 4, "h5": 4, "h6": 4}
_STRUCK_OUT: Final = {"del", "s", "strike"}
_BLOCKS: Final = {
    *("p", "div", "blockquote", "pre", "section", "article", "header", "footer", "main", "aside"),
    *("dl", "dt", "dd", "address", "figure", "figcaption", "caption", "hr"),
}
_INLINE: Final = {"a", "strong", "b", "em", "i", "span", "sup", "sub", "br"}
_TABLES: Final = {"table", "thead", "tbody", "tfoot", "tr", "th", "td"}
_LISTS: Final = {"ul", "ol", "li"}
_TAGS: Final = {*_HEADINGS, *_STRUCK_OUT, *_BLOCKS, *_INLINE, *_TABLES, *_LISTS}
# These go with all they hold; every other element goes and leaves its words.
_DROPPED: Final = {
    *("script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math", "xml"),
    *("textarea", "select", "button", "video", "audio", "canvas", "map", "applet", "noembed"),
}
_ATTRIBUTES: Final = {
    "*": {"style"},
    "a": {"href"},
    "ol": {"start"},
    "th": {"colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
}
_STYLES: Final = {
    *("display", "visibility", "font-weight", "font-style"),
    *("mso-list", "mso-element", "mso-hide", "mso-special-character"),
}
# No word processor nests deeper; the sanitiser needs quadratic time for what does.
_DEEPEST: Final = 250
_ELEMENT: Final = re.compile(r"<(/?)([a-z][a-z0-9]*+)[^>]*+>", re.IGNORECASE)
_NO_DEPTH: Final = {
    *("br", "hr", "img", "col", "meta", "link", "input", "wbr", "area", "base", "embed", "source"),
    *("p", "li", "dt", "dd", "tr", "td", "th"),  # they close one another
}
_MOST_COLUMNS: Final = 60
_MOST_SPAN: Final = 500
_RAISED: Final = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")
_LOWERED: Final = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")


def read(html: str) -> Tree:
    """Read any HTML, however broken, into a tree in normal form. Never raises."""
    clean = nh3.clean(
        html if _shallow(html) else _ELEMENT.sub(" ", html),
        tags=_TAGS,
        clean_content_tags=_DROPPED,
        attributes=_ATTRIBUTES,
        filter_style_properties=_STYLES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    return trees.tree(_Reader().read(root(clean)))


def _shallow(html: str) -> bool:
    """Whether elements nest no deeper than a document does."""
    depth = 0
    for closing, tag in _ELEMENT.findall(html):
        if tag.lower() not in _NO_DEPTH:
            depth = max(0, depth - 1) if closing else depth + 1
            if depth > _DEEPEST:
                return False
    return True


class _Reader:
    """Collects blocks. Inline text gathers as a paragraph until a block begins or ends."""

    def __init__(self) -> None:
        self._blocks: list[Block | word.Item] = []
        self._runs: list[Run] = []

    def read(self, node: Node) -> Tree:
        """The blocks inside an element."""
        self._children(node, Run(""))
        self._flush()
        return word.lists(self._blocks)

    def _children(self, node: Node, marks: Run) -> None:
        for child in node.children:
            if isinstance(child, str):
                self._runs.append(marks.saying(child.replace("\n", " ")))
            elif not _hidden(child):
                self._element(child, marks)

    def _element(self, node: Node, marks: Run) -> None:
        tag = node.tag
        if tag == "br":
            self._runs.append(marks.saying("\n"))
        elif tag in {"sup", "sub"}:
            self._runs.append(marks.saying(_small(node)))
        elif tag in _INLINE:
            self._children(node, _marked(node, marks))
        elif tag in {"ul", "ol"}:
            self._add(_listing(node))
        elif tag == "table":
            self._table(node)
        elif tag in _HEADINGS:
            runs = trees.inline(_runs(node), one_line=True, plain_weight=True)
            self._add(Heading(_HEADINGS[tag], runs))
        else:
            self._paragraph(node, marks)

    def _paragraph(self, node: Node, marks: Run) -> None:
        self._flush()
        shown = word.marker(node)
        if shown is None:
            self._children(node, _marked(node, marks))
            self._flush()
        else:
            self._blocks.append(word.item(node, shown, trees.inline(_runs(node))))

    def _table(self, node: Node) -> None:
        rows, captions = _rows(node)
        for caption in captions:
            self._add(Paragraph(trees.inline(_runs(caption))))
        if len(rows) == 1 and len(rows[0]) == 1:  # a frame for layout, as in e-mail
            for block in _Reader().read(rows[0][0]):
                self._add(block)
        else:
            self._add(_table(rows))

    def _add(self, block: Block) -> None:
        self._flush()
        self._blocks.append(block)

    def _flush(self) -> None:
        """Close the paragraph that has gathered. Two line breaks in a row part two paragraphs."""
        if not self._runs:
            return
        part: list[Run] = []
        for run in (*self._runs, Run("\n"), Run("\n")):
            if run.text != "\n" or not part or not _ends_line(part):
                part.append(run)
                continue
            if inline := trees.inline(part):
                self._blocks.append(Paragraph(inline))
            part = []
        self._runs = []


def _ends_line(runs: list[Run]) -> bool:
    for run in reversed(runs):
        if run.text == "\n":
            return True
        if run.text.strip():
            return False
    return False


def _hidden(node: Node) -> bool:
    style = node.style
    return (
        node.tag in _STRUCK_OUT
        or style.get("display") == "none"
        or style.get("visibility") == "hidden"
        or style.get("mso-hide") == "all"
        or style.get("mso-special-character") == "comment"
        or style.get("mso-element", "").startswith("comment")
        or word.is_marker(node)
    )


def _marked(node: Node, marks: Run) -> Run:
    style = node.style
    weight, slant = style.get("font-weight", ""), style.get("font-style", "")
    strong = node.tag in {"b", "strong"} or weight in {"bold", "bolder", "600", "700", "800", "900"}
    em = node.tag in {"i", "em"} or slant in {"italic", "oblique"}
    if weight in {"normal", "400"}:  # a document wrapped whole in <b style="font-weight:normal">
        strong = False
    if slant == "normal":
        em = False
    href = address(node.attributes.get("href", "")) if node.tag == "a" else ""
    return Run("", marks.strong or strong, marks.em or em, href or marks.href)


def _runs(node: Node) -> list[Run]:
    """All the inline text of an element as one line of runs, blocks inside it parted by a space."""
    return list(_inline(node, Run("")))


def _inline(node: Node, marks: Run) -> Iterator[Run]:
    for child in node.children:
        if isinstance(child, str):
            yield marks.saying(child.replace("\n", " "))
        elif child.tag == "br":
            yield marks.saying("\n")
        elif child.tag in {"sup", "sub"}:
            yield marks.saying(_small(child))
        elif not _hidden(child):
            inline = child.tag in _INLINE
            if not inline:
                yield Run(" ")
            yield from _inline(child, _marked(child, marks))
            if not inline:
                yield Run(" ")


def _small(node: Node) -> str:
    """Raised and lowered figures, so that 10² does not become 102; other text stays as it is."""
    text = node.text().strip()
    table = _RAISED if node.tag == "sup" else _LOWERED
    return text.translate(table) if text and all(ord(c) in table for c in text) else text


def _listing(node: Node) -> Listing:
    items: list[Tree] = []
    for child in node.elements:
        if _hidden(child):
            continue
        blocks = (
            _Reader().read(child) if child.tag == "li" else _Reader().read(Node("", {}, [child]))
        )
        if child.tag in {"ul", "ol"} and items:  # a list put straight into a list, as some do
            items[-1] = (*items[-1], *blocks)
        else:
            items.append(blocks)
    return Listing(tuple(items), ordered=node.tag == "ol", start=node.number("start", 1, 999))


def _rows(table: Node) -> tuple[list[list[Node]], list[Node]]:
    """The cells of a table row by row, and its captions; tables inside cells stay in their cell."""
    rows: list[list[Node]] = []
    captions: list[Node] = []
    for child in table.elements:
        if child.tag == "tr" and not _hidden(child):
            rows.append([cell for cell in child.elements if cell.tag in {"td", "th"}])
        elif child.tag == "caption":
            captions.append(child)
        elif child.tag in {"thead", "tbody", "tfoot"} and not _hidden(child):
            inner, more = _rows(child)
            rows.extend(inner)
            captions.extend(more)
    return rows, captions


def _table(rows: list[list[Node]]) -> Table:
    """Lay out cells on a grid; a cell that spans leaves the places it covers empty."""
    grid: list[list[Inline]] = []
    covered: dict[int, int] = {}
    for cells in rows:
        row: list[Inline] = []
        waiting = list(reversed(cells))
        while (waiting or any(column >= len(row) for column in covered)) and (
            len(row) < _MOST_COLUMNS
        ):
            if covered.get(len(row)):
                row.append(())
                continue
            if not waiting:
                row.append(())
                continue
            cell = waiting.pop()
            at, wide = len(row), cell.number("colspan", 1, _MOST_COLUMNS)
            row.append(trees.inline(_runs(cell), one_line=True))
            row.extend(() for _ in range(wide - 1))
            for column in range(at, at + wide):
                covered[column] = cell.number("rowspan", 1, _MOST_SPAN)
        grid.append(row)
        covered = {column: left - 1 for column, left in covered.items() if left > 1}
    return Table(tuple(tuple(row) for row in grid))
