"""What the worker does: make documents, and put back what a dead worker left half done."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Final, cast

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job, Status

from accounts.models import User
from approvals import archive, library
from approvals.documents import RenderingError
from approvals.jobs.asking import MAKE, QUEUE
from approvals.models import DocumentRefusal, Edition
from approvals.sealing import SealingError
from decisions.register import shelf

log = logging.getLogger(__name__)

# How long after each failure the next try is made. After the last one somebody has to ask anew.
WAITS: Final = (
    timedelta(seconds=15),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
)
TRIES: Final = len(WAITS) + 1
# One for all documents, because Pango's font configuration belongs to a single thread. Our own, for
# a worker that is told to stop does not wait for it.
_THREAD: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="documents")
_FAILED: Final = (
    "The document could not be made because the service failed. If it fails again, tell whoever "
    "runs the service."
)
_DIED: Final = (
    "The program that makes documents ended while it made this one, for example because its "
    "machine was started anew or had too little memory. If it happens again, tell whoever runs the "
    "service."
)


class GrowingWaits(BaseRetryStrategy):
    """Try again after ever longer waits, a few times. What cannot be typeset is not tried again.

    A worker that is told to stop puts its document back for the next one at once.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again, or None for no more."""
        if _will_fail_again(exception) or job.attempts >= len(WAITS):
            return None
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision(retry_in={"seconds": 0})
        return RetryDecision(retry_at=timezone.now() + WAITS[job.attempts])


def _will_fail_again(exception: BaseException) -> bool:
    """Whether the text itself is at fault, and not want of room or memory while it was typeset."""
    fleeting = isinstance(exception.__cause__, (OSError, MemoryError))
    return isinstance(exception, RenderingError) and not fleeting


@app.task(name=MAKE, queue=QUEUE, retry=GrowingWaits(), pass_context=True)
async def make_document(context: JobContext, *, edition_id: int, by_id: int) -> None:
    """Make, seal, check and keep the document of an edition, unless it is there."""
    attempt = context.job.attempts + 1
    await _in_the_one_thread(partial(_make, edition_id, by_id, attempt))


@app.periodic(cron="* * * * * */5")
@app.task(name="recover_stalled", queue="upkeep", queueing_lock="recover_stalled")
async def recover_stalled(timestamp: int) -> None:
    """Put back the jobs whose worker died; give up one that ends its worker every time."""
    silent = settings.WORKER_SILENT_SECONDS
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=silent):
        if job.task_name != MAKE:
            await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)
            continue
        edition_id, attempt = cast(int, job.task_kwargs["edition_id"]), job.attempts + 1
        await _in_the_one_thread(partial(_refuse, edition_id, attempt, _DIED))
        if attempt >= TRIES:
            await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)
        else:
            await app.job_manager.retry_job(job)


@app.periodic(cron="17 3 * * *")
@app.task(name="forget_old", queue="upkeep", queueing_lock="forget_old")
async def forget_old(timestamp: int) -> None:
    """Delete jobs that failed more than ninety days ago; why they failed is kept elsewhere."""
    await app.job_manager.delete_old_jobs(nb_hours=90 * 24, include_failed=True)


@app.periodic(cron="41 2 * * *")
@app.task(name="renew_archive", queue="upkeep", queueing_lock="renew_archive")
async def renew_archive(timestamp: int) -> None:
    """Renew the archive copies that are due, where a timestamp authority is set."""
    if settings.SEAL_TSA_URL:
        await _in_the_one_thread(_renew_archive)


@app.periodic(cron="23 1 * * *")
@app.task(name="move_due", queue="upkeep", queueing_lock="move_due")
async def move_due(timestamp: int) -> None:
    """Move deferred decisions that are due to the shelf of those that are public."""
    await _in_the_one_thread(_move_due)


async def _in_the_one_thread(work: Callable[[], None]) -> None:
    """Do slow work in the one thread for it, with a connection to the database of its own."""

    def tidily() -> None:
        close_old_connections()
        try:
            work()
        finally:
            close_old_connections()

    await asyncio.get_running_loop().run_in_executor(_THREAD, tidily)


def _move_due() -> None:
    shelf.move_due()


def _renew_archive() -> None:
    done = archive.renew_due()
    for refusal in done.refusals if done else ():
        log.warning("%s", refusal)


def _make(edition_id: int, by_id: int, attempt: int) -> None:
    edition = Edition.objects.get(pk=edition_id)
    try:
        # Named, not read: the worker may read no person.
        library.make_document(edition, User(pk=by_id))
    except (SealingError, RenderingError, library.StoreError) as refusal:
        _refuse(edition_id, attempt, refusal.sentence)
        raise
    except Exception:
        log.exception("The document of edition %s could not be made", edition_id)
        _refuse(edition_id, attempt, _FAILED)
        raise


def _refuse(edition_id: int, attempt: int, sentence: str) -> None:
    """Keep why it could not be made, where the secretariat sees it."""
    log.warning("Edition %s, try %s of %s: %s", edition_id, attempt, TRIES, sentence)
    DocumentRefusal.objects.create(edition_id=edition_id, attempt=attempt, sentence=sentence)
