"""What the secretariat reads when messages do not leave."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone

from approvals.notices import about_accounts, sending
from approvals.notices.queue import TRIES
from decisions.register.words import join_words, plural

# A mailer looks every few seconds; what waits longer than this has no mailer.
LATE: Final = timedelta(hours=1)
_TELL: Final = "Tell whoever runs the service."
_MOST_NAMES: Final = 3


def messages_that_wait(now: datetime | None = None) -> tuple[str, ...]:
    """Sentences about messages that were given up, and about a mailer that does not run."""
    moment = now or timezone.now()
    papers, accounts = (
        unsent.filter(Q(attempts__gte=TRIES) | Q(due_at__lt=moment - LATE)).values_list(
            "attempts", "recipient__name"
        )
        for unsent in (sending.unsent(), about_accounts.unsent())
    )
    rows = list(papers.union(accounts, all=True))
    given_up = [name for attempts, name in rows if attempts >= TRIES]
    sentences = []
    if given_up:
        count, are = plural(len(given_up), "message"), "is" if len(given_up) == 1 else "are"
        sentences.append(
            f"{count} to {_people(given_up)} could not be sent and {are} no longer tried. {_TELL}"
        )
    if len(rows) > len(given_up):
        sentences.append(
            f"{plural(len(rows) - len(given_up), 'message')} should have been sent more than an "
            f"hour ago. The program that sends messages may not be running. {_TELL}"
        )
    return tuple(sentences)


def _people(named: list[str]) -> str:
    names = sorted(set(named))
    return (
        join_words(names) if len(names) <= _MOST_NAMES else plural(len(names), "person", "people")
    )
