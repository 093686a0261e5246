"""A finding is a sentence, about a subject of the task list."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing to put right, or to know.

    `subject` is the task-list subject it belongs to. A blocking finding keeps the paper in draft;
    `subject_incomplete` says that the subject is simply not finished yet.
    """

    subject: str
    sentence: str
    blocking: bool = True
    subject_incomplete: bool = False
