"""Tree to Markdown.

Each paragraph is read back after it was written. Where Markdown cannot say what the tree says (bold
inside a word, two kinds of emphasis that overlap), the emphasis goes and the words stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from typing import Final

from decisions.register.prose.parsing import BLOCK_MARKER, SPECIAL, parse_inline
from decisions.register.prose.tree import (
    Heading,
    Inline,
    Listing,
    Paragraph,
    Run,
    Table,
    Tree,
    words,
)

_LINE_START: Final = re.compile(rf"^(?=\\*{BLOCK_MARKER})", re.MULTILINE)
_SPECIALS: Final = re.compile(r"(?<!\\)(\\*+)([*\[\]])")
_CLOSING_HASHES: Final = re.compile(r"(?:^| )#++$")


def write(tree: Tree) -> str:
    """Write a tree in normal form as Markdown."""
    return _blocks(tree)


def _blocks(tree: Tree) -> str:
    parts: list[str] = []
    marker = ""
    for block in tree:
        if isinstance(block, Listing):
            # A numbered list straight after another needs the other marker to be a list apart.
            marker = ")" if block.ordered and marker == "." else "."
            parts.append(_listing(block, marker))
            marker = marker if block.ordered else ""
        else:
            parts.append(_block(block))
            marker = ""
    return "\n\n".join(parts)


def _block(block: Paragraph | Heading | Table) -> str:
    match block:
        case Paragraph():
            return inline(block.inline)
        case Heading():
            text = inline(block.inline)
            closing = f" {'#' * block.level}" if _CLOSING_HASHES.search(text) else ""
            return f"{'#' * block.level} {text}{closing}"
        case Table():
            head, *body = block.rows
            rule = "| " + " | ".join("---" for _ in head) + " |"
            return "\n".join([_row(head), rule, *(_row(row) for row in body)])


def _row(cells: Iterable[Inline]) -> str:
    return "| " + " | ".join(inline(cell).replace("|", r"\|") for cell in cells) + " |"


def _listing(listing: Listing, delimiter: str) -> str:
    lines: list[str] = []
    for number, item in enumerate(listing.items, listing.start):
        marker = f"{number}{delimiter} " if listing.ordered else "- "
        text = _item(item).replace("\n", "\n" + " " * len(marker))
        lines.append((marker + text).rstrip(" "))
    return re.sub(r"(?m)^ +$", "", "\n".join(lines))


def _item(item: Tree) -> str:
    text = _blocks(item)
    if len(item) == 2 and isinstance(item[0], Paragraph) and isinstance(item[1], Listing):
        inner = item[1]
        if not inner.ordered or inner.start == 1:
            return text.replace("\n\n", "\n", 1)
    return text


# --- inline text ---


def inline(runs: Inline) -> str:
    """Write inline text in normal form; drop emphasis, then links, that Markdown cannot hold."""
    if all(not (run.strong or run.em or run.href) for run in runs):
        return _inline(runs)
    for attempt in (runs, _without(runs, em=True), _without(runs, em=True, strong=True)):
        for links_apart in (False, True) if any(run.href for run in runs) else (False,):
            text = _inline(attempt, links_apart=links_apart)
            if parse_inline(text) == attempt:
                return text
    return _inline(_without(runs, em=True, strong=True, links=True))


def _without(
    runs: Inline, *, em: bool = False, strong: bool = False, links: bool = False
) -> Inline:
    plainer = (
        Run(
            run.text,
            strong=run.strong and not strong,
            em=run.em and not em,
            href="" if links else run.href,
        )
        for run in runs
    )
    return tuple(
        same[0].saying(words(same))
        for _, group in groupby(plainer, key=lambda run: run[1:])
        if (same := list(group))
    )


def _inline(runs: Inline, *, links_apart: bool = False) -> str:
    """Write runs, a link round the emphasis inside it or, `links_apart`, within it."""
    out: list[str] = []
    whole = words(runs)
    if links_apart:
        _emphasised(out, list(runs), whole, 0, links=True)
    else:
        at = 0
        for href, group in groupby(runs, key=lambda run: run.href):
            marked = list(group)
            if href:
                _append(out, "[")
            _emphasised(out, marked, whole, at)
            if href:
                _append(out, _target(href))
            at += len(words(marked))
    return _LINE_START.sub(r"\\", "".join(out))


def _target(href: str) -> str:
    escaped = re.sub(r"[()]", r"\\\g<0>", href)
    return f"]({escaped})"


def _emphasised(
    out: list[str], runs: list[Run], whole: str, at: int, *, links: bool = False
) -> None:
    """Write runs; the mark that lasts longest is the outer one."""
    opened: list[str] = []
    for index, run in enumerate(runs):
        wanted = {mark for mark, on in (("**", run.strong), ("*", run.em)) if on}
        while any(mark not in wanted for mark in opened):
            _append(out, opened.pop())
        missing = sorted(wanted - set(opened), key=lambda mark: -_extent(runs, index, mark))
        for mark in missing:
            _append(out, mark)
            opened.append(mark)
        link = links and bool(run.href)
        if link:
            _append(out, "[")
        out.append(_literal(run.text, whole, at, in_link=bool(run.href)))
        if link:
            _append(out, _target(run.href))
        at += len(run.text)
    for mark in reversed(opened):
        _append(out, mark)


def _extent(runs: list[Run], index: int, mark: str) -> int:
    last = index
    while last < len(runs) and (runs[last].strong if mark == "**" else runs[last].em):
        last += 1
    return last


def _append(out: list[str], markup: str) -> None:
    """Append markup; backslashes straight before it are doubled, so that they stay words."""
    if out and markup[0] in SPECIAL:
        before = out[-1]
        out.append("\\" * (len(before) - len(before.rstrip("\\"))))
    out.append(markup)


def _literal(text: str, whole: str, at: int, *, in_link: bool) -> str:
    def escaped(match: re.Match[str]) -> str:
        slashes, char = match.groups()
        place = at + match.start(2)
        if not slashes and _harmless(char, whole, place, in_link=in_link):
            return match.group()
        return f"{slashes}{slashes}\\{char}"

    return _SPECIALS.sub(escaped, text)


def _harmless(char: str, whole: str, place: int, *, in_link: bool) -> bool:
    """Whether an asterisk or bracket means nothing where it stands and needs no backslash."""
    if in_link:
        return False
    before = whole[place - 1] if place else "\n"
    after = whole[place + 1] if place + 1 < len(whole) else "\n"
    if char == "*":
        return (before == " " and after == " ") or (before.isalnum() and after.isalnum())
    return char == "[" or after != "("
