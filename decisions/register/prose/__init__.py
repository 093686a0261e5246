"""One text format for all long text: a small part of Markdown, in which HTML is never live.

What it knows: paragraphs, line breaks, "- " and "1. " lists, "### " and "#### " headings, tables,
links to web and e-mail addresses, **strong** and *emphasis*. Everything else is ordinary text.
Both ways in (HTML from the editor, Markdown from a plain text box) and both ways out (HTML, the
stored Markdown) go through the same small tree, so that nothing can be stored that the reader does
not see, and nothing can be shown that is not in the tree.
"""

from __future__ import annotations

from typing import Final

import nh3
from django.utils.safestring import SafeString, mark_safe

from decisions.register.prose import parsing, reading, rendering, writing
from decisions.register.prose.characters import tidy
from decisions.register.prose.tree import Heading, Listing, Paragraph, Table, Tree
from decisions.register.record import Block, BlockKind

__all__ = ["MAX_LENGTH", "blocks", "from_html", "plain", "tidy", "to_html"]

# In characters of Markdown: about 80 printed pages, far beyond any section ever published.
MAX_LENGTH: Final = 200_000

_TAGS: Final = {
    *("p", "br", "strong", "em", "a", "h3", "h4", "ul", "ol", "li"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES: Final = {"a": {"href"}, "ol": {"start"}, "th": {"scope"}}
_SCHEMES: Final = {"http", "https", "mailto"}
_KINDS: Final[dict[type[object], BlockKind]] = {
    Paragraph: "paragraph",
    Heading: "heading",
    Listing: "list",
    Table: "table",
}


def from_html(html: str) -> str:
    """Turn HTML, as pasted from a word processor or sent by the editor, into Markdown.

    Keeps headings, lists, tables, links, strong and emphasis. Drops scripts, styles, pictures,
    comments, hidden and struck-out text, and every attribute. Never raises.
    """
    return writing.write(reading.read(html))


def to_html(markdown: str) -> SafeString:
    """Turn Markdown into HTML that is safe in any page: no class, no id, no style, no script."""
    return mark_safe(_seal(rendering.html(parsing.parse(tidy(markdown)))))  # noqa: S308 - sealed here


def blocks(markdown: str, section: int | None = None) -> list[Block]:
    """Split Markdown into numbered blocks for the record.

    In section 2 the paragraphs are 2.1, 2.2 and so on. Lists, tables and headings carry no number:
    they belong to the paragraph above. Without a section no block carries one.
    """
    numbered: list[Block] = []
    count = 0
    for block in parsing.parse(tidy(markdown)):
        number = ""
        if isinstance(block, Paragraph):
            count += 1
            number = f"{section}.{count}" if section is not None else ""
            html = rendering.inline(block.inline)
        else:
            html = rendering.html((block,))
        numbered.append(Block(kind=_KINDS[type(block)], html=_seal(html), number=number))
    return numbered


def plain(markdown: str) -> str:
    """Turn Markdown into bare words, one block a line, for searching, comparing and counting."""
    tree: Tree = parsing.parse(tidy(markdown))
    return rendering.plain(tree)


def _seal(html: str) -> str:
    """Pass our own HTML through the sanitiser all the same: two locks, of different makers."""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        url_relative="deny",
        link_rel=None,
    )
