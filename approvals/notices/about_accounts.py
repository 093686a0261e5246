"""Sending what was written about accounts; the secret of a link is made here, as it leaves.

So it stands in that one mail, and in the database its digest alone. A link that was sent by a
mailer which died before it could say so is unknown, and the next try sends another.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from email.utils import formataddr
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Invitation, Letter
from accounts.people.records import LINK_LIFE, LINK_PLACE
from approvals.notices.sending import TRIES, WAITS, why

log = logging.getLogger(__name__)

# All that the mailer asks for: of a person, it may read no more than this.
_FIELDS: Final = (
    *("recipient", "invitation", "subject", "body", "due_at", "attempts", "sent_at"),
    *("recipient__name", "recipient__email"),
)


def unsent() -> QuerySet[Letter]:
    """Messages to people who are still here; of links, those that were neither used nor revoked."""
    good = Q(invitation__isnull=True) | Q(
        invitation__used_at__isnull=True, invitation__revoked_at__isnull=True
    )
    return Letter.objects.filter(good, sent_at__isnull=True, recipient__is_active=True)


def send_due(channel: BaseEmailBackend) -> int:
    """Send what is due; how many messages the mail server took."""
    sent = 0
    while (taken := _send_next(channel)) is not None:
        sent += taken
    return sent


def send_given_up(channel: BaseEmailBackend) -> int:
    """Try everything that was given up once more; how many messages the mail server took."""
    sent = 0
    for given_up in list(unsent().filter(attempts__gte=TRIES).values_list("pk", flat=True)):
        with transaction.atomic():
            letter = _held(unsent().filter(pk=given_up, attempts__gte=TRIES))
            sent += letter is not None and _try(letter, channel)
    return sent


def _send_next(channel: BaseEmailBackend) -> bool | None:
    with transaction.atomic():
        letter = _held(unsent().filter(attempts__lt=TRIES, due_at__lte=timezone.now()))
        return None if letter is None else _try(letter, channel)


def _held(wanted: QuerySet[Letter]) -> Letter | None:
    return (
        wanted.select_related("recipient")
        .only(*_FIELDS)
        .order_by("due_at", "pk")
        .select_for_update(skip_locked=True, of=("self",))
        .first()
    )


def _try(letter: Letter, channel: BaseEmailBackend) -> bool:
    letter.attempts += 1
    link = letter.invitation_id
    secret = secrets.token_urlsafe(32) if link else ""
    try:
        channel.send_messages([_mail_of(letter, secret)])
    except (OSError, ValueError) as error:  # what smtplib raises is an OSError too
        letter.due_at = timezone.now() + WAITS[min(letter.attempts, len(WAITS)) - 1]
        # Neither the address nor what the server answered: both may stand in the error.
        log.warning("Letter %s was not sent at try %s: %s", letter.pk, letter.attempts, why(error))
    else:
        letter.sent_at = timezone.now()
        if link is not None:
            Invitation.objects.filter(pk=link).update(
                digest=hashlib.sha256(secret.encode()).hexdigest(),
                expires_at=letter.sent_at + LINK_LIFE,
            )
    letter.save(update_fields=["due_at", "attempts", "sent_at"])
    return letter.sent_at is not None


def _mail_of(letter: Letter, secret: str) -> EmailMessage:
    """Plain text, marked as sent by a program. Each try of a link is a message of its own."""
    host = urlsplit(settings.STAFF_URL).hostname
    identity = f"letter.{letter.pk}" + (f".{letter.attempts}" if secret else "")
    return EmailMessage(
        subject=letter.subject,
        body=letter.body.replace(LINK_PLACE, secret) if secret else letter.body,
        from_email=formataddr(("Countersign", settings.DEFAULT_FROM_EMAIL)),
        to=[formataddr((letter.recipient.name, letter.recipient.email))],
        headers={"Message-ID": f"<{identity}@{host}>", "Auto-Submitted": "auto-generated"},
    )
