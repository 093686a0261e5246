"""`renew_archive`: an archive copy of every sealed document, in time, in the worker’s role."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection
from werkzeug.wrappers import Response

from approvals import archive
from approvals.jobs import tasks
from approvals.library import read_file
from approvals.models import ArchivedDocument, SealedDocument
from approvals.sealing import archive as copies
from config import env
from tests import database, stages
from tests.cast import assemble
from tests.seal_world import World

if TYPE_CHECKING:
    from pytest_django import Settings


@pytest.fixture(autouse=True)
def _authorities(authorities: World, settings: Settings) -> None:
    authorities.use(settings)


@pytest.fixture
def document(clone: str) -> Iterator[SealedDocument]:
    """A sealed document, in a database that is then spoken to in the worker's role."""
    cast = assemble()
    paper = stages.sealed(cast)
    document = SealedDocument.objects.get(edition__paper=paper)
    database.connect("default", env.RENDERER, clone, "public")
    yield document
    database.connect("default", env.STAFF, clone)


def run() -> str:
    """Run the command and hand back what it said."""
    said = StringIO()
    call_command("renew_archive", stdout=said, stderr=said)
    return said.getvalue().strip()


def test_a_copy_is_made_kept_apart_and_written_down(document: SealedDocument) -> None:
    published = read_file(document.digest)
    assert run() == "Archive copies renewed: 1 of 1 that were due."
    (row,) = ArchivedDocument.objects.all()
    copy = archive.read_copy(row.digest)
    assert (row.document, row.size) == (document, len(copy))
    assert hashlib.sha256(copy).hexdigest() == row.digest
    assert copy.startswith(published)
    assert copies.verify(copy).kind == "genuine"
    assert read_file(document.digest) == published
    assert storages["restricted"].exists(f"{row.digest}.pdf") is False
    assert storages["published"].exists(f"{row.digest}.pdf") is False


def test_a_copy_is_renewed_when_it_is_old_and_not_before(
    document: SealedDocument, settings: Settings
) -> None:
    run()
    assert run() == "Archive copies renewed: 0 of 0 that were due."
    (first,) = ArchivedDocument.objects.all()
    soon = first.renewed_at + timedelta(days=364)
    assert list(archive.due(365, now=soon)) == []
    assert list(archive.due(365, now=soon + timedelta(days=1))) == [document]
    settings.SEAL_ARCHIVE_RENEW_DAYS = 0
    assert run() == "Archive copies renewed: 1 of 1 that were due."
    second = ArchivedDocument.objects.latest("renewed_at")
    assert archive.read_copy(second.digest).startswith(archive.read_copy(first.digest))
    assert archive.read_copy(first.digest) != archive.read_copy(second.digest)


def test_what_cannot_be_renewed_is_said_and_nothing_is_written_down(
    document: SealedDocument, authorities: World
) -> None:
    said = StringIO()
    with (
        authorities.answering("/tsa/", lambda _: Response(status=503)),
        pytest.raises(CommandError) as refused,
    ):
        call_command("renew_archive", stdout=said, stderr=said)
    assert said.getvalue().splitlines() == [
        (
            f"Document {document.digest}: The archive copy was not renewed because the timestamp "
            "authority that SEAL_TSA_URL names gave no time stamp. Try again later; if it goes on, "
            "tell whoever runs the service."
        ),
        "Archive copies renewed: 0 of 1 that were due.",
    ]
    assert str(refused.value) == (
        "Archive copies not renewed: 1. The reasons stand above; run this again when they are "
        "mended."
    )
    assert ArchivedDocument.objects.count() == 0
    assert run() == "Archive copies renewed: 1 of 1 that were due."


def test_a_copy_that_was_lost_or_changed_is_not_built_upon(
    document: SealedDocument, settings: Settings
) -> None:
    run()
    settings.SEAL_ARCHIVE_RENEW_DAYS = 0
    row = ArchivedDocument.objects.get()
    storages["archive"].delete(f"{row.digest}.pdf")
    with pytest.raises(CommandError):
        run()
    assert ArchivedDocument.objects.count() == 1


def test_without_a_timestamp_authority_there_is_nothing_to_renew_with(
    document: SealedDocument, settings: Settings
) -> None:
    settings.SEAL_TSA_URL = ""
    with pytest.raises(CommandError) as refused:
        run()
    assert str(refused.value) == (
        "The archive copy was not renewed because no timestamp authority is set. Set SEAL_TSA_URL "
        "to one, and SEAL_TSA_CERTS_FILE to its root."
    )
    asyncio.run(tasks.renew_archive(0))
    assert ArchivedDocument.objects.count() == 0


def test_two_runs_at_once_do_no_work_twice(document: SealedDocument, clone: str) -> None:
    with database.owner_of(clone) as owner:
        owner.execute("SELECT pg_advisory_lock(%s)", [archive._LOCK])
        assert run() == "Another run is renewing archive copies; nothing to do."
        owner.execute("SELECT pg_advisory_unlock(%s)", [archive._LOCK])
    assert run() == "Archive copies renewed: 1 of 1 that were due."


def test_the_worker_renews_by_itself(document: SealedDocument) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone()[0] == env.RENDERER
    asyncio.run(tasks.renew_archive(0))
    assert ArchivedDocument.objects.get().document == document
