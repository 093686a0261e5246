"""The tree that every long text passes through, and its one normal form.

`tree` and `inline` bring what was read or parsed into normal form: two texts that a reader cannot
tell apart become equal trees. Reading, parsing, writing and rendering therefore agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from decisions.register.prose import characters

# Lists inside lists deeper than this are joined to the list above them.
MAX_DEPTH: Final = 5
MAX_START: Final = 999
_PIECES: Final = re.compile(r"\s+|\S+(?:[^\S\n]+\S+)*")
_BLANKS: Final = re.compile(r" *\n *| {2,}")


class Run(NamedTuple):
    """A stretch of text that is written in one way. A newline in it is a line break."""

    text: str
    strong: bool = False
    em: bool = False
    href: str = ""

    def saying(self, text: str) -> Run:
        """Other text, written in the same way."""
        return Run(text, self.strong, self.em, self.href)


Inline = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. At the top of a section it gets a number."""

    inline: Inline


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section, of level 3 or 4."""

    level: int
    inline: Inline


@dataclass(frozen=True, slots=True)
class Listing:
    """A list. An item is a sequence of blocks."""

    items: tuple[Tree, ...]
    ordered: bool = False
    start: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table of equally long rows; the first row is the header."""

    rows: tuple[tuple[Inline, ...], ...]


Block = Paragraph | Heading | Listing | Table
Tree = tuple[Block, ...]


def words(runs: Iterable[Run]) -> str:
    """The bare text of runs."""
    return "".join(run.text for run in runs)


def inline(runs: Iterable[Run], *, one_line: bool = False, plain_weight: bool = False) -> Inline:
    """Normal form of inline text: clean characters, single spaces, marks on words and not on gaps.

    `one_line` makes line breaks spaces (headings, cells); `plain_weight` drops strong (headings).
    """
    merged = _merged(runs, plain_weight=plain_weight)
    pieces: list[Run] = []
    for run in merged:
        text = characters.clean(run.text)
        text = _BLANKS.sub(_one_blank, text.replace("\n", " ") if one_line else text)
        pieces.extend(run.saying(piece) for piece in _PIECES.findall(text))
    return _merged(_gaps(pieces))


def tree(blocks: Iterable[Block], depth: int = 0) -> Tree:
    """Normal form of blocks: nothing empty, neighbouring lists joined, depth bounded."""
    done: list[Block] = []
    for block in blocks:
        for kept in _normal(block, depth):
            last = done[-1] if done else None
            if isinstance(kept, Listing) and isinstance(last, Listing) and _continues(last, kept):
                done[-1] = replace(last, items=last.items + kept.items)
            else:
                done.append(kept)
    return tuple(done)


def _normal(block: Block, depth: int) -> Tree:
    if isinstance(block, Paragraph):
        return (block,) if block.inline else ()
    if isinstance(block, Heading):
        return (block,) if block.inline else ()
    if isinstance(block, Table):
        return _normal_table(block)
    items = [part for item in block.items for part in _item(item, depth) if part]
    if not items:
        return ()
    start = block.start if block.ordered and 0 <= block.start <= MAX_START else 1
    return (Listing(tuple(items), ordered=block.ordered, start=start),)


def _item(item: Tree, depth: int) -> list[Tree]:
    """An item in normal form; at the greatest depth, its inner lists become items after it."""
    if depth + 1 < MAX_DEPTH:
        return [tree(item, depth + 1)]
    own = tree((b for b in item if not isinstance(b, Listing)), depth + 1)
    inner = [
        part for b in item if isinstance(b, Listing) for i in b.items for part in _item(i, depth)
    ]
    return [own, *inner]


def _normal_table(table: Table) -> Tree:
    width = max((len(row) for row in table.rows), default=0)
    rows = [row + ((),) * (width - len(row)) for row in table.rows]
    rows = rows[:1] + [row for row in rows[1:] if any(row)]
    if not any(any(row) for row in rows):
        return ()
    if width == 1 and len(rows) == 1:  # a frame drawn round a text, not a table
        return (Paragraph(rows[0][0]),)
    return (Table(tuple(rows)),)


def _continues(first: Listing, second: Listing) -> bool:
    if first.ordered != second.ordered:
        return False
    return not first.ordered or second.start == first.start + len(first.items)


def _merged(runs: Iterable[Run], *, plain_weight: bool = False) -> Inline:
    done: list[Run] = []
    texts: list[str] = []
    for run in runs:
        if not run.text:
            continue
        marks = (run.strong and not plain_weight, run.em, run.href)
        if done and done[-1][1:] == marks:
            texts.append(run.text)
            continue
        if done:
            done[-1] = done[-1].saying("".join(texts))
        done.append(Run("", *marks))
        texts = [run.text]
    if done:
        done[-1] = done[-1].saying("".join(texts))
    return tuple(done)


def _one_blank(match: re.Match[str]) -> str:
    return "\n" if "\n" in match.group() else " "


def _gaps(pieces: Sequence[Run]) -> list[Run]:
    """Give each gap the marks that both its neighbours have, and let no two gaps meet."""
    done: list[Run] = []
    gap = ""
    for piece in pieces:
        if piece.text.isspace():
            gap = "\n" if "\n" in gap + piece.text else " "
            continue
        if gap and done:
            before = done[-1]
            href = before.href if before.href == piece.href else ""
            done.append(Run(gap, before.strong and piece.strong, before.em and piece.em, href))
        gap = ""
        done.append(piece)
    return done
