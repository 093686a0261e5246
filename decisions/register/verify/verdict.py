"""What can be said of a file that was handed in, and the sentences that say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from decisions.register.words import long_time

if TYPE_CHECKING:
    from datetime import datetime

Kind = Literal["genuine", "altered", "not_ours", "unreadable"]
Reason = Literal[
    "whole",
    "content",
    "page",
    "annotation",
    "metadata",
    "update",
    "empty_update",
    "appended",
    "second_signature",
    "saved_anew",
    "seal",
    "hidden",
    "time",
    "damaged",
    "no_seal",
    "stranger",
    "loose",
    "unreadable",
    "too_much",
]

_UNDERNEATH: Final = "What was sealed is still inside this file, unchanged."

SAID: Final[dict[Reason, tuple[Kind, str]]] = {
    "whole": (
        "genuine",
        "Nothing in this document has changed since it was sealed{when} by “{signer}”.",
    ),
    "content": (
        "altered",
        (
            "The document itself was changed after it was sealed: some of its contents are no "
            "longer what the seal covers."
        ),
    ),
    "page": (
        "altered",
        f"A page was replaced or changed after the document was sealed. {_UNDERNEATH}",
    ),
    "annotation": (
        "altered",
        (
            "A note, a mark, a link or another thing that lies on a page was added or changed "
            f"after the document was sealed. {_UNDERNEATH}"
        ),
    ),
    "metadata": (
        "altered",
        (
            "What the file says about itself (its title, dates or other metadata) was replaced "
            f"after the document was sealed. {_UNDERNEATH}"
        ),
    ),
    "update": (
        "altered",
        f"Something was added after the document was sealed. {_UNDERNEATH}",
    ),
    "empty_update": (
        "altered",
        (
            "The file was saved again after it was sealed. Nothing that one can see seems to be "
            f"different, but ours are never saved again. {_UNDERNEATH}"
        ),
    ),
    "appended": (
        "altered",
        f"There is something behind the end of the sealed document. {_UNDERNEATH}",
    ),
    "second_signature": (
        "altered",
        (
            "This document carries more than the one seal that ours carry: something was signed or "
            "sealed after us."
        ),
    ),
    "saved_anew": (
        "altered",
        (
            "A program has written this file anew, so the seal in it no longer fits. Opening a "
            "document and saving or printing it does that."
        ),
    ),
    "seal": (
        "altered",
        "The seal itself was changed or damaged after the document was sealed.",
    ),
    "hidden": (
        "altered",
        (
            "Something was hidden in the place that the seal leaves out for itself, where it can "
            "replace what was sealed. Somebody did this on purpose."
        ),
    ),
    "time": (
        "altered",
        (
            "The time stamp in the seal does not hold: it was changed, or it comes from nobody "
            "whom we trust with the time."
        ),
    ),
    "damaged": (
        "altered",
        (
            "This file has our seal in it, but it is damaged: it was cut short or changed since it "
            "was sealed."
        ),
    ),
    "no_seal": ("not_ours", "This document carries no seal."),
    "stranger": ("not_ours", "The seal on this document is not ours."),
    "loose": (
        "not_ours",
        "The seal on this document would allow changes, which ours never does.",
    ),
    "unreadable": ("unreadable", "This file cannot be read as a sealed PDF document."),
    "too_much": (
        "unreadable",
        (
            "This file takes more work to read than a document of ours ever does, so it was not "
            "judged."
        ),
    ),
}


@dataclass(frozen=True)
class Verdict:
    """Whether a file is ours and unchanged since it was sealed, and the sentence that says so.

    `sealed_bytes`: how much of the file, from its beginning, is exactly what we sealed; 0 where
    nothing is.
    """

    kind: Kind
    sentence: str
    signer: str = ""
    sealed_at: datetime | None = None
    reason: Reason = "unreadable"
    sealed_bytes: int = 0

    @property
    def ok(self) -> bool:
        """Whether the seal is ours and holds over every byte of the file."""
        return self.kind == "genuine"


def verdict(
    reason: Reason, *, signer: str = "", sealed_at: datetime | None = None, sealed_bytes: int = 0
) -> Verdict:
    """The verdict for a reason, with its kind and its sentence."""
    kind, words = SAID[reason]
    when = f" on {long_time(sealed_at)}" if sealed_at else ""
    sentence = words.format(when=when, signer=signer)
    return Verdict(kind, sentence, signer, sealed_at, reason, sealed_bytes)
