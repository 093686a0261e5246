"""Sending what was written: at least once, after growing waits, and given up where all can see it.

A message, its try and the word that it was sent are one transaction. A mailer that dies in between
sends the message again, under the same Message-ID, by which mail programs know it for the same.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from email.utils import formataddr
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from approvals.models import Notice
from approvals.notices.letters import DEFERRAL

log = logging.getLogger(__name__)

# How long after each failure the next try is made: three days in all.
WAITS: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=16),
    timedelta(hours=24),
    timedelta(hours=24),
)
TRIES: Final = len(WAITS) + 1
# A mailer looks every few seconds; what waits longer than this has no mailer.
LATE: Final = timedelta(hours=1)


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


def send_due(channel: BaseEmailBackend) -> int:
    """Send what is due and can be sent; how many messages the mail server took."""
    sent = 0
    while (taken := _send_next(channel)) is not None:
        sent += taken
    return sent


def send_given_up(channel: BaseEmailBackend) -> int:
    """Try everything that was given up once more; how many messages the mail server took."""
    sent = 0
    for given_up in list(unsent().filter(attempts__gte=TRIES).values_list("pk", flat=True)):
        with transaction.atomic():
            notice = _held(unsent().filter(pk=given_up, attempts__gte=TRIES))
            sent += notice is not None and _try(notice, channel)
    return sent


def _send_next(channel: BaseEmailBackend) -> bool | None:
    """Try one message that nobody else is trying: whether it was taken, or None for no message."""
    with transaction.atomic():
        notice = _held(unsent().filter(attempts__lt=TRIES, due_at__lte=timezone.now()))
        return None if notice is None else _try(notice, channel)


def _held(wanted: QuerySet[Notice]) -> Notice | None:
    """The first of these that nobody else holds, held until the transaction ends."""
    return (
        wanted.select_related("recipient")
        .only(*_FIELDS)
        .order_by("due_at", "pk")
        .select_for_update(skip_locked=True, of=("self",))
        .first()
    )


# All that the mailer asks for: of a person, it may read no more than this.
_FIELDS: Final = (
    *("event", "kind", "recipient", "subject", "body", "due_at", "attempts", "sent_at"),
    *("recipient__name", "recipient__email"),
)


def _try(notice: Notice, channel: BaseEmailBackend) -> bool:
    notice.attempts += 1
    try:
        channel.send_messages([mail_of(notice)])
    except (OSError, ValueError) as error:  # what smtplib raises is an OSError too
        wait = WAITS[min(notice.attempts, len(WAITS)) - 1]
        notice.due_at = timezone.now() + wait
        # Neither the address nor what the server answered: both may stand in the error.
        log.warning("Notice %s was not sent at try %s: %s", notice.pk, notice.attempts, why(error))
    else:
        notice.sent_at = timezone.now()
    notice.save(update_fields=["due_at", "attempts", "sent_at"])
    return notice.sent_at is not None


def why(error: Exception) -> str:
    """The kind of an error and the mail server's number for it, and no word of the message."""
    kind = type(error).__name__
    if isinstance(error, SMTPResponseException):
        return f"{kind} {error.smtp_code}"
    if isinstance(error, SMTPRecipientsRefused):
        codes = sorted({str(code) for code, _ in error.recipients.values()})
        return f"{kind} {' '.join(codes)}"
    return kind


def mail_of(notice: Notice) -> EmailMessage:
    """The mail of a message: plain text, marked as sent by a program, the same ID every time."""
    host = urlsplit(settings.STAFF_URL).hostname
    identity = f"<{notice.kind}.{notice.event_id}.{notice.recipient_id}@{host}>"
    return EmailMessage(
        subject=notice.subject,
        body=notice.body,
        from_email=formataddr(("Countersign", settings.DEFAULT_FROM_EMAIL)),
        to=[formataddr((notice.recipient.name, notice.recipient.email))],
        headers={"Message-ID": identity, "Auto-Submitted": "auto-generated"},
    )
