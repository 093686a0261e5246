"""What the document says of its own accord: the words that follow from the record's facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from decisions.register.record import Approval, Record

SAMPLE: Final = "Sample data: this is not a real decision"
DRAFT: Final = "Draft, not signed"

_SENTENCES: Final = {
    "": "This request has not been decided.",
    "approved": "The above request has my approval.",
    "approved_with_changes": (
        "The above request has my approval with changes. Each recommendation above shows the words "
        "that I have approved."
    ),
    "in_part": (
        "Only part of the above request has my approval. Each recommendation above shows what I "
        "have decided on it."
    ),
    "not_approved": "The above request does not have my approval. My reasons are given above.",
    "nothing_approved": (
        "The above request does not have my approval. Each recommendation above shows whether I "
        "have refused it or deferred it."
    ),
    "deferred": (
        "I have deferred my decision on the above request. It does not have my approval unless a "
        "later decision gives it."
    ),
}

_OUTCOMES: Final = {
    "approved": "Approved",
    "approved_with_changes": "Approved with changes",
    "in_part": "Approved in part",
    "not_approved": "Not approved",
    "nothing_approved": "Not approved",
    "deferred": "Decision deferred",
}


def outcome_kind(record: Record) -> str:
    """What became of the request as a whole, told apart more finely than `record.outcome`.

    "in_part" is kept apart from "approved_with_changes", and "nothing_approved" (some refused,
    the others deferred) from "not_approved", so that the sentence above a signature is true.
    """
    kinds = {item.outcome for item in record.recommendations}
    if not kinds or "" in kinds:
        return ""
    approving = kinds & {"approved", "approved_with_changes"}
    if not approving:
        return kinds.pop() if len(kinds) == 1 else "nothing_approved"
    if approving != kinds:
        return "in_part"
    return "approved" if kinds == {"approved"} else "approved_with_changes"


def approval_sentence(record: Record) -> str:
    """The form's "The above request has my approval.", or what is true instead."""
    return _SENTENCES[outcome_kind(record)]


def outcome_words(record: Record) -> str:
    """The outcome of the whole decision in a word or three; "" while undecided."""
    return _OUTCOMES.get(outcome_kind(record), "")


def signed_as(approval: Approval) -> str:
    """The office as it stands under a name: "X", or "for the X" when the signatory acted for it.

    Someone who acted while holding another office has both: "Y, for the X".
    """
    if not approval.acting_for:
        return approval.office
    acting = f"for the {approval.acting_for}"
    return acting if approval.office == approval.acting_for else f"{approval.office}, {acting}"


def document_title(record: Record, *, draft: bool) -> str:
    """The title of the file: header of the form, title of the decision, and what to beware of."""
    title = f"{header(record)}: {record.title or 'no title yet'}"
    if record.edition > 1:
        title = f"{title} (edition {record.edition})"
    if draft:
        title = f"{DRAFT}. {title}"
    return f"{SAMPLE}. {title}" if record.sample else title


def header(record: Record) -> str:
    """The header of the form: "DMPC Decision – PCD 1080"."""
    return f"{record.office_short} Decision – {record.reference}".strip()
