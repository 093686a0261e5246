"""Messages about papers: which of them are to be sent, and under which ID.

A message that is sent twice, because its mailer died, has the same Message-ID both times: by that
mail programs know it for the same.
"""

from __future__ import annotations

from typing import Final

from django.db.models import Exists, OuterRef, QuerySet

from approvals.models import Notice
from approvals.notices.letters import DEFERRAL
from approvals.notices.queue import Leaving, Queue


def unsent() -> QuerySet[Notice]:
    """Messages that are to be sent, to people who are still here.

    A reminder of a deferral is void once the paper was published again, or for another day.
    """
    again = Notice.objects.filter(
        paper=OuterRef("paper"), kind="publish", event__gt=OuterRef("event")
    )
    return Notice.objects.filter(sent_at__isnull=True, recipient__is_active=True).exclude(
        Exists(again), kind=DEFERRAL
    )


def _leaving(notice: Notice) -> Leaving:
    return Leaving(f"{notice.kind}.{notice.event_id}.{notice.recipient_id}", notice.body)


ABOUT_PAPERS: Final = Queue[Notice]("Notice", unsent, ("event", "kind"), _leaving)
