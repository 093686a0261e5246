"""What no page would do, typed as SQL by the staff login: to publish what was not signed so.

Each statement differs in one thing from a placing that PostgreSQL takes.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import today
from approvals.library import publish_file
from approvals.models import Edition
from decisions.models import Paper
from decisions.register import shelf
from decisions.register.models import Decision, Embargo, Live
from decisions.register.record import Correction, Record
from tests import stages
from tests.cast import Cast
from tests.records import pcd_1080

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seal_key")]

UNSIGNED = "Only an edition of a decided paper is published, with its sealed document."
DEFERRED = "It was signed with publication deferred, and that day has not come."
PASSED = "Nothing is published as of a time that has passed."
UNTOLD = "Nothing is published without an event that tells of it."
OTHERWISE = "Office, signatory, date, outcome or money differ from the text placed in the register."
EDITION = "An edition says what was signed; a later one adds what its note is about."
LONDON = ZoneInfo("Europe/London")


def refused(model: type[Any], **columns: Any) -> str:
    """The sentence with which PostgreSQL refuses this row; "" when it takes it."""
    try:
        with transaction.atomic():
            model.objects.create(**columns)
            connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    except DatabaseError as error:
        said = getattr(error.__cause__, "diag", None)
        return str(said.message_primary) if said else str(error)
    finally:
        connection.cursor().execute("SET CONSTRAINTS ALL DEFERRED")
    return ""


def row(paper: Paper, **changes: Any) -> dict[str, Any]:
    """The columns of a paper's newest edition as `shelf.place` would write them, but for these."""
    edition = Edition.objects.filter(paper=paper).latest("number")
    digest = edition.document.digest
    publish_file(digest)
    return shelf._columns(edition.record) | shelf._document(digest) | changes


def of(record: Record) -> dict[str, Any]:
    """The columns of a record, with a document of no paper."""
    pdf = b"%PDF-1.7 a document of nobody's"
    name = hashlib.sha256(pdf).hexdigest()
    if not storages["published"].exists(f"{name}.pdf"):
        storages["published"].save(f"{name}.pdf", ContentFile(pdf))
    return shelf._columns(record) | shelf._document(name)


def midnight(days: int) -> datetime:
    return datetime.combine(today() + timedelta(days=days), time.min, tzinfo=LONDON)


def test_an_invented_decision_is_not_published(cast: Cast) -> None:
    stages.published(cast)
    invented = msgspec.structs.replace(pcd_1080(), reference="PCD 9999", slug="pcd-9999")
    assert refused(Live, **of(invented)) == UNSIGNED
    assert refused(Embargo, **of(invented), not_before=midnight(3)) == UNSIGNED
    assert not Decision.objects.filter(slug="pcd-9999").exists()


def test_a_text_that_was_not_signed_is_not_published(cast: Cast) -> None:
    paper = stages.sealed(cast)
    changed = msgspec.structs.replace(Edition.objects.get().record, title="Another title")
    columns = row(paper) | shelf._columns(changed)
    assert refused(Live, **columns) == UNSIGNED


def test_another_document_than_the_sealed_one_is_not_published(cast: Cast) -> None:
    paper = stages.sealed(cast)
    assert refused(Live, **row(paper, pdf_digest="0" * 64)) == UNSIGNED
    assert refused(Live, **row(paper, pdf_size=7)) == UNSIGNED


def test_what_is_deferred_is_on_no_shelf_before_its_day(cast: Cast) -> None:
    paper = stages.sealed(cast, deferred_until=today() + timedelta(days=30))
    assert refused(Live, **row(paper)) == DEFERRED
    assert (
        refused(Embargo, **row(paper), not_before=midnight(30) - timedelta(seconds=1)) == DEFERRED
    )
    assert refused(Embargo, **row(paper), not_before=midnight(30)) == UNTOLD
    assert not Live.objects.exists()


def test_nothing_is_published_as_of_a_time_that_has_passed(cast: Cast) -> None:
    paper = stages.sealed(cast)
    before = timezone.now() - timedelta(hours=1)
    assert refused(Live, **row(paper), published_at=before) == PASSED
    assert refused(Embargo, **row(paper), not_before=before) == PASSED


def test_nothing_is_published_without_an_event(cast: Cast) -> None:
    paper = stages.sealed(cast)
    assert refused(Live, **row(paper)) == UNTOLD
    assert refused(Embargo, **row(paper), not_before=midnight(3)) == UNTOLD
    stages.publish(paper, cast.saba)
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert Live.objects.get().slug == paper.slug


@pytest.mark.parametrize(
    "column",
    [
        {"outcome": "not_approved"},
        {"decision_maker": "Somebody Else"},
        {"office": "Another office"},
        {"date_signed": today() - timedelta(days=1)},
        {"capital": 1},
        {"revenue": 1},
        {"income": 1},
    ],
    ids=lambda column: next(iter(column)),
)
def test_what_the_list_shows_is_what_the_text_says(cast: Cast, column: dict[str, Any]) -> None:
    assert refused(Live, **row(stages.sealed(cast), **column)) == OTHERWISE


def test_the_summary_is_what_the_text_says_whatever_is_placed(cast: Cast) -> None:
    paper = stages.published(cast)
    deferred = stages.sealed(cast)
    assert Live.objects.get(slug=paper.slug).summary == "This paper asks for money for a platform."
    assert refused(Live, **row(deferred, summary="Something else")) == UNTOLD


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"title": "Another title"},
        {"reference": "PCD 9999"},
        {"sample": True},
        {"signed_digest": "0" * 64},
        {"decision_maker": "Somebody Else"},
        {"recommendations": ()},
        {"edition": 3},
        {"corrections": ()},
    ],
    ids=str,
)
def test_a_later_edition_adds_what_its_note_is_about(cast: Cast, change: dict[str, Any]) -> None:
    paper = stages.decided(cast)
    first = Edition.objects.get(paper=paper)
    note = Correction(edition=2, note="A note.", corrected_on=today())
    second = msgspec.structs.replace(
        first.record, **({"edition": 2, "corrections": (note,)} | change)
    )
    said = refused(
        Edition,
        paper=paper,
        number=2,
        signature=first.signature,
        content=second.to_json(),
        digest=second.digest,
        note="A note.",
        made_by=cast.saba,
    )
    assert said == (EDITION if change else "")


def test_an_empty_edition_of_a_decided_paper_is_refused(cast: Cast) -> None:
    first = Edition.objects.get(paper=stages.decided(cast))
    digest = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    said = refused(
        Edition,
        paper=first.paper,
        number=2,
        signature=first.signature,
        content="{}",
        digest=digest,
        note="A note.",
        made_by=cast.saba,
    )
    assert said == EDITION
