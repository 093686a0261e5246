"""Messages about accounts; the secret of a link is made here, as its message leaves.

So it stands in that one mail, and in the database its digest alone. A link that was sent by a
mailer which died before it could say so is unknown, and the next try sends another: each try of a
link is a message of its own.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from accounts.models import Invitation, Letter
from accounts.people.records import LINK_LIFE, LINK_PLACE
from approvals.notices.queue import Leaving, Queue


def unsent() -> QuerySet[Letter]:
    """Messages to people who are still here; of links, those that were neither used nor revoked."""
    good = Q(invitation__isnull=True) | Q(
        invitation__used_at__isnull=True, invitation__revoked_at__isnull=True
    )
    return Letter.objects.filter(good, sent_at__isnull=True, recipient__is_active=True)


def _leaving(letter: Letter) -> Leaving:
    if letter.invitation_id is None:
        return Leaving(f"letter.{letter.pk}", letter.body)
    secret, link = secrets.token_urlsafe(32), letter.invitation_id

    def taken(at: datetime) -> None:
        digest = hashlib.sha256(secret.encode()).hexdigest()
        Invitation.objects.filter(pk=link).update(digest=digest, expires_at=at + LINK_LIFE)

    body = letter.body.replace(LINK_PLACE, secret)
    return Leaving(f"letter.{letter.pk}.{letter.attempts}", body, taken)


ABOUT_ACCOUNTS: Final = Queue[Letter]("Letter", unsent, ("invitation",), _leaving)
