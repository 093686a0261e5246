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
# So many common words at most are taken into the changes around them.
_ISLAND: Final = 2
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
    """Without empty runs, and with small common islands between two changes taken into them.

    A reader follows "these words" for "those words" better than five changes with an "a" between.
    """
    stretches: list[_Stretch] = []
    for run in runs:
        if run.kind == "same":
            stretches.append(_Stretch(same=run.text))
        else:
            if not stretches or stretches[-1].same:
                stretches.append(_Stretch())
            stretches[-1].take(run)
    place = 1
    while place < len(stretches) - 1:
        before, island, after = stretches[place - 1 : place + 2]
        if island.is_lost_between(before, after):
            stretches[place - 1 : place + 2] = [before.joined(island).joined(after)]
            place = max(place - 2, 1)
        else:
            place += 1
    return tuple(run for stretch in stretches for run in stretch.runs())


@dataclass
class _Stretch:
    """Text that both have, or what one has in the place of what the other has."""

    same: str = ""
    removed: str = ""
    added: str = ""

    def take(self, run: Run) -> None:
        if run.kind == "removed":
            self.removed += run.text
        else:
            self.added += run.text

    def is_lost_between(self, before: _Stretch, after: _Stretch) -> bool:
        """Whether this common text is smaller than the changes on both of its sides."""
        words = len(self.same.strip())
        return (
            bool(self.same)
            and not (before.same or after.same)
            and (words <= min(before.size, after.size) and len(self.same.split()) <= _ISLAND)
        )

    @property
    def size(self) -> int:
        return max(len(self.removed), len(self.added))

    def joined(self, other: _Stretch) -> _Stretch:
        return _Stretch(
            removed=self.removed + self.same + other.same + other.removed,
            added=self.added + self.same + other.same + other.added,
        )

    def runs(self) -> list[Run]:
        said: list[tuple[Kind, str]] = [
            ("same", self.same),
            ("removed", self.removed),
            ("added", self.added),
        ]
        return [Run(kind, text) for kind, text in said if text]
