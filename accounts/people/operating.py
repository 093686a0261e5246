"""What only the operator does, on the machine: the first people, a locked door, a look about.

The database takes it from the owner's login alone, and the chain says whose login it was.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Duty, DutyKind, Letter, Purpose, User
from accounts.people.acts import reopen
from accounts.people.keeping import Refused, end_sessions, hold, note, secretariat
from accounts.people.links import forget_factors, write_link
from components.words import long_date
from config import env
from config.database.acting import SET_UP, acting_as

UNUSED: Final = timedelta(days=60)
FEWEST: Final = 2
_FOOT: Final = "Countersign sent this by itself. Do not reply to this message."


def require_operator() -> None:
    """Raises Refused in a process that does not use the owner's login."""
    if connection.settings_dict["USER"] in env.ROLES:
        raise Refused(
            "This is for the operator. Start it with --settings config.settings.owner and "
            "DATABASE_URL set to the owner's login. Nothing was done."
        )


def first_people(people: list[tuple[str, str]]) -> list[User]:
    """Make the first members of the secretariat of an empty system, and send them links.

    `people` are names and addresses: two or more, for nobody appoints anybody alone. Raises
    Refused.
    """
    if len({email.lower() for _, email in people}) < FEWEST:
        raise Refused(
            "Name two people or more: an appointment is proposed by one and confirmed by another. "
            "Nothing was done."
        )
    with acting_as(SET_UP), transaction.atomic():
        if User.objects.exists():
            raise Refused(
                "There are people here already. The secretariat invites the others on the page "
                "People. Nothing was done."
            )
        made = [User.objects.create_user(email, name) for name, email in people]
        for person in made:
            Duty.objects.create(person=person, kind=DutyKind.SECRETARIAT)
            write_link(person, Purpose.INVITATION, None)
        for person in made:
            note(person, None, "first_people")
    return made


def break_glass(email: str, *, lost_factors: bool) -> User:
    """Unlock one account with a new link, and tell the secretariat. It appoints nobody.

    A closed account is opened, without its duties and offices. Raises Refused.
    """
    with transaction.atomic():
        found = User.objects.filter(email=email.strip().lower()).first()
        if found is None:
            raise Refused("Nobody here has this e-mail address. Nothing was done.")
        person = hold(found, None)
        removed = 0
        if not person.is_active:
            reopen(person)
        elif lost_factors:
            removed = forget_factors(person)
        end_sessions(person)
        link = write_link(person, Purpose.PASSWORD, None)
        note(person, None, "break_glass", link=link.pk, factors_removed=removed)
        tell_secretariat(
            "An account was unlocked by the operator",
            f"The operator unlocked the account of {person.name} on the machine itself. If "
            "nobody of you asked for it, deactivate the account now, on the page People.",
        )
    return person


def unused(now: datetime | None = None) -> QuerySet[User]:
    """Open accounts in which nobody signed in for 60 days, and new ones that old."""
    since = (now or timezone.now()) - UNUSED
    return User.objects.filter(
        Q(last_login__lt=since) | Q(last_login__isnull=True, joined_at__lt=since), is_active=True
    ).order_by("name", "pk")


def tell_of_unused() -> list[User]:
    """Tell the secretariat of unused accounts, where there are any; the people concerned."""
    people = list(unused())
    if people:
        lines = "\n".join(
            f"{person.name}: "
            + (
                f"last signed in on {long_date(person.last_login)}"
                if person.last_login
                else "never signed in"
            )
            for person in people
        )
        tell_secretariat(
            "Accounts that nobody uses",
            f"In these accounts nobody signed in for {UNUSED.days} days:\n\n{lines}\n\n"
            "Deactivate those that are not needed, on the page People.",
        )
    return people


def tell_secretariat(subject: str, text: str) -> None:
    """Write a message to everybody of the secretariat."""
    Letter.objects.bulk_create(
        Letter(recipient=person, subject=subject, body=f"{text}\n\n{_FOOT}\n")
        for person in secretariat()
    )
