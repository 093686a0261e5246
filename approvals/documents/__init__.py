"""The public decision document: the record as a tagged PDF in the form of a DMPC decision.

It is made from the record alone, which has no field for Part 2, so that no word of Part 2 can
stand in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.loader import render_to_string

from approvals import sealing
from approvals.documents import scan, typeset
from approvals.documents.fonts import unprintable
from approvals.documents.refusal import RenderingError
from approvals.documents.sheet import sheet

if TYPE_CHECKING:
    from decisions.register.record import Record

__all__ = ["RenderingError", "publishable", "render", "unprintable"]


def render(record: Record, *, draft: bool = False) -> bytes:
    """The decision as an unsealed PDF: the same bytes for the same record, on any day.

    `draft` prints "Draft, not signed" on every page; without it the record must be decided and
    signed. Raises RenderingError with a sentence.
    """
    if not draft:
        _refuse_unsigned(record)
    if odd := unprintable(record):
        raise RenderingError(" ".join(odd[:3]))
    context = {"record": record, "sheet": sheet(record, draft=draft), "draft": draft}
    return typeset.pdf(render_to_string("documents/decision.html", context))


def publishable(record: Record) -> bytes:
    """The decision as the sealed PDF that may be published, checked by the reader's own means.

    Raises RenderingError when it cannot be made or holds what it must not, SealingError when it
    cannot be sealed or the seal does not hold.
    """
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
    if found := scan.findings(sealed):
        raise RenderingError(f"The document is not fit to be published. {' '.join(found)}")
    return sealed


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
