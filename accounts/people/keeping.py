"""What the acts on people share: a refusal, the locks, the record, and the end of sessions."""

from __future__ import annotations

import json
from datetime import date

from django.contrib.sessions.models import Session

from accounts.models import Act, Duty, DutyKind, SignIn, User
from accounts.people import rights


class Refused(Exception):
    """An act on a person was refused; the message is a sentence for the page."""

    @property
    def sentence(self) -> str:
        """What happened, why, and what to do."""
        return str(self)


def hold(person: User, by: User | None) -> User:
    """Lock both people until the transaction ends, and see that `by` may still do this.

    Returns the person as they are now. `by` None is the operator. Raises Refused. The rows are
    locked in one order, so that two who deactivate each other do not wait for each other for ever.
    """
    numbers = {person.pk} | ({by.pk} if by else set())
    rows = {
        row.pk: row
        for row in User.objects.select_for_update(no_key=True).filter(pk__in=numbers).order_by("pk")
    }
    if by is not None:
        if by.pk == person.pk:
            raise Refused(
                "Nobody changes their own account, duties or offices. Ask somebody else of the "
                "secretariat."
            )
        now = rows[by.pk]
        if not now.is_active or not rights.keeps(now):
            raise Refused("Nothing was changed: you are not of the secretariat any more.")
    return rows[person.pk]


def note(person: User, by: User | None, verb: str, **facts: str | int | bool | date | None) -> Act:
    """Write down who did what to whom. Facts are numbers, dates and words of the code."""
    told = {
        name: fact.isoformat() if isinstance(fact, date) else fact for name, fact in facts.items()
    }
    text = json.dumps(told, sort_keys=True, separators=(",", ":"))
    return Act.objects.create(person=person, by=by, verb=verb, facts=text)


def end_sessions(person: User) -> int:
    """Sign this person out of every browser at once; how many there were."""
    keys = list(SignIn.objects.filter(person=person).values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    SignIn.objects.filter(person=person).delete()
    return len(keys)


def secretariat() -> list[User]:
    """Everybody of the secretariat today."""
    on_duty = Duty.objects.current().filter(kind=DutyKind.SECRETARIAT)
    return list(User.objects.filter(pk__in=on_duty.values("person")).order_by("pk"))
