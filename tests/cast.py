"""The sample cast: one person for each part in the life of a decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from accounts.models import Appointment, Duty, DutyKind, Office, User
from decisions.models import Series

PASSWORD = "correct horse battery staple"
SINCE = date(2020, 1, 6)


@dataclass(frozen=True)
class Cast:
    """Everybody, by first name, and the two offices that sign."""

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


DUTIES = {
    "olu": DutyKind.OFFICER,
    "oona": DutyKind.OFFICER,
    "farah": DutyKind.FINANCE,
    "leo": DutyKind.LEGAL,
    "esme": DutyKind.EQUALITIES,
    "cormac": DutyKind.COMMERCIAL,
    "dita": DutyKind.DATA_PROTECTION,
    "hal": DutyKind.HEAD_OF_SERVICE,
    "saba": DutyKind.SECRETARIAT,
    "aud": DutyKind.AUDITOR,
}
NAMES = {
    "olu": "Olu Adeyemi",
    "oona": "Oona Petrie",
    "farah": "Farah Malik",
    "leo": "Leo Grant",
    "esme": "Esme Castle",
    "cormac": "Cormac Byrne",
    "dita": "Dita Novak",
    "hal": "Hal Osei",
    "celia": "Celia Marsh",
    "dominic": "Dominic Vale",
    "saba": "Saba Rahman",
    "aud": "Aud Lindqvist",
}


def assemble() -> Cast:
    """Make the cast, its duties and appointments, and the series PCD."""
    people = {
        key: User.objects.create_user(f"{key}@countersign.example", name, PASSWORD)
        for key, name in NAMES.items()
    }
    for key, kind in DUTIES.items():
        Duty.objects.create(person=people[key], kind=kind, starts=SINCE)
    chief = Office.objects.create(
        code="chief_executive", title="Chief Executive Officer", short_title="CEO"
    )
    deputy = Office.objects.create(
        code="dmpc", title="Deputy Mayor for Policing and Crime", short_title="DMPC"
    )
    Appointment.objects.create(office=chief, person=people["celia"], starts=SINCE)
    Appointment.objects.create(office=deputy, person=people["dominic"], starts=SINCE)
    Series.objects.create(code="pcd", pattern="PCD {number}", next_number=1829, office=deputy)
    return Cast(**people)
