"""The subjects of the task list: what a paper consists of, in the order of the form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from decisions.models import Paper, SectionKind


@dataclass(frozen=True)
class Subject:
    """One part of the paper, drafted on a page of its own.

    `optional` says that a paper can be complete without it.
    """

    code: str
    label: str
    group: str
    optional: bool = False

    def address(self, paper: Paper) -> str:
        """Where it is drafted."""
        if self.code in _OWN_PAGES:
            return reverse(_OWN_PAGES[self.code], args=[paper.slug])
        return reverse("save", args=[paper.slug, self.code])


PART_TWO: Final = "part-two"
# Of files: those for the public, and those of Part 2, which stand on the page of Part 2.
FILES: Final = "files"
PART_TWO_FILES: Final = "part-two-files"
_OWN_PAGES: Final = {PART_TWO: "part_two", FILES: "files"}
SECTION: Final = "section-"
# Where the form lets a section be left out, because it does not bear on every decision.
MAY_NOT_APPLY: Final = frozenset({SectionKind.COMMERCIAL, SectionKind.DATA_PROTECTION})

_ABOUT, _ASKED, _PART_ONE = "About the decision", "What is asked", "Part 1: facts and advice"
_PAPERS, _PUBLICATION, _DECLARATION = "Papers", "Publication", "Declaration"

SUBJECTS: Final = (
    Subject("title", "Title, board and power to decide", _ABOUT),
    Subject("summary", "Executive summary", _ASKED),
    Subject("recommendations", "Recommendations", _ASKED),
    Subject("funding", "Costs and funding", _ASKED, optional=True),
    *(Subject(f"{SECTION}{kind.value}", kind.label, _PART_ONE) for kind in SectionKind),
    Subject("background-papers", "Background papers", _PAPERS, optional=True),
    Subject("supporting-documents", "Supporting documents", _PAPERS, optional=True),
    Subject(FILES, "Files for the public", _PAPERS, optional=True),
    Subject("deferral", "When Part 1 is published", _PUBLICATION),
    Subject("part-two-question", "Whether there is a Part 2", _PUBLICATION),
    Subject(PART_TWO, "Part 2", _PUBLICATION),
    Subject("declarations", "Originating officer’s declaration", _DECLARATION),
)
BY_CODE: Final = {subject.code: subject for subject in SUBJECTS}


def subjects_of(paper: Paper) -> Iterator[Subject]:
    """The subjects that this paper has: Part 2 only where the officer says that there is one."""
    for subject in SUBJECTS:
        if subject.code != PART_TWO or paper.has_part_two:
            yield subject


def after(paper: Paper, code: str) -> Subject | None:
    """The subject that comes next in the form, or None after the last."""
    mine = list(subjects_of(paper))
    codes = [subject.code for subject in mine]
    place = codes.index(code) + 1 if code in codes else len(mine)
    return mine[place] if place < len(mine) else None
