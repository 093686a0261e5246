"""Which characters text may hold.

Removed, not refused, because the writer cannot see them and pasting brings them in unasked:

- control characters and NUL: PostgreSQL cannot store NUL, and no page or PDF can show any of them;
- bidirectional marks, embeddings, overrides and isolates: with them a signed text could read
  otherwise on the screen than it is stored, so that a reader and a checksum see two texts. Hebrew
  and Arabic words need none of them to be shown the right way round;
- zero-width spaces and joiners, soft hyphens, tags and fillers: invisible, and they split a word
  for the search and for the leak check. The two joiners stay after letters that need them;
- private-use characters, lone surrogates and non-characters: they mean nothing outside one font.

Every kind of space becomes an ordinary space, every kind of line end a newline, and letters with
accents take their composed form, so that equal words are equal bytes.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_LINE_ENDS: Final = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES: Final = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_REMOVED: Final = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction
    "\u00ad\u034f\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"  # invisible
    "\u115f\u1160\u17b4\u17b5\u3164\uffa0\U000e0000-\U000e007f"  # fillers and tags
    "\ue000-\uf8ff\U000f0000-\U0010ffff"  # private use
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # surrogates and non-characters
    "]"
)
# A joiner is writing only after a letter of a script that joins, or inside an emoji.
_STRAY_JOINERS: Final = re.compile(
    "(?<![\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18af\ufb50-\ufdff\ufe0f\ufe70-\ufeff"
    "\u2600-\u27bf\U0001f300-\U0001faff])[\u200c\u200d]"
)
_INDENT: Final = re.compile(r"^ *\t[ \t]*", re.MULTILINE)
_TRAILING: Final = re.compile(" +$", re.MULTILINE)


def clean(text: str) -> str:
    """Remove the characters that text may not hold; change no visible word."""
    text = _LINE_ENDS.sub("\n", text)
    text = _REMOVED.sub("", text)
    text = _SPACES.sub(" ", text)
    text = _STRAY_JOINERS.sub("", text)
    return unicodedata.normalize("NFC", text)


def tidy(text: str) -> str:
    """Clean a text as typed: `clean`, no spaces at line ends, no blank lines at either end.

    A tab at the start of a line is four spaces, so that it still puts a list inside a list.
    """
    text = _INDENT.sub(lambda match: match.group().expandtabs(4), _LINE_ENDS.sub("\n", text))
    return _TRAILING.sub("", clean(text)).strip("\n")
