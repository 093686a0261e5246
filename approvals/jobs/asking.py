"""Asking for the document of an edition: a job in the same transaction as what it follows from."""

from __future__ import annotations

from typing import Final

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from accounts.models import User
from approvals.models import Edition, SealedDocument

QUEUE: Final = "documents"
MAKE: Final = "make_document"


def key_of(edition_id: int) -> str:
    """What the jobs of one edition are known by: one waits at a time, and one runs at a time."""
    return f"document-{edition_id}"


def ask_for_document(edition: Edition, by: User, *, anew: bool = False) -> None:
    """Have the worker make the document of an edition, once the present transaction is committed.

    A second asking while the first still waits changes nothing, but a try that was put off to a
    later time is made now. Where the document is made already, nothing is done. `anew` says that
    the edition was made in this transaction, so that nothing can have been asked for yet.
    """
    if anew:
        _defer(edition, by)
        return
    if SealedDocument.objects.filter(edition=edition).exists():
        return
    if _hurry(key_of(edition.pk)):
        return
    try:
        with transaction.atomic():
            _defer(edition, by)
    except AlreadyEnqueued:
        pass


def _defer(edition: Edition, by: User) -> None:
    key = key_of(edition.pk)
    task = app.configure_task(MAKE, queue=QUEUE, lock=key, queueing_lock=key)
    task.defer(edition_id=edition.pk, by_id=by.pk)


def _hurry(key: str) -> bool:
    """Bring a try that was put off forward to now; whether there was one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = now() "
            "WHERE queueing_lock = %s AND status = 'todo' AND scheduled_at > now()",
            [key],
        )
        return bool(cursor.rowcount)
