"""tell(): the notices of an act, written in the transaction of the act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from approvals.models import Notice
from approvals.notices.letters import DEFERRAL, RECEIPT, body
from approvals.notices.messages import MESSAGES
from decisions.models import Event

if TYPE_CHECKING:
    from approvals.actions.move import Move


def tell(moving: Move, verb: str, event: Event) -> None:
    """Write the notices of an act. Raises KeyError for a verb that has no messages.

    Nobody is told of their own act except by receipt, and nobody is told twice of one act; a
    reminder is about a later day, and so it comes besides.
    """
    told = {moving.case.person.pk}
    notices = []
    for message in MESSAGES[verb](moving):
        people = message.to if message.kind in {RECEIPT, DEFERRAL} else message.to - told
        if message.kind != DEFERRAL:
            told |= people
        notices += [
            Notice(
                paper=moving.paper,
                event=event,
                kind=message.kind,
                recipient_id=person,
                subject=message.subject,
                body=body(message, moving.paper),
                due_at=message.due_at or timezone.now(),
            )
            for person in sorted(people)
        ]
    Notice.objects.bulk_create(notices)
