"""The sample cast: one person for each part in a decision's life, their password and app."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import connection, transaction

from accounts import sample_codes
from accounts.models import Appointment, Duty, DutyKind, Office, User
from config.database.acting import SET_UP, acting_as
from decisions.models import Paper, Series

# Before the oldest sample decision, so that everybody was in office when it was signed.
SINCE: Final = date(2020, 1, 6)
NEXT_NUMBER: Final = 1829
CHIEF_EXECUTIVE: Final = "chief_executive"
DEPUTY_MAYOR: Final = "dmpc"
OFFICES: Final = {
    CHIEF_EXECUTIVE: ("Chief Executive Officer", "CEO"),
    DEPUTY_MAYOR: ("Deputy Mayor for Policing and Crime", "DMPC"),
}
WORDS: Final = tuple(Path(__file__).with_name("words.txt").read_text().split())
# A number that is only ours, for the lock that keeps two loaders from working at once.
_LOCK: Final = 1080_1828


class NotASampleSystem(Exception):
    """Sample data was asked for where it has no business; the message is a sentence."""


class NotTheCast(Exception):
    """The sample cast is not in the database; the message is a sentence."""


@dataclass(frozen=True)
class Member:
    """Somebody of the cast: what they do every day, or the office they hold."""

    name: str
    duty: DutyKind | None = None
    office: str = ""

    @property
    def part(self) -> str:
        """What a reader calls this person's part."""
        return self.duty.label if self.duty else OFFICES[self.office][0]


CAST: Final[dict[str, Member]] = {
    "olu": Member("Olu Adeyemi", DutyKind.OFFICER),
    "oona": Member("Oona Petrie", DutyKind.OFFICER),
    "farah": Member("Farah Malik", DutyKind.FINANCE),
    "leo": Member("Leo Grant", DutyKind.LEGAL),
    "esme": Member("Esme Castle", DutyKind.EQUALITIES),
    "cormac": Member("Cormac Byrne", DutyKind.COMMERCIAL),
    "dita": Member("Dita Novak", DutyKind.DATA_PROTECTION),
    "hal": Member("Hal Osei", DutyKind.HEAD_OF_SERVICE),
    "celia": Member("Celia Marsh", office=CHIEF_EXECUTIVE),
    "dominic": Member("Dominic Vale", office=DEPUTY_MAYOR),
    "saba": Member("Saba Rahman", DutyKind.SECRETARIAT),
    "aud": Member("Aud Lindqvist", DutyKind.AUDITOR),
}


@dataclass(frozen=True)
class Cast:
    """Everybody, by first name."""

    olu: User  # originating officer
    oona: User  # another officer
    farah: User  # finance
    leo: User  # legal
    esme: User  # equalities
    cormac: User  # commercial
    dita: User  # data protection
    hal: User  # head of service
    celia: User  # Chief Executive
    dominic: User  # Deputy Mayor for Policing and Crime
    saba: User  # secretariat
    aud: User  # auditor

    @property
    def advisers(self) -> dict[str, User]:
        """Who is asked for which row of the form."""
        return {
            "finance": self.farah,
            "legal": self.leo,
            "equalities": self.esme,
            "commercial": self.cormac,
            "data_protection": self.dita,
            "head_of_service": self.hal,
        }

    @property
    def everybody(self) -> dict[str, User]:
        """First name to person."""
        return dict(vars(self))


def email(key: str) -> str:
    """The address with which somebody of the cast signs in."""
    return f"{key}@countersign.example"


def require_sample_system() -> None:
    """Raises NotASampleSystem unless this is a developer's machine that asked for sample data."""
    if not settings.DEVELOPMENT:
        raise NotASampleSystem(
            "This is a production system, and sample data is never loaded into one. Nothing was "
            "done. To try Countersign out, use make run on a machine of your own."
        )
    if not settings.SAMPLE_DATA:
        raise NotASampleSystem(
            "This system was not started as a sample system, so nothing was done. Set "
            "SAMPLE_DATA=1 if it may hold invented people and papers."
        )


def alone() -> None:
    """Wait until no other loader works in this database, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def assemble(password: str, *, next_number: int = NEXT_NUMBER) -> Cast:
    """Make the cast with its duties, offices and appointments, and the series PCD, all or nothing.

    Where the cast is there already, it only gets this password. Raises NotASampleSystem when the
    database holds other people or papers and no cast: it may be one that is in earnest.
    """
    with acting_as(SET_UP), transaction.atomic():
        alone()
        people = _people()
        if not people:
            if User.objects.exists() or Paper.objects.exists():
                raise NotASampleSystem(
                    "This database already holds people or papers, and none of them is of the "
                    "sample, so nothing was done. Use an empty database."
                )
            people = _engage(next_number)
        _give_password(list(people.values()), password)
        sample_codes.give(people.values())
    return Cast(**people)


def find() -> Cast:
    """The cast as it stands in the database. Raises NotTheCast where it does not."""
    people = _people()
    if not people:
        raise NotTheCast(
            "The sample cast is not in this database. Bring it with "
            "manage.py load_sample_decisions --cast-only."
        )
    return Cast(**people)


def kept_password() -> str:
    """The cast's password on this machine; made once and kept in DATA_DIR, for its owner alone."""
    kept = Path(settings.DATA_DIR) / "sample_password"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        draft = kept.with_name(f"sample_password.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(new_password() + "\n")
        try:
            os.link(draft, kept)
        except FileExistsError:
            pass  # another process made it in this very moment; theirs counts
        finally:
            draft.unlink()
    return kept.read_text().strip()


def new_password() -> str:
    """Four words drawn by lot: easy to type, at least 19 characters, one in four thousand million.

    Enough for a sample system that listens on its own machine and slows down guessing.
    """
    return "-".join(secrets.choice(WORDS) for _ in range(4))


def _people() -> dict[str, User]:
    """First name to person: everybody, or nobody, for the cast is made in one transaction."""
    found = User.objects.in_bulk([email(key) for key in CAST], field_name="email")
    return {key: found[email(key)] for key in CAST} if len(found) == len(CAST) else {}


def _engage(next_number: int) -> dict[str, User]:
    people = {key: User.objects.create_user(email(key), who.name) for key, who in CAST.items()}
    offices = {
        code: Office.objects.create(code=code, title=title, short_title=short)
        for code, (title, short) in OFFICES.items()
    }
    for key, who in CAST.items():
        if who.duty:
            Duty.objects.create(person=people[key], kind=who.duty, starts=SINCE)
        else:
            Appointment.objects.create(office=offices[who.office], person=people[key], starts=SINCE)
    Series.objects.create(
        code="pcd", pattern="PCD {number}", next_number=next_number, office=offices[DEPUTY_MAYOR]
    )
    return people


def _give_password(people: list[User], password: str) -> None:
    """One password for all, hashed once, because hashing is meant to be slow."""
    shared = people[0].password
    if all(person.password == shared for person in people) and check_password(password, shared):
        return
    encoded = make_password(password)
    for person in people:
        person.password = encoded
        person.save(update_fields=["password"])
