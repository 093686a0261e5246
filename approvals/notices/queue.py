"""A queue of messages: at least once, after growing waits, and given up where all can see it.

A message, its try and the word that it was sent are one transaction. A mailer that dies in between
sends the message again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import formataddr
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import Any, Final, Generic, Protocol, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User

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
# What the mailer asks for of every message: of a person, it may read no more than this.
_FIELDS: Final = (
    *("recipient", "subject", "body", "due_at", "attempts", "sent_at"),
    *("recipient__name", "recipient__email"),
)


class Message(Protocol):
    """A row that waits to be sent to one person."""

    pk: Any
    recipient: Any
    subject: Any
    body: Any
    due_at: Any
    attempts: Any
    sent_at: Any

    def save(self, *, update_fields: list[str]) -> None:
        """Write these fields of the row."""


M = TypeVar("M", bound=Message)


@dataclass(frozen=True)
class Leaving:
    """A message as it leaves: its ID before the @, its text, what to write once it was taken."""

    identity: str
    body: str
    taken: Callable[[datetime], object] = lambda _at: None


@dataclass(frozen=True)
class Queue(Generic[M]):
    """Messages of one kind: which are to be sent, and how each leaves."""

    name: str
    unsent: Callable[[], QuerySet[Any]]
    fields: tuple[str, ...]
    leaving: Callable[[M], Leaving]

    def send_due(self, channel: BaseEmailBackend) -> int:
        """Send what is due and can be sent; how many messages the mail server took."""
        sent = 0
        while (taken := self._send_next(channel)) is not None:
            sent += taken
        return sent

    def send_given_up(self, channel: BaseEmailBackend) -> int:
        """Try everything that was given up once more; how many messages the mail server took."""
        sent = 0
        given_up = self.unsent().filter(attempts__gte=TRIES)
        for key in list(given_up.values_list("pk", flat=True)):
            with transaction.atomic():
                message = self._held(given_up.filter(pk=key))
                sent += message is not None and self._try(message, channel)
        return sent

    def _send_next(self, channel: BaseEmailBackend) -> bool | None:
        """Try one message that nobody else tries: whether it was taken, or None for no message."""
        with transaction.atomic():
            due = self.unsent().filter(attempts__lt=TRIES, due_at__lte=timezone.now())
            message = self._held(due)
            return None if message is None else self._try(message, channel)

    def _held(self, wanted: QuerySet[Any]) -> M | None:
        """The first of these that nobody else holds, held until the transaction ends."""
        held: M | None = (
            wanted.select_related("recipient")
            .only(*_FIELDS, *self.fields)
            .order_by("due_at", "pk")
            .select_for_update(skip_locked=True, of=("self",))
            .first()
        )
        return held

    def _try(self, message: M, channel: BaseEmailBackend) -> bool:
        message.attempts += 1
        leaving = self.leaving(message)
        try:
            channel.send_messages([_mail(message, leaving)])
        except (OSError, ValueError) as error:  # what smtplib raises is an OSError too
            wait = WAITS[min(message.attempts, len(WAITS)) - 1]
            message.due_at = timezone.now() + wait
            # Neither the address nor what the server answered: both may stand in the error.
            log.warning(
                "%s %s was not sent at try %s: %s",
                *(self.name, message.pk, message.attempts, why(error)),
            )
        else:
            message.sent_at = timezone.now()
            leaving.taken(message.sent_at)
        message.save(update_fields=["due_at", "attempts", "sent_at"])
        return message.sent_at is not None


def why(error: Exception) -> str:
    """The kind of an error and the mail server's number for it, and no word of the message."""
    kind = type(error).__name__
    if isinstance(error, SMTPResponseException):
        return f"{kind} {error.smtp_code}"
    if isinstance(error, SMTPRecipientsRefused):
        codes = sorted({str(code) for code, _ in error.recipients.values()})
        return f"{kind} {' '.join(codes)}"
    return kind


def _mail(message: Message, leaving: Leaving) -> EmailMessage:
    """Plain text, marked as sent by a program."""
    host, recipient = urlsplit(settings.STAFF_URL).hostname, message.recipient
    assert isinstance(recipient, User)  # noqa: S101 - every queue's recipient is one
    return EmailMessage(
        subject=message.subject,
        body=leaving.body,
        from_email=formataddr(("Countersign", settings.DEFAULT_FROM_EMAIL)),
        to=[formataddr((recipient.name, recipient.email))],
        headers={
            "Message-ID": f"<{leaving.identity}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )
