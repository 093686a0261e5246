"""The one way in which sealing fails."""

from __future__ import annotations


class SealingError(Exception):
    """No document was sealed. `sentence` says what happened, why, and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
