"""manage.py first_people … --settings config.settings.owner: begin an empty system in earnest."""

from __future__ import annotations

from argparse import ArgumentParser
from email.utils import parseaddr
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from accounts.models import Office
from accounts.people.keeping import Refused
from accounts.people.operating import first_people, require_operator
from accounts.people.rights import CHIEF_EXECUTIVE
from config.database.acting import SET_UP, acting_as
from decisions.models import Series


class Command(BaseCommand):
    """The offices, the series of references and the secretariat, which invites everybody else."""

    help = "Make the offices, the series and the first members of the secretariat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Two people or more, and what the offices and the series are called."""
        parser.add_argument("people", nargs="+", metavar="'NAME <EMAIL>'")
        parser.add_argument("--chief-executive", default="Chief Executive Officer")
        parser.add_argument("--chief-executive-short", default="CEO")
        parser.add_argument("--decides", default="Deputy Mayor for Policing and Crime")
        parser.add_argument("--decides-short", default="DMPC")
        parser.add_argument("--series", default="PCD {number}", help="the pattern of references")
        parser.add_argument("--next-number", type=int, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Begin, wholly or not at all. Raises CommandError with a sentence."""
        try:
            require_operator()
            with transaction.atomic():
                with acting_as(SET_UP):
                    _offices_and_series(options)
                made = first_people([_read(text) for text in options["people"]])
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        for person in made:
            self.stdout.write(
                f"{person.name} is of the secretariat. A link goes to {person.email}."
            )
        self.stdout.write("The links leave as soon as the mailer runs.")


def _read(text: str) -> tuple[str, str]:
    name, email = parseaddr(text)
    try:
        validate_email(email)
    except ValidationError:
        name = ""
    if not name:
        raise Refused(f"Write {text!r} as 'Jo Bloggs <jo@example.org>'. Nothing was done.")
    return name, email


def _offices_and_series(options: dict[str, Any]) -> None:
    if Office.objects.exists() or Series.objects.exists():
        raise Refused("This system has offices or a series already. Nothing was done.")
    if "{number}" not in options["series"]:
        raise Refused("The pattern of references needs {number}, as in 'PCD {number}'.")
    Office.objects.create(
        code=CHIEF_EXECUTIVE,
        title=options["chief_executive"],
        short_title=options["chief_executive_short"],
    )
    short = options["decides_short"]
    decides = Office.objects.create(code=short.lower(), title=options["decides"], short_title=short)
    Series.objects.create(
        code=options["series"].split()[0].lower(),
        pattern=options["series"],
        next_number=options["next_number"],
        office=decides,
    )
