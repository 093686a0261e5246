"""Tree to HTML and to bare words. Everything is escaped here; nothing a writer typed is markup."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Final

from django.utils.html import escape

from decisions.register.prose.tree import (
    Block,
    Heading,
    Inline,
    Listing,
    Paragraph,
    Run,
    Table,
    Tree,
    words,
)


def html(tree: Tree) -> str:
    """The whole tree as HTML."""
    return "\n".join(_block(block) for block in tree)


def inline(runs: Sequence[Run]) -> str:
    """Inline text as HTML: links outside, then strong, then emphasis."""
    return _nested(runs, _LAYERS)


def plain(tree: Tree) -> str:
    """The bare words, one block, item or row a line."""
    return "\n".join(line for block in tree for line in _lines(block) if line)


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            return f"<p>{inline(block.inline)}</p>"
        case Heading():
            return f"<h{block.level}>{inline(block.inline)}</h{block.level}>"
        case Listing():
            return _listing(block)
        case Table():
            return _table(block)


def _listing(listing: Listing) -> str:
    tag = "ol" if listing.ordered else "ul"
    start = f' start="{listing.start}"' if listing.ordered and listing.start != 1 else ""
    items = "".join(f"<li>{_item(item)}</li>" for item in listing.items)
    return f"<{tag}{start}>{items}</{tag}>"


def _item(item: Tree) -> str:
    """An item's only paragraph stands without its own <p>; several paragraphs keep theirs."""
    alone = sum(isinstance(block, Paragraph) for block in item) == 1
    return "".join(
        inline(block.inline) if alone and isinstance(block, Paragraph) else _block(block)
        for block in item
    )


def _table(table: Table) -> str:
    def row(cells: Sequence[Inline], tag: str) -> str:
        opening = '<th scope="col">' if tag == "th" else "<td>"
        return "".join(f"{opening}{inline(cell)}</{tag}>" for cell in cells)

    head, *body = table.rows
    rows = "".join(f"<tr>{row(cells, 'td')}</tr>" for cells in body)
    body_html = f"<tbody>{rows}</tbody>" if rows else ""
    return f"<table><thead><tr>{row(head, 'th')}</tr></thead>{body_html}</table>"


def _href(run: Run) -> str:
    return run.href


def _strong(run: Run) -> str:
    return "strong" if run.strong else ""


def _em(run: Run) -> str:
    return "em" if run.em else ""


_Layer = Callable[[Run], str]
_LAYERS: Final[tuple[_Layer, ...]] = (_href, _strong, _em)


def _nested(runs: Sequence[Run], layers: Sequence[_Layer]) -> str:
    if not layers:
        return escape("".join(run.text for run in runs)).replace("\n", "<br>")
    layer, *inner = layers
    parts = []
    for value, group in groupby(runs, key=layer):
        body = _nested(list(group), inner)
        if not value:
            parts.append(body)
        elif layer is _href:
            parts.append(f'<a href="{escape(value)}">{body}</a>')
        else:
            parts.append(f"<{value}>{body}</{value}>")
    return "".join(parts)


def _lines(block: Block) -> list[str]:
    match block:
        case Paragraph() | Heading():
            return words(block.inline).split("\n")
        case Listing():
            return [line for item in block.items for child in item for line in _lines(child)]
        case Table():
            return [" ".join(words(cell) for cell in row).strip() for row in block.rows]
