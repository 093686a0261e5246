"""Sanitised HTML as a small tree of elements, with its depth bounded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

# Deeper elements are read as if they stood at this depth: no text is lost and no stack overflows.
_DEEPEST: Final = 80
_VOID: Final = {"br", "hr"}


@dataclass(slots=True)
class Node:
    """An element with its attributes and children."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    @property
    def style(self) -> dict[str, str]:
        """The declarations of the style attribute, in small letters."""
        declarations = (part.partition(":") for part in self.attributes.get("style", "").split(";"))
        return {name.strip().lower(): value.strip().lower() for name, _, value in declarations}

    @property
    def elements(self) -> Iterator[Node]:
        """The children that are elements."""
        return (child for child in self.children if isinstance(child, Node))

    def number(self, name: str, fallback: int, most: int) -> int:
        """An attribute as a whole number between 1 and `most`, else the fallback."""
        value = self.attributes.get(name, "").strip()
        if not value.isascii() or not value.isdigit() or len(value) > 9:
            return fallback
        return min(max(int(value), 1), most)

    def text(self) -> str:
        """All the text inside."""
        return "".join(c if isinstance(c, str) else c.text() for c in self.children)


def root(html: str) -> Node:
    """Read well-formed HTML, as the sanitiser writes it."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._open[min(len(self._open), _DEEPEST) - 1].children.append(node)
        if tag not in _VOID:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID and len(self._open) > 1:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[min(len(self._open), _DEEPEST) - 1].children.append(data)
