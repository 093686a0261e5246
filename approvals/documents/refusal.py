"""The one way in which making a document fails."""

from __future__ import annotations


class RenderingError(Exception):
    """No document was made. `sentence` says what happened, why, and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
