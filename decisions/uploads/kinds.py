"""The kinds of file that are let in, and the one way in which a file is not."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

LARGEST: Final = 20 * 1024 * 1024


class Kind(StrEnum):
    """What a file is by its content; the value is the ending that its name must have."""

    PDF = "pdf"
    WORD = "docx"
    EXCEL = "xlsx"

    @property
    def label(self) -> str:
        """The kind in words, for the middle of a sentence."""
        return {"pdf": "a PDF", "docx": "a Word document", "xlsx": "an Excel workbook"}[self.value]


class Unfit(Exception):
    """A file is not let in. `sentence` says what is wrong with it and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
