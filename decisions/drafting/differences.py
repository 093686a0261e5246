"""What differs between two texts, word by word, as runs that a page can mark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

Kind = Literal["same", "removed", "added"]

# Beyond this many pairs of words a comparison takes seconds: the passage is then marked whole.
_MOST_PAIRS: Final = 9_000_000
_WORD: Final = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Run:
    """A stretch of text that both have, that only the first has, or that only the second has."""

    kind: Kind
    text: str


def word_runs(before: str, after: str) -> tuple[Run, ...]:
    """The second text with what it removed from and added to the first, in reading order."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) * len(new) > _MOST_PAIRS:
        return _whole(before, after)
    runs: list[Run] = []
    matcher = SequenceMatcher(None, old, new, autojunk=len(old) > 2_000 or len(new) > 2_000)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            runs.append(Run("same", "".join(old[i1:i2])))
            continue
        runs.append(Run("removed", "".join(old[i1:i2])))
        runs.append(Run("added", "".join(new[j1:j2])))
    return _tidy(runs)


def side(runs: Sequence[Run], kind: Kind) -> tuple[Run, ...]:
    """One of the two texts alone: what both have, and what only this one has."""
    return tuple(run for run in runs if run.kind in {"same", kind})


def _whole(before: str, after: str) -> tuple[Run, ...]:
    if before == after:
        return (Run("same", before),)
    return _tidy([Run("removed", before), Run("added", after)])


def _tidy(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Without empty runs, and with a lone space between two changes taken into them.

    A reader follows "old words" -> "new words" better than three changes with a space between.
    """
    kept: list[Run] = []
    waiting: dict[Kind, str] = {"removed": "", "added": ""}
    for run in runs:
        if run.kind == "same" and (run.text.strip() or not any(waiting.values())):
            kept += [Run(kind, text) for kind, text in waiting.items() if text]
            waiting = {"removed": "", "added": ""}
            kept.append(run)
        elif run.kind == "same":
            waiting = {kind: text + run.text for kind, text in waiting.items()}
        else:
            waiting[run.kind] += run.text
    kept += [Run(kind, text) for kind, text in waiting.items() if text]
    return tuple(run for run in kept if run.text)
