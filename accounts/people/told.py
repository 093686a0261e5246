"""What the pages say of a person: one line in the list, the sections of a page, the history."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from allauth.mfa.models import Authenticator

from accounts.factors.rules import APP, PASSKEY
from accounts.models import Act, Appointment, Duty, DutyKind, Office, User
from components.words import long_date

_DUTIES: Final = dict(DutyKind.choices)
OPERATOR: Final = "The operator"
# What each act is called, where {facts} of it may stand.
_SENTENCES: Final = {
    "invite": "Invited",
    "first_people": "Made a member of the secretariat when the system was set up",
    "send_link": "Sent a link for a password{factors}",
    "revoke_link": "Revoked a link",
    "use_link": "Chose a password by a link",
    "give_duty": "Given the duty “{duty}” from {starts}{until}",
    "end_duty": "Duty “{duty}” ended with {ends}",
    "propose": "Proposed as {office}{acting} from {starts}{until}",
    "confirm": "Appointment confirmed",
    "call_off": "Proposal called off",
    "end_appointment": "Appointment as {office} ended with {ends}",
    "deactivate": "Account deactivated",
    "reactivate": "Invited anew after deactivation",
    "break_glass": "Account unlocked on the machine itself{factors}",
}


@dataclass(frozen=True)
class Line:
    """Somebody in the list of people."""

    person: User
    does: tuple[str, ...]
    factor: str


@dataclass(frozen=True)
class Entry:
    """One line of somebody's history."""

    sentence: str
    who: str
    at: datetime


def lines(people: Iterable[User]) -> list[Line]:
    """The list, in five queries however long it is."""
    everybody = list(people)
    does: dict[int, list[str]] = defaultdict(list)
    for appointment in Appointment.objects.current().select_related("office"):
        does[appointment.person_id].append(
            f"Acting {appointment.office.title}" if appointment.acting else appointment.office.title
        )
    for duty in Duty.objects.current().order_by("pk"):
        does[duty.person_id].append(duty.get_kind_display())
    kinds: dict[int, set[str]] = defaultdict(set)
    for number, kind in Authenticator.objects.values_list("user_id", "type"):
        kinds[number].add(kind)
    return [
        Line(person, tuple(does[person.pk]), factor_words(kinds[person.pk])) for person in everybody
    ]


def factor_words(kinds: set[str]) -> str:
    """What somebody proves themselves by besides a password."""
    named = [word for kind, word in ((PASSKEY, "passkey"), (APP, "app")) if kind in kinds]
    return " and ".join(named) or "none"


def history(person: User) -> list[Entry]:
    """Everything that was done to this person's account, newest first."""
    offices = {row.code: row.title for row in Office.objects.all()}
    offices |= {str(row.pk): row.title for row in Office.objects.all()}
    acts = Act.objects.filter(person=person).select_related("by").order_by("-pk")
    return [
        Entry(_sentence(act, offices), act.by.name if act.by else OPERATOR, act.at) for act in acts
    ]


def _sentence(act: Act, offices: dict[str, str]) -> str:
    facts: dict[str, Any] = json.loads(act.facts)
    starts, ends = _day(facts.get("starts")), _day(facts.get("ends"))
    return _SENTENCES[act.verb].format(
        duty=_DUTIES.get(facts.get("duty", ""), ""),
        office=offices.get(str(facts.get("office", "")), ""),
        acting=", acting," if facts.get("acting") else "",
        starts=starts,
        ends=ends,
        until=f" until {ends}" if ends else "",
        factors=" and removed what they proved themselves by"
        if facts.get("factors_removed")
        else "",
    )


def _day(text: str | None) -> str:
    return long_date(date.fromisoformat(text)) if text else ""
