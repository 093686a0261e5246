"""How much a document may hold: what is longer would keep the typesetter busy for an hour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from approvals.documents.refusal import RenderingError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from decisions.register.record import Block, Record

# Characters of HTML. About 500 pages of text in all; the longest real papers have 150.
MOST: Final = 1_500_000
# One paragraph, list or table: its lines are broken as a whole.
MOST_OF_A_BLOCK: Final = 250_000
# Lists within lists, quotations within quotations.
DEEPEST: Final = 20


def refuse_too_much(record: Record) -> None:
    """Raise RenderingError when a record is longer than a document can be, or nested too deep."""
    size = 0
    for where, block in _blocks(record):
        size += len(block.html)
        if len(block.html) > MOST_OF_A_BLOCK:
            raise RenderingError(
                f"{where} has {len(block.html):,} characters in one piece, which is too long to be "
                f"set: {MOST_OF_A_BLOCK:,} is the most. Divide it into shorter paragraphs or "
                "tables, or put it into a supporting document."
            )
        if _depth(block.html) > DEEPEST:
            raise RenderingError(
                f"{where} has lists or quotations within each other more than {DEEPEST} deep, "
                "which cannot be set. Write it with fewer levels."
            )
    if size > MOST:
        raise RenderingError(
            f"{record.reference} has {size:,} characters, which is too long to be made into a "
            f"document: {MOST:,} is the most. Put parts of it into supporting documents."
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


def _depth(html: str) -> int:
    """How deep elements stand within each other, by what is opened and not yet closed."""
    deepest = open_now = 0
    for piece in html.split("<")[1:]:
        if piece.startswith("/"):
            open_now -= 1
        elif not piece.startswith(("br", "!")):
            open_now += 1
        deepest = max(deepest, open_now)
    return deepest
