"""Markdown to tree.

The parser is markdown-it-py with nothing enabled but what is listed here. What officers type in a
plain box must not be mangled, so each rule of CommonMark that surprises them is off or narrower:

- off: HTML, entities ("AT&amp;T" stays as typed), code (indented, fenced, inline), block quotes
  ("> 5% of spend"), rules and underlined headings ("---"), images, references ("[COMMERCIAL]"),
  autolinks, underscores ("1_000", "file_name");
- headings: "### " and "#### " only; "# 5" is text;
- lists: "- ", "* " and "1. " or "1) " up to 999, not "+ VAT" and not "2021. A year";
- emphasis: asterisks round whole words only; "2*3*4" and "£5m * 2" are text;
- a table whose row has more cells than its header is text, because the extra cells would vanish;
- backslash: an ordinary character ("\\\\server\\share"), except straight before an asterisk or a
  square bracket, or at the start of a line before something that would begin a list, heading or
  table: there it says "this is text". Two of them before such a character are one.
- a newline inside a paragraph is a line break.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.heading import heading
from markdown_it.rules_block.list import list_block
from markdown_it.rules_block.table import escapedSplit, getLine, table
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

from decisions.register.prose import tree as trees
from decisions.register.prose.links import address
from decisions.register.prose.tree import Block, Heading, Listing, Paragraph, Run, Table, Tree

# What would begin a list, a heading or a table row of dashes at the start of a line.
BLOCK_MARKER: Final = r"(?:-(?=[ ]|$)|\d{1,9}[.)](?=[ ]|$)|\#{3,4}[ ]+\S|[|:\-][|:\- ]*$)"
# Characters before which a backslash means "this is text".
SPECIAL: Final = "*[]"

_LIST_START: Final = re.compile(r"(?:[-*]|\d{1,3}[.)]) +\S")
_LIST_GOES_ON: Final = re.compile(r"(?:[-*]|\d{1,3}[.)])(?: |$)")
_HEADING_START: Final = re.compile(r"#{3,4} +(?!#+ *$)\S")
_LINE_ESCAPE: Final = re.compile(rf"\\(?=\\*{BLOCK_MARKER})", re.MULTILINE)
_BACKSLASHES: Final = re.compile(r"\\+")
_LINK: Final = re.compile(
    r"\[((?>(?:\\\\)*\\[*\[\]]|\\+|[^\\\[\]])*+)\]"  # the words; an escaped bracket is one
    r"\( *((?:\\[()]|[^\s()]|\((?:\\[()]|[^\s()])*\))+)"  # the address
    r'(?: +"[^"\n]*")? *\)'  # a title, which is dropped
)


def parse(markdown: str) -> Tree:
    """Parse tidied Markdown into a tree in normal form. Every text is valid Markdown."""
    tokens = iter(_PARSER.parse(markdown))
    return trees.tree(_blocks(tokens))


def parse_inline(markdown: str) -> trees.Inline:
    """Parse the inside of one paragraph, heading or cell."""
    return trees.inline(_runs(_PARSER.inline.parse(markdown, _PARSER, {}, [])))


def _blocks(tokens: Iterator[Token], until: str = "") -> Iterator[Block]:
    for token in tokens:
        if token.type == until:
            return
        if token.type == "paragraph_open":
            yield Paragraph(trees.inline(_inline(tokens, "paragraph_close")))
        elif token.type == "heading_open":
            runs = _inline(tokens, "heading_close")
            level = int(token.tag[1])
            yield Heading(level, trees.inline(runs, one_line=True, plain_weight=True))
        elif token.type in {"bullet_list_open", "ordered_list_open"}:
            yield _listing(tokens, token)
        elif token.type == "table_open":
            yield _table(tokens)


def _listing(tokens: Iterator[Token], opened: Token) -> Listing:
    items = []
    for token in tokens:
        if token.type == "list_item_open":
            items.append(tuple(_blocks(tokens, until="list_item_close")))
        elif token.type.endswith("_list_close"):
            break
    ordered = opened.type == "ordered_list_open"
    return Listing(tuple(items), ordered=ordered, start=int(opened.attrGet("start") or 1))


def _table(tokens: Iterator[Token]) -> Table:
    rows: list[list[trees.Inline]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type in {"th_open", "td_open"}:
            close = token.type.replace("open", "close")
            rows[-1].append(trees.inline(_inline(tokens, close), one_line=True))
        elif token.type == "table_close":
            break
    return Table(tuple(tuple(row) for row in rows))


def _inline(tokens: Iterator[Token], until: str) -> list[Run]:
    runs: list[Run] = []
    for token in tokens:
        if token.type == until:
            break
        runs.extend(_runs(token.children or ()))
    return runs


@dataclass
class _Marks:
    """Which marks are open at a point of a paragraph."""

    strong: int = 0
    em: int = 0
    href: str = ""

    def run(self, text: str) -> Run:
        return Run(text, strong=self.strong > 0, em=self.em > 0, href=self.href)


def _runs(tokens: list[Token] | tuple[()]) -> Iterator[Run]:
    marks = _Marks()
    for token in tokens:
        match token.type:
            case "text":
                yield marks.run(token.content)
            case "softbreak" | "hardbreak":
                yield marks.run("\n")
            case "strong_open" | "strong_close":
                marks.strong += token.nesting
            case "em_open" | "em_close":
                marks.em += token.nesting
            case "link_open":
                marks.href = str(token.attrGet("href") or "")
            case "link_close":
                marks.href = ""


# --- the rules that are narrower than CommonMark's; their shape is the parser's ---

_LookOnly = bool


def _list(state: StateBlock, start: int, end: int, silent: _LookOnly) -> bool:
    begins = _LIST_GOES_ON if silent else _LIST_START
    if state.level >= 2 * trees.MAX_DEPTH or not begins.match(getLine(state, start)):
        return False
    return list_block(state, start, end, silent)


def _heading(state: StateBlock, start: int, end: int, silent: _LookOnly) -> bool:
    if not _HEADING_START.match(getLine(state, start)):
        return False
    return heading(state, start, end, silent)


def _whole_table(state: StateBlock, start: int, end: int, silent: _LookOnly) -> bool:
    if start + 2 > end or "|" not in getLine(state, start):
        return False
    if not table(state, start, end, True):  # noqa: FBT003 - the parser's own signature: look only
        return False
    width = _cells(getLine(state, start))
    for line in range(start + 2, end):
        text = getLine(state, line)
        if not text.strip():
            break
        if _cells(text) > width:
            return False
    return table(state, start, end, silent)


def _cells(line: str) -> int:
    cells = escapedSplit(line.strip())
    return len(cells) - (not cells[0]) - (len(cells) > 1 and not cells[-1])


def _escape(state: StateInline, silent: _LookOnly) -> bool:
    run = _BACKSLASHES.match(state.src, state.pos, state.posMax)
    if run is None:
        return False
    count = len(run.group())
    after = state.src[run.end()] if run.end() < state.posMax else ""
    text, used = run.group(), count
    if _starts_line(state) and _LINE_ESCAPE.match(state.src, state.pos):
        text = text[1:]
    elif after and after in SPECIAL:
        text = "\\" * (count // 2) + (after if count % 2 else "")
        used += count % 2
    if not silent:
        state.pending += text
    state.pos += used
    return True


def _starts_line(state: StateInline) -> bool:
    before = state.pos - 1
    while before >= 0 and state.src[before] == " ":
        before -= 1
    return before < 0 or state.src[before] == "\n"


def _emphasis(state: StateInline, silent: _LookOnly) -> bool:
    if silent or state.src[state.pos] != "*":
        return False
    found = state.scanDelims(state.pos, False)  # noqa: FBT003 - not inside a word
    for _ in range(found.length):
        token = state.push("text", "", 0)
        token.content = "*"
        state.delimiters.append(
            Delimiter(
                marker=ord("*"),
                length=found.length,
                token=len(state.tokens) - 1,
                end=-1,
                open=found.can_open,
                close=found.can_close,
            )
        )
    state.pos += found.length
    return True


def _link(state: StateInline, silent: _LookOnly) -> bool:
    if state.src[state.pos] != "[" or state.linkLevel:
        return False
    match = _LINK.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    href = address(re.sub(r"\\([()])", r"\1", match[2]))
    if not href or not match[1].strip():
        return False
    if not silent:
        end = state.posMax
        state.push("link_open", "a", 1).attrs = {"href": href}
        state.pos, state.posMax = match.start(1), match.end(1)
        state.linkLevel += 1
        state.md.inline.tokenize(state)
        state.linkLevel -= 1
        state.posMax = end
        state.push("link_close", "a", -1)
    state.pos = match.end()
    return True


def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"maxNesting": 100})
    parser.enable(["list", "heading", "table", "newline", "escape", "emphasis", "link"])
    interrupts: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote"]}
    parser.block.ruler.at("list", _list, interrupts)
    parser.block.ruler.at("heading", _heading, interrupts)
    parser.block.ruler.at("table", _whole_table, {"alt": ["paragraph", "reference"]})
    parser.inline.ruler.at("escape", _escape)
    parser.inline.ruler.at("emphasis", _emphasis)
    parser.inline.ruler.at("link", _link)
    return parser


_PARSER: Final = _parser()
