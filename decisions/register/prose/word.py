"""Lists as Microsoft Word puts them on the clipboard: not lists, but paragraphs with a style.

    <p class=MsoListParagraph style='mso-list:l0 level1 lfo1'>
      <span style='mso-list:Ignore'>1.<span>&nbsp;&nbsp;</span></span>First<o:p></o:p></p>

A paragraph that Word numbered "2.3" is not an item: it is a numbered paragraph of a decision paper,
and this system numbers those itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from decisions.register.prose.nodes import Node
from decisions.register.prose.tree import Block, Inline, Listing, Paragraph, Tree

_LEVEL: Final = re.compile(r"\blevel(\d)\b")
_ORDERED: Final = re.compile(r"\(?(\d{1,3}|[a-z]{1,4})[.)]", re.IGNORECASE)
_OUTLINE: Final = re.compile(r"\d+(\.\d+)+[.)]?")


@dataclass(frozen=True, slots=True)
class Item:
    """A paragraph that is an item of a list, at a level counted from 1."""

    level: int
    ordered: bool
    start: int
    inline: Inline


def marker(paragraph: Node) -> str | None:
    """What Word shows before a list paragraph ("1.", "·", "2.3"); None if it is not one."""
    if "mso-list" not in paragraph.style or paragraph.style["mso-list"] in {"none", "skip"}:
        return None
    for node in _within(paragraph):
        if is_marker(node):
            return re.sub(r"\s", "", node.text())
    return ""


def is_marker(node: Node) -> bool:
    """Whether an element holds the bullet or number itself, which the list draws again."""
    return node.style.get("mso-list") == "ignore"


def item(paragraph: Node, shown: str, inline: Inline) -> Item | Paragraph:
    """Read a list paragraph whose marker is `shown`."""
    if _OUTLINE.fullmatch(shown):
        return Paragraph(inline)
    level = _LEVEL.search(paragraph.style["mso-list"])
    ordered = _ORDERED.fullmatch(shown)
    start = int(ordered[1]) if ordered and ordered[1].isdigit() else 1
    return Item(int(level[1]) if level else 1, ordered is not None, start, inline)


def lists(blocks: Sequence[Block | Item]) -> Tree:
    """Fold each stretch of items into a list."""
    done: list[Block] = []
    stretch: list[Item] = []
    for block in (*blocks, None):
        if isinstance(block, Item):
            stretch.append(block)
            continue
        done.extend(_fold(stretch))
        stretch = []
        if block is not None:
            done.append(block)
    return tuple(done)


def _fold(items: Sequence[Item]) -> Iterator[Listing]:
    """Fold items of any levels: what lies deeper than the first belongs to the item above it."""
    at = 0
    while at < len(items):
        first = items[at]
        own: list[Tree] = []
        while at < len(items) and items[at].level <= first.level:
            if items[at].ordered != first.ordered:
                break
            inner = at + 1
            while inner < len(items) and items[inner].level > first.level:
                inner += 1
            own.append((Paragraph(items[at].inline), *_fold(items[at + 1 : inner])))
            at = inner
        yield Listing(tuple(own), ordered=first.ordered, start=first.start)


def _within(node: Node) -> Iterator[Node]:
    for child in node.elements:
        yield child
        yield from _within(child)
