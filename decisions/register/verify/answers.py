"""What is said of a document: what its seal shows, together with what this register publishes.

Both decide. A file is genuine when it is, byte for byte, one that is published here; a seal that
holds on any other file is said to hold, and no more. Only what is published and due is asked.
"""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from django.db.models import Q

from decisions.register.models import Decision
from decisions.register.reference import slug_of
from decisions.register.verify.apart import judge_apart
from decisions.register.verify.trust import CannotJudge

if TYPE_CHECKING:
    from decisions.register.verify.verdict import Verdict

logger = logging.getLogger(__name__)

Kind = Literal[
    "current",
    "replaced",
    "unpublished",
    "altered",
    "not_ours",
    "unreadable",
    "not_judged",
    "no_match",
    "published",
    "published_earlier",
]
TITLES: Final[dict[Kind, str]] = {
    "current": "Genuine and current",
    "replaced": "Genuine, but replaced by a later edition",
    "unpublished": "Our seal, but not a document published here",
    "altered": "Altered after it was sealed",
    "not_ours": "Not a document of ours",
    "unreadable": "This file cannot be read",
    "not_judged": "Seals cannot be judged at the moment",
    "no_match": "Nothing published here matches",
    # A digest can be copied onto anything: what it was copied from is genuine, no more is known.
    "published": "This is the digest of the current edition",
    "published_earlier": "This is the digest of an edition that was replaced",
}
DIGEST: Final = re.compile(r"[0-9a-f]{16,64}")
# What stands between the digits of a digest that was printed in groups or broken over lines.
BETWEEN: Final = re.compile(r"[\s:\u00ad\u200b\u2060-]+")

_SAME: Final = "The file is byte for byte the one that is published here."


@dataclass(frozen=True)
class Answer:
    """What is said: `row` is the edition that the document is, `current` the one to read now.

    `origin` is the published edition that an altered file was made from, where that is certain;
    `seal` what the seal says where it holds.
    """

    kind: Kind
    sentence: str = ""
    row: Decision | None = None
    current: Decision | None = None
    origin: Decision | None = None
    seal: Verdict | None = None
    digest: str = ""

    @property
    def title(self) -> str:
        """The answer in a few words."""
        return TITLES[self.kind]


@dataclass(frozen=True)
class Question:
    """A reference and a digest as somebody typed them, and what is wrong with them."""

    reference: str = ""
    digest: str = ""

    @property
    def is_asked(self) -> bool:
        """Whether anything was asked at all."""
        return bool(self.reference or self.digest)

    @property
    def hexadecimal(self) -> str:
        """The digest without what stands between its digits."""
        return BETWEEN.sub("", self.digest).lower()

    @property
    def faults(self) -> dict[str, str]:
        """A sentence for each field that cannot be understood."""
        found = {}
        if not self.reference:
            found["reference"] = "Enter the reference of the decision, like PCD 1080"
        elif slug_of(self.reference) is None:
            found["reference"] = "Enter a reference of letters and a number, like PCD 1080"
        if not self.hexadecimal:
            found["digest"] = "Enter the digest, or at least its first 16 characters"
        elif not DIGEST.fullmatch(self.hexadecimal):
            found["digest"] = (
                "A digest has 16 to 64 characters: the digits 0 to 9 and the letters a to f"
            )
        return found


def for_file(pdf: bytes) -> Answer:
    """What is said of a file that was handed in."""
    digest = hashlib.sha256(pdf).hexdigest()
    row = _published(Q(pdf_digest=digest))
    try:
        verdict: Verdict | None = judge_apart(pdf)
    except CannotJudge as refusal:
        logger.error("No seal can be judged. %s", refusal.sentence)  # noqa: TRY400 - a sentence, not a trace
        verdict = None
    if row is not None:
        return _genuine(row, digest, verdict)
    if verdict is None:
        return Answer("not_judged", digest=digest)
    if verdict.kind == "genuine":
        return Answer("unpublished", verdict.sentence, seal=verdict, digest=digest)
    return Answer(verdict.kind, verdict.sentence, origin=_origin(pdf, verdict), digest=digest)


def for_digest(question: Question) -> Answer:
    """What is said of a reference and a digest without faults: of the data or of the file."""
    start = question.hexadecimal
    row = _published(
        Q(slug=slug_of(question.reference))
        & (Q(digest__startswith=start) | Q(pdf_digest__startswith=start))
    )
    if row is None:
        return Answer("no_match", digest=start)
    kind: Kind = "published" if row.current else "published_earlier"
    return Answer(kind, row=row, current=_current(row), digest=start)


def _genuine(row: Decision, digest: str, verdict: Verdict | None) -> Answer:
    """A file that is published here byte for byte. Its digest decides, and its seal is told."""
    if verdict is None:
        said = f"{_SAME} Its seal could not be judged at the moment."
    elif verdict.ok:
        said = verdict.sentence
    else:
        logger.error("The published document of %s is judged %s.", row, verdict.reason)
        said = f"{_SAME} Its seal could not be confirmed. {verdict.sentence}"
    seal = verdict if verdict is not None and verdict.ok else None
    return Answer(_state(row), said, row=row, current=_current(row), seal=seal, digest=digest)


def _state(row: Decision) -> Literal["current", "replaced"]:
    return "current" if row.current else "replaced"


def _origin(pdf: bytes, verdict: Verdict) -> Decision | None:
    """The published edition whose document is the unchanged beginning of this file."""
    if not verdict.sealed_bytes:
        return None
    return _published(Q(pdf_digest=hashlib.sha256(pdf[: verdict.sealed_bytes]).hexdigest()))


def _current(row: Decision) -> Decision | None:
    return row if row.current else _published(Q(slug=row.slug, current=True))


def _published(which: Q) -> Decision | None:
    """The latest edition of that kind among those that the public can read now."""
    return Decision.objects.filter(which).defer("content", "search").order_by("-edition").first()
