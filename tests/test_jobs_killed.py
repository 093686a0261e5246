"""A worker that ends in the middle of a document: the next one takes it up, and it is whole."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings
from procrastinate.contrib.django.models import ProcrastinateJob

from approvals import sealing
from approvals.library import read_file
from approvals.models import DocumentRefusal, Edition, SealedDocument
from config import env
from decisions.models import Event, Paper
from setup import run
from setup.children import Child
from tests import database, stages
from tests.cast import Cast, assemble

pytestmark = pytest.mark.usefixtures("seal_key")

PATIENCE: Final = 120  # seconds that anything may take on a busy machine
_SERVED_TO_WORKERS: Final = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND usename = %s"
DOCUMENTS: Final = Path(settings.DATA_DIR) / "files" / "restricted"


@pytest.fixture
def company(clone: str) -> Cast:
    """The cast in a database of the test's own, whose rows a worker can see."""
    return assemble()


def until(happened: Callable[[], bool], what: str) -> None:
    """Wait for a condition, however long the machine needs within reason."""
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, f"It never came about: {what}."
        time.sleep(0.05)


def surroundings(name: str) -> dict[str, str]:
    """What a worker finds in its environment."""
    return os.environ | {
        "COUNTERSIGN_ENV": "development",
        "RENDERER_DATABASE_URL": database.address(env.RENDERER, name),
        "WORKER_SILENT_SECONDS": "4",
    }


@contextmanager
def working(name: str, *, largest_file: int | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A real worker on the database of that name, until the block ends."""

    worker = subprocess.Popen(run.WORKER, cwd=env.PROJECT, env=surroundings(name))
    if largest_file is not None:
        resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (largest_file, largest_file))
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()


def is_being_made() -> bool:
    """Whether a worker has taken the document up and not finished."""
    return ProcrastinateJob.objects.filter(task_name="make_document", status="doing").exists()


def is_made(paper: Paper) -> bool:
    """Whether the document of the newest edition is there."""
    return SealedDocument.objects.filter(edition__paper=paper).exists()


def kept() -> set[str]:
    """The names of all that lies where documents are kept."""
    return {file.name for file in DOCUMENTS.glob("*")} if DOCUMENTS.exists() else set()


@contextmanager
def held(name: str) -> Iterator[None]:
    """Let no document be written down meanwhile, so that its maker is met in the middle."""
    with database.owner_of(name) as owner, owner.transaction():
        owner.execute("LOCK TABLE approvals_sealeddocument IN EXCLUSIVE MODE")
        yield


def test_a_document_whose_worker_was_killed_is_made_by_the_next(clone: str, company: Cast) -> None:
    paper, before = stages.decided(company), kept()
    with held(clone), working(clone) as first:
        until(lambda: kept() != before, "the worker keeps the file, and has to write it down")
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    assert (is_being_made(), is_made(paper)) == (True, False)
    with working(clone):
        until(lambda: is_made(paper), "the next worker makes the document")
    document = SealedDocument.objects.get(edition__paper=paper)
    assert sealing.verify(read_file(document.digest)).ok
    assert Event.objects.filter(paper=paper, verb="seal").count() == 1
    (refusal,) = DocumentRefusal.objects.all()
    assert refusal.sentence.startswith("The program that makes documents ended while it made")


def test_a_worker_that_is_told_to_stop_puts_its_document_back(clone: str, company: Cast) -> None:
    paper = stages.decided(company)
    with held(clone), working(clone) as worker:
        until(is_being_made, "a worker takes the document up")
        worker.terminate()
        assert worker.wait(timeout=PATIENCE) == 0
        assert not is_being_made()
    (job,) = ProcrastinateJob.objects.filter(task_name="make_document")
    assert (job.status, is_made(paper)) == ("todo", False)
    with working(clone):
        until(lambda: is_made(paper), "the next worker makes the document")
    assert not DocumentRefusal.objects.exists()


def test_a_worker_whose_database_no_longer_answers_ends(clone: str, company: Cast) -> None:
    paper = stages.decided(company)
    with working(clone) as worker, database.superuser_of(clone) as superuser:
        until(lambda: is_made(paper), "the worker works")
        served = superuser.execute(_SERVED_TO_WORKERS, [clone, env.RENDERER]).fetchall()
        assert served
        for (backend,) in served:
            os.kill(backend, signal.SIGSTOP)
        try:
            assert worker.wait(timeout=PATIENCE) == 70
        finally:
            for (backend,) in served:
                os.kill(backend, signal.SIGCONT)
    later = stages.decided(company)
    with working(clone):
        until(lambda: is_made(later), "the next worker goes on")


def test_the_supervisor_starts_a_killed_worker_again(clone: str, company: Cast) -> None:
    paper = stages.decided(company)
    worker = Child("worker", list(run.WORKER), surroundings(clone))
    worker.start()
    try:
        with held(clone):
            until(is_being_made, "a worker takes the document up")
            os.killpg(worker.number, signal.SIGKILL)
            until(worker.has_ended, "the worker is dead")
        assert worker.restart()
        until(lambda: is_made(paper), "the worker that was started again makes the document")
    finally:
        worker.kill()


def test_without_room_for_files_nothing_is_half_made_and_it_is_tried_again(
    clone: str, company: Cast
) -> None:
    paper = stages.decided(company)
    before = kept()
    with working(clone, largest_file=4096):
        until(DocumentRefusal.objects.exists, "the worker finds no room")
        until(lambda: not is_being_made(), "the worker puts the document back")
    (refusal,) = DocumentRefusal.objects.all()
    assert refusal.edition == Edition.objects.get(paper=paper)
    assert refusal.sentence.startswith("The document cannot be made: the typesetter stopped")
    assert (kept(), is_made(paper)) == (before, False)
    with database.owner_of(clone) as owner:
        owner.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")
    with working(clone):
        until(lambda: is_made(paper), "there is room again")
    assert sealing.verify(read_file(SealedDocument.objects.get().digest)).ok


def test_the_worker_starts_under_no_other_role(clone: str) -> None:
    refused = subprocess.run(
        [sys.executable, "manage.py", "work"],
        cwd=env.PROJECT,
        env=surroundings(clone) | {"DJANGO_SETTINGS_MODULE": "config.settings.staff"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (refused.returncode, refused.stderr) == (
        1,
        (
            "CommandError: The worker runs as countersign_renderer, which can read no Part 2. "
            "Start it with --settings config.settings.worker.\n"
        ),
    )
