"""How much a document may hold: what is longer would keep the typesetter busy for an hour.

The bounds lie well beyond any real paper. Within them a page takes a fraction of a second; beyond
them the time for one paragraph grows with the square of its length.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from approvals.documents import places
from approvals.documents.refusal import RenderingError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from decisions.register.record import Block, Record

# Characters of the whole: some 300 pages. The longest real papers have 150.
MOST: Final = 1_000_000
# Characters of one paragraph, list or table.
MOST_OF_A_BLOCK: Final = 100_000
LONGEST_WORD: Final = 2_000
# Line breaks that a writer put into one paragraph.
MOST_LINES: Final = 1_000
# Lists within lists, quotations within quotations.
DEEPEST: Final = 20

_WITHIN_WORDS: Final = re.compile(
    r"</?(a|b|code|del|em|i|s|strong|sub|sup|u)\b[^>]*>", re.IGNORECASE
)
_TAGS: Final = re.compile(r"<[^>]*>")
_SHORTER: Final = "Divide it into shorter ones, or put it into a supporting document."


def refuse_too_much(record: Record) -> None:
    """Raise RenderingError when a record holds more than a document can, in whole or in a part."""
    size = len(record.to_json())
    if size > MOST:
        raise RenderingError(
            f"{record.reference} has {size:,} characters, which is too long to be made into a "
            f"document: {MOST:,} is the most. Put parts of it into supporting documents."
        )
    for where, block in _blocks(record):
        if found := _too_much(block):
            raise RenderingError(f"{where} {found}")
    for where, text in places.texts(record):
        words = _TAGS.sub(" ", _WITHIN_WORDS.sub("", text)).split()
        longest = max((len(word) for word in words), default=0)
        if longest > LONGEST_WORD:
            raise RenderingError(
                f"{where} has a word of {longest:,} characters, which cannot be set: "
                f"{LONGEST_WORD:,} is the most. Write it with spaces, or leave it out."
            )


def _blocks(record: Record) -> Iterator[tuple[str, Block]]:
    for block in record.executive_summary:
        yield "The executive summary", block
    for section in record.sections:
        for block in section.blocks:
            yield (
                f"Paragraph {block.number}" if block.number else f"Section {section.number}",
                block,
            )


def _too_much(block: Block) -> str:
    """What of a paragraph, list or table is too much, as the rest of a sentence; "" if nothing."""
    if len(block.html) > MOST_OF_A_BLOCK:
        return (
            f"has {len(block.html):,} characters in one paragraph, list or table, which is too "
            f"long to be set: {MOST_OF_A_BLOCK:,} is the most. {_SHORTER}"
        )
    if (lines := block.html.lower().count("<br")) > MOST_LINES:
        return (
            f"has {lines:,} line breaks in one paragraph, list or table, which is too long to be "
            f"set: {MOST_LINES:,} is the most. {_SHORTER}"
        )
    if _depth(block.html) > DEEPEST:
        return (
            f"has lists or quotations more than {DEEPEST} deep within each other, which cannot be "
            "set. Write it with fewer levels."
        )
    return ""


def _depth(html: str) -> int:
    """How deep elements stand within each other, by what is opened and not yet closed."""
    deepest = open_now = 0
    for piece in html.split("<")[1:]:
        if piece.startswith("/"):
            open_now -= 1
        elif not piece.lower().startswith(("br", "!")):
            open_now += 1
        deepest = max(deepest, open_now)
    return deepest
