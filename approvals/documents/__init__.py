"""The public decision document: the record as a PDF in the form of a DMPC decision.

It is made from the record alone, which has no field for Part 2, so that no word of Part 2 can
stand in it. It is PDF/A-3a with the record attached, and PDF/UA-1; a draft is PDF/A-2a.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from django.template.loader import render_to_string

from approvals import sealing
from approvals.documents import bounds, scan, typeset
from approvals.documents.archival import Attached
from approvals.documents.fonts import unprintable
from approvals.documents.made import Made, made_with
from approvals.documents.refusal import RenderingError
from approvals.documents.sheet import attachment_name, sheet

if TYPE_CHECKING:
    from decisions.register.record import Record

__all__ = [
    "Made",
    "RenderingError",
    "html",
    "made_with",
    "publishable",
    "render",
    "unprintable",
]


def render(record: Record, *, draft: bool = False) -> bytes:
    """The decision as an unsealed PDF: the same bytes for the same record, on any day.

    `draft` prints "Draft, not signed" on every page, and neither attaches the data nor keeps a
    place for a seal; without it the record must be decided and signed. Raises RenderingError with
    a sentence.
    """
    written = html(record, draft=draft)
    return typeset.pdf(written, attached=None if draft else _data(record))


def html(record: Record, *, draft: bool = False) -> str:
    """What is typeset. Raises RenderingError when the record is not fit to be."""
    if not draft:
        _refuse_unsigned(record)
    bounds.refuse_too_much(record)
    if odd := unprintable(record):
        raise RenderingError(" ".join(odd[:3]))
    context = {"record": record, "sheet": sheet(record, draft=draft), "draft": draft}
    return render_to_string("documents/decision.html", context)


def publishable(record: Record) -> Made:
    """The decision as the sealed PDF that may be published, checked by the reader's own means.

    Raises RenderingError when it cannot be made or holds what it must not, SealingError when it
    cannot be sealed or the seal does not hold.
    """
    versions = made_with()
    base = render(record)
    sealed = sealing.seal(base)
    if not sealed.startswith(base):
        raise sealing.SealingError(
            "The sealed document does not begin with the document that was made. "
            "Nothing was stored. Tell whoever runs the service."
        )
    verdict = sealing.verify(sealed)
    if not verdict.ok:
        raise sealing.SealingError(f"The new document’s own seal does not hold. {verdict.sentence}")
    if found := scan.findings(sealed, attached=_data(record)):
        raise RenderingError(f"The document is not fit to be published. {' '.join(found)}")
    return Made(pdf=sealed, base_size=len(base), level=sealing.level(), made_with=versions)


def _data(record: Record) -> Attached:
    """The record as the file of data inside its document: its SHA-256 is the record's digest."""
    assert record.decision is not None  # noqa: S101 - what is not signed has no data to attach
    signed = record.decision.signed_at.astimezone(UTC)
    return Attached(
        name=attachment_name(record),
        content=record.to_json().encode(),
        description=f"The data of {record.reference}, edition {record.edition}, as JSON",
        created=signed,
        modified=record.corrections[-1].corrected_on if record.corrections else signed,
    )


def _refuse_unsigned(record: Record) -> None:
    """Raise RenderingError unless somebody decided every recommendation and signed."""
    if record.decision is None or not record.signed_digest:
        raise RenderingError(
            f"{record.reference} has not been signed by its decision maker, so that only a draft "
            "of the document can be made."
        )
    if not record.outcome:
        raise RenderingError(
            f"{record.reference} has a recommendation without an outcome, so that only a draft of "
            "the document can be made."
        )
