"""Links by which somebody chooses a password: sent, used once, revoked, and what became of them."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts import owner_letters
from accounts.models import Invitation, Letter, Purpose, User
from accounts.people import rights
from accounts.people.keeping import Refused, end_sessions, hold, note
from accounts.people.records import LINK_LIFE, LINK_PLACE
from components.words import long_time
from config.database.acting import acting_as

MOST_AN_HOUR: Final = 3
GONE: Final = "This link does not work, or does not work any more."
_FOOT: Final = "Countersign sent this by itself. Do not reply to this message."
_OPENINGS: Final = {
    Purpose.INVITATION: (
        "You are invited to Countersign",
        (
            "The secretariat made an account for you in Countersign, where written decisions are "
            "drafted, advised on and signed. Open this address to choose your password:"
        ),
    ),
    Purpose.PASSWORD: (
        "Choose a new password",
        "The secretariat sends you this link to choose a new password for Countersign:",
    ),
}


def digest_of(secret: str) -> str:
    """What the database keeps of a link."""
    return hashlib.sha256(secret.encode()).hexdigest()


def open_links(person: User) -> QuerySet[Invitation]:
    """The links of this person that were neither used nor revoked."""
    return Invitation.objects.filter(person=person, used_at=None, revoked_at=None)


def write_link(person: User, purpose: Purpose, by: User | None) -> Invitation:
    """Ask for a link and write its message; every earlier link stops working. Raises Refused.

    For the inside of a transaction in which the person is held.
    """
    hour_ago = timezone.now() - timedelta(hours=1)
    if Invitation.objects.filter(person=person, asked_at__gt=hour_ago).count() >= MOST_AN_HOUR:
        raise Refused(
            f"{person.name} was sent {MOST_AN_HOUR} links within the last hour. Wait an hour "
            "before you send another, and ask whether the messages arrive."
        )
    open_links(person).update(revoked_at=timezone.now())
    link = Invitation.objects.create(person=person, purpose=purpose, asked_by=by)
    subject, opening = _OPENINGS[purpose]
    address = settings.STAFF_URL.rstrip("/") + reverse("use_link", args=["SECRET"])
    body = (
        f"{opening}\n\n{address.replace('SECRET', LINK_PLACE)}\n\n"
        f"It works once, within {LINK_LIFE // timedelta(hours=1)} hours. If you did not expect "
        f"this, tell the secretariat and do not open it.\n\n{_FOOT}\n"
    )
    Letter.objects.create(recipient=person, invitation=link, subject=subject, body=body)
    return link


def send_link(person: User, *, by: User | None, lost_factors: bool = False) -> Invitation:
    """Send somebody a link for a new password. Raises Refused.

    With `lost_factors` their passkeys, app, recovery codes and password are removed too, and they
    are signed out: for somebody who has lost them all and whom the secretariat knows by sight.
    """
    with transaction.atomic():
        person = hold(person, by)
        if not person.is_active:
            raise Refused(f"The account of {person.name} is deactivated. Invite them anew instead.")
        if lost_factors and by is not None and rights.weighs(person):
            raise Refused(
                f"{person.name} signs, or confirms who signs, so you alone cannot remove their "
                "passkeys and app. The operator does that, with break_glass, and tells all of you."
            )
        came_in = person.has_usable_password() or person.last_login is not None
        purpose = Purpose.PASSWORD if came_in else Purpose.INVITATION
        link = write_link(person, purpose, by)
        removed = forget_factors(person) if lost_factors else 0
        note(person, by, "send_link", link=link.pk, factors_removed=removed)
    return link


def forget_factors(person: User) -> int:
    """Remove everything this person proves themselves by; how many factors there were.

    For the inside of a transaction in which the person is held. The password goes as well, and
    every session: else whoever overheard it would stand before the page that sets up a factor.
    """
    had_password = person.has_usable_password()
    person.set_unusable_password()
    person.save(update_fields=["password"])
    count: int = Authenticator.objects.filter(user=person).delete()[0]
    end_sessions(person)
    if count or had_password:
        owner_letters.removed_all(person)
    return count


def revoke_link(link: Invitation, *, by: User) -> None:
    """Have a link work no more. Raises Refused where it was used or revoked already."""
    with transaction.atomic():
        hold(link.person, by)
        if not open_links(link.person).filter(pk=link.pk).update(revoked_at=timezone.now()):
            raise Refused("This link was used or revoked already. Nothing was changed.")
        note(link.person, by, "revoke_link", link=link.pk)


def find_link(secret_digest: str) -> Invitation | None:
    """The link with this digest, if it works now."""
    return (
        Invitation.objects.select_related("person")
        .filter(
            digest=secret_digest,
            used_at=None,
            revoked_at=None,
            expires_at__gt=timezone.now(),
            person__is_active=True,
        )
        .first()
    )


def use_link(link: Invitation, password: str) -> None:
    """Set the password of a link's owner, once, and sign them out everywhere. Raises Refused."""
    with acting_as(link.person_id), transaction.atomic():
        person = User.objects.select_for_update(no_key=True).get(pk=link.person_id)
        good = open_links(person).filter(pk=link.pk, expires_at__gt=timezone.now())
        if not person.is_active or not good.update(used_at=timezone.now()):
            raise Refused(GONE)
        person.set_password(password)
        person.save(update_fields=["password"])
        end_sessions(person)
        owner_letters.chose_password(person)
        note(person, person, "use_link", link=link.pk)


def state_of(link: Invitation, now: datetime | None = None) -> str:
    """What became of a link, as a sentence."""
    moment = now or timezone.now()
    if link.used_at:
        return f"It was used on {long_time(link.used_at)}."
    if link.revoked_at:
        return f"It was revoked on {long_time(link.revoked_at)}."
    if link.expires_at is None:
        return "It waits to be sent."
    if link.expires_at <= moment:
        return f"It was not used, and ran out on {long_time(link.expires_at)}."
    return f"It was sent, and works once, until {long_time(link.expires_at)}."
