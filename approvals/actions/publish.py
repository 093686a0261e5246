"""publish: place the newest edition on the public register, now or from a day on."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from accounts.models import User
from approvals.actions.move import Refused, move
from approvals.library import publish_file
from approvals.models import Edition, Publication
from approvals.public_files import publish_supporting_file
from decisions.register import shelf
from decisions.register.words import long_date

LONDON = ZoneInfo("Europe/London")


def publish(
    paper_id: int,
    *,
    by: User,
    until: date | None = None,
    reason: str = "",
    owner: User | None = None,
    at: datetime | None = None,
) -> Publication:
    """Publish at once, or on the day `until` at midnight in London.

    A deferral needs its reason and the person who answers for it, and ends no earlier than the
    decision that was signed says. Raises Refused, and then nothing is published.
    """
    with move(paper_id, "publish", by, at=at) as moving:
        edition = moving.case.edition
        if edition is None:
            raise Refused("There is no decision to publish yet.")
        not_before = _not_before(edition, until, moving.at)
        if not_before is not None and not reason.strip():
            raise Refused("Say why publication is deferred.", field="reason")
        if not_before is not None and owner is None:
            raise Refused("Say who answers for the deferral.", field="owner")
        publish_file(edition.document.digest)
        for file in edition.record.files:
            publish_supporting_file(moving.paper.pk, file)
        begins = shelf.place(
            edition.record,
            pdf_digest=edition.document.digest,
            not_before=not_before,
            published_at=at,
        )
        publication = Publication.objects.create(
            edition=edition,
            not_before=not_before,
            reason=reason.strip(),
            owner=owner if not_before else None,
            published_by=by,
            published_at=moving.at,
        )
        moving.publication = publication
        moving.facts = {
            "edition": edition.number,
            "digest": edition.digest,
            "document": edition.document.digest,
            "not_before": not_before.isoformat() if not_before else None,
            "begins": begins.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        }
    return publication


def _not_before(edition: Edition, until: date | None, now: datetime) -> datetime | None:
    """The first moment at which the edition may be read, or None for at once. Raises Refused."""
    signed = edition.record.deferral
    held = signed is not None and signed.until > now.astimezone(LONDON).date()
    if signed is not None and held and (until is None or until < signed.until):
        raise Refused(
            "The decision was signed with publication deferred until "
            f"{long_date(signed.until)}. Choose that day or a later one.",
            field="until",
        )
    if until is None:
        return None
    moment = datetime.combine(until, time.min, tzinfo=LONDON)
    if moment <= now:
        raise Refused("The day must be in the future.", field="until")
    return moment
