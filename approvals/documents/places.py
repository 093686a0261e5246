"""Every text of a record, with the words by which an officer finds where it stands."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from decisions.register.record import Record


def texts(record: Record) -> Iterator[tuple[str, str]]:
    """Every text of the record with the place where an officer would look for it."""
    yield "The title", record.title
    for block in record.executive_summary:
        yield "The executive summary", html.unescape(block.html)
    for item in record.recommendations:
        texts = (item.verb, item.text, item.outcome_words)
        yield f"Recommendation {item.number}", "\n".join(texts)
    for line in record.funding:
        yield f"The funding line “{line.label}”", "\n".join(_strings(msgspec.to_builtins(line)))
    for section in record.sections:
        yield f"The heading of section {section.number}", section.heading
        for block in section.blocks:
            place = f"Paragraph {block.number}" if block.number else f"Section {section.number}"
            yield place, html.unescape(block.html)
    rest = msgspec.to_builtins(record)
    for name in ("title", "executive_summary", "recommendations", "funding", "sections"):
        del rest[name]
    for name, value in rest.items():
        yield f"The part “{name.replace('_', ' ')}”", "\n".join(_strings(value))


def _strings(value: Any) -> Iterator[str]:
    """Every string in a value made of dictionaries, lists and scalars."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _strings(inner)
