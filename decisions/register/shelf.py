"""The only way into the register: the staff process places an edition, and may ask what is there.

PostgreSQL checks again what is checked here, and refuses any change of what was placed.
"""

from __future__ import annotations

import hashlib
import html
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import nh3
from django.contrib.postgres.functions import TransactionNow
from django.core.files.storage import storages
from django.db import connection

from decisions.register.models import Decision, Embargo, Live
from decisions.register.record import Record

if TYPE_CHECKING:
    from collections.abc import Collection

    from decisions.register.record import Block

LONDON: Final = ZoneInfo("Europe/London")
SHA256: Final = re.compile(r"[0-9a-f]{64}")
SLUG: Final = re.compile(r"[a-z]+(-[0-9]+)+")
SUMMARY_LENGTH: Final = 1000
# JSON's way to write a NUL, which PostgreSQL cannot keep; not a backslash that somebody typed.
NUL: Final = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


class PlacementError(Exception):
    """The edition cannot go into the register. Its text is a sentence for the reader."""


def place(
    record: Record,
    *,
    pdf_digest: str,
    not_before: datetime | None = None,
    published_at: datetime | None = None,
) -> datetime:
    """Put an edition into the register, with the sealed document of that digest.

    Returns the moment from which the public may read it, as PostgreSQL keeps it.

    `not_before`: the moment from which the public may read it; None or a moment that has passed
    means now. For an edition that waits for its moment this is a fresh decision about the deferral
    and replaces the moment that was set before.
    `published_at`: only for a decision that was public before this register held it.
    Raises PlacementError when the record is not decided, not readable back, or its document is not
    in the published files; IntegrityError when PostgreSQL refuses.
    """
    values = _columns(record) | _document(pdf_digest)
    for file in record.files:
        if len(_published(file.digest, "A supporting document", "signed")) != file.size:
            raise PlacementError(
                "A supporting document has another size, so nothing was published."
            )
    waiting = Embargo.objects.filter(slug=record.slug, edition=record.edition).exists()
    if waiting or (not_before is not None and not_before > datetime.now(UTC)):
        waits = Embargo.objects.create(**values, not_before=not_before or TransactionNow())
        waits.refresh_from_db(fields=["not_before"])
        return waits.not_before
    live = Live.objects.create(**values, published_at=published_at or TransactionNow())
    live.refresh_from_db(fields=["published_at"])
    return live.published_at


def is_published(slug: str) -> bool:
    """Whether the public can read any edition of the decision now."""
    return Decision.objects.filter(slug=slug).exists()


def newest_editions(slugs: Collection[str]) -> dict[str, int]:
    """The newest edition that the public can read now, of each of these decisions that has one."""
    found = Decision.objects.filter(slug__in=slugs, current=True)
    return dict(found.values_list("slug", "edition"))


def due_at(slug: str) -> datetime | None:
    """The moment at which the latest edition becomes public, if it is placed and still waits."""
    newest = Embargo.objects.filter(slug=slug).order_by("-edition", "-id").first()
    if newest is None or Live.objects.filter(slug=slug, edition__gte=newest.edition).exists():
        return None
    return newest.not_before if newest.not_before > datetime.now(UTC) else None


def move_due() -> int:
    """Move what is due to the live shelf; how many editions that were. Nothing visible changes.

    PostgreSQL says what is due, and lets only the worker's role ask for this.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.move_due_decisions()")
        return int(cursor.fetchone()[0])


def _columns(record: Record) -> dict[str, Any]:
    """What the row says of the record, all of it taken from the record itself."""
    if record.decision is None or not record.outcome:
        raise PlacementError(
            f"{record.reference} is not decided: a signature or an outcome is missing. "
            "Only a decided paper can be published."
        )
    if not SLUG.fullmatch(record.slug):
        raise PlacementError(
            f"{record.slug!r} cannot be an address in the register. It must read like pcd-1828."
        )
    content = record.to_json()
    if NUL.search(content) or Record.from_json(content) != record:
        raise PlacementError(
            f"The text of {record.reference} does not read back as it was written, "
            "so it was not published."
        )
    return {
        "reference": record.reference,
        "slug": record.slug,
        "edition": record.edition,
        "title": record.title,
        "office": record.decision.office,
        "decision_maker": record.decision.name,
        "date_signed": record.decision.signed_at.astimezone(LONDON).date(),
        "outcome": record.outcome,
        "summary": _summary(record.executive_summary),
        "capital": record.totals.capital,
        "revenue": record.totals.revenue,
        "income": record.totals.income,
        "sample": record.sample,
        "content": content,
        "digest": record.digest,
    }


def _document(pdf_digest: str) -> dict[str, Any]:
    """Digest and size of the sealed document, which must lie in the published files already."""
    if not SHA256.fullmatch(pdf_digest):
        raise PlacementError("The sealed document's digest is missing, so nothing was published.")
    pdf = _published(pdf_digest, "The sealed document")
    return {"pdf_digest": pdf_digest, "pdf_size": len(pdf)}


def _published(digest: str, what: str, made: str = "sealed") -> bytes:
    """A file that lies among the published files as it should. Raises PlacementError."""
    if not SHA256.fullmatch(digest):
        raise PlacementError(f"{what} has no digest, so nothing was published.")
    try:
        with storages["published"].open(f"{digest}.pdf") as file:
            pdf: bytes = file.read()
    except OSError as error:
        raise PlacementError(
            f"{what} is not among the published files, so nothing was published."
        ) from error
    if hashlib.sha256(pdf).hexdigest() != digest:
        raise PlacementError(f"{what} is not the one that was {made}, so nothing was published.")
    return pdf


def _summary(blocks: tuple[Block, ...]) -> str:
    """The executive summary as plain text for lists and feeds, cut at a word when it is long."""
    spaced = " ".join(block.html for block in blocks).replace("<", " <")
    text = " ".join(html.unescape(nh3.clean(spaced, tags=set())).split())
    if len(text) <= SUMMARY_LENGTH:
        return text
    return text[:SUMMARY_LENGTH].rsplit(" ", 1)[0].rstrip(",;:.") + "…"
