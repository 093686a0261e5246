"""Whether a passage of one text stands in another: the search for leaks, in texts alone.

Compared without regard to case, punctuation, and whether a printer drew two letters as one shape
(“ﬁ”) or a letter and its accent as two. A paraphrase is not found.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final

_WORDS: Final = 8
# How many letters the passages are looked up by; eight words have at least as many.
_START: Final = 8
_MARKUP: Final = re.compile(r"<[^>]*>")
_WORD: Final = re.compile(r"[^\W_]+")


def share_words(written: str, other: str) -> bool:
    """Whether eight words in a row of one text, with its markup, also stand in the other."""
    return not _passages(written).isdisjoint(_passages(other))


def share_letters(written: str, drawn: str) -> bool:
    """As `share_words`, for text that a program read off a page: words may be torn apart.

    Compared letter by letter, with whatever stands between the letters left out. On a page nothing
    is markup: what stands between a “<” and a “>” is read like all else.
    """
    public = "".join(_words(drawn))
    by_start: dict[str, list[str]] = {}
    for words in _passages(written):
        passage = "".join(words)
        by_start.setdefault(passage[:_START], []).append(passage)
    return any(
        public.startswith(passage, at)
        for at in range(len(public))
        for passage in by_start.get(public[at : at + _START], ())
    )


def _passages(written: str) -> set[tuple[str, ...]]:
    words = _words(html.unescape(_MARKUP.sub(" ", written)))
    return {tuple(words[at : at + _WORDS]) for at in range(len(words) - _WORDS + 1)}


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).lower())
