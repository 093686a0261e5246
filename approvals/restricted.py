"""The restricted document: Part 2 of a decided paper, sealed, for one cleared reader.

Made on request, handed over at once and kept nowhere; that it was made is an event, with the
digest by which a copy that turns up can be told. The public document is made in another room,
which cannot reach this one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe

from accounts.models import User
from approvals import sealing
from approvals.documents import typeset, wording
from approvals.documents.blocks import Printed, printed
from approvals.documents.fonts import unprintable_in
from approvals.documents.refusal import RenderingError
from approvals.models import Edition
from decisions.history import record as record_event
from decisions.models import Paper
from decisions.part_two import room
from decisions.part_two.exemptions import ARTICLES, BY_NUMBER
from decisions.register.prose import blocks

__all__ = ["NotCleared", "make_restricted_document"]

NotCleared = room.NotCleared
UNMARKED: Final = "No security marking was given"


def make_restricted_document(paper: Paper, *, by: User, at: datetime | None = None) -> bytes:
    """Part 2 as it was signed, as a sealed PDF for `by`. Records the reading and the making.

    Raises NotCleared when the person has no need to know this paper, RenderingError where it is not
    decided, has no Part 2 or cannot be typeset, SealingError when it cannot be sealed: then nothing
    is handed over and no making is recorded.
    """
    room.require_clearance(paper, by)
    edition = Edition.objects.filter(paper=paper).order_by("-number").first()
    if edition is None:
        raise RenderingError(
            f"{paper.reference} is not decided, so there is no restricted document. Until it is, "
            "read Part 2 on its page."
        )
    version = edition.signature.version
    try:
        frozen = room.read_frozen(version, by=by)
    except room.DoesNotFit as unfit:
        raise RenderingError(str(unfit)) from unfit
    if frozen is None:
        raise RenderingError(
            f"{paper.reference} has no Part 2, so there is no restricted document."
        )
    pdf = sealing.seal(typeset.pdf(_html(edition, frozen, by, at or timezone.now())))
    verdict = sealing.verify(pdf)
    if not verdict.ok:
        raise sealing.SealingError(f"The new document’s own seal does not hold. {verdict.sentence}")
    digest = hashlib.sha256(pdf).hexdigest()
    record_event(paper, "restricted_document", by, number=version.number, document=digest)
    return pdf


def _html(edition: Edition, frozen: room.Frozen, by: User, at: datetime) -> str:
    record, text = edition.record, frozen.text
    if odd := unprintable_in(_passages(text)):
        raise RenderingError(" ".join(odd[:3]))
    marking = text.marking or UNMARKED
    return render_to_string(
        "documents/restricted.html",
        {
            "record": record,
            "title": f"{wording.header(record)}: Part 2, restricted",
            "header": wording.header(record),
            "marking": marking,
            "warning": wording.SAMPLE if record.sample else "",
            "faces": mark_safe(typeset.face_rules()),  # noqa: S308 - our own constants
            "text": text,
            "body": _numbered(text.body),
            "rationale": _paragraphs(text.rationale),
            "exemptions": _exemptions(text),
            "frozen": frozen,
            "version": edition.signature.version,
            "made_for": by.name,
            "made_at": at,
            "created": at.isoformat(timespec="seconds"),
        },
    )


def _passages(text: room.PartTwoText) -> Iterator[tuple[str, str]]:
    """Every text of Part 2 that is printed, with the name under which its writer finds it."""
    yield "Part 2", text.body
    yield "The legal rationale", text.rationale
    yield "The reason for the public", text.reason
    yield "The event that ends the exemption", text.ends_when
    for one in text.exemptions:
        yield f"The public-interest balance for section {one.section}", one.balance


def _numbered(body: str) -> tuple[Printed, ...]:
    return printed(blocks(body, section=1), under=2)


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.split("\n") if part.strip()]


def _exemptions(text: room.PartTwoText) -> list[dict[str, object]]:
    """Each exemption with its names and the paragraphs of its balance."""
    return [
        {
            "article": one.article,
            "article_name": ARTICLES.get(one.article, ""),
            "section": one.section,
            "name": BY_NUMBER[one.section].name if one.section in BY_NUMBER else "",
            "balance": _paragraphs(one.balance),
        }
        for one in text.exemptions
    ]
