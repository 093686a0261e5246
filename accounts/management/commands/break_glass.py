"""manage.py break_glass EMAIL --settings config.settings.owner: unlock one account."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.people.keeping import Refused
from accounts.people.operating import break_glass, require_operator


class Command(BaseCommand):
    """For the day on which nobody of the secretariat can sign in. It leaves its trace."""

    help = "Send a new link to one account, record it in the chain and tell the secretariat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose account, and whether passkeys, app and recovery codes are lost too."""
        parser.add_argument("email", help="the e-mail address of the account")
        parser.add_argument(
            "--lost-factors",
            action="store_true",
            help="remove its passkeys, app, recovery codes and password too",
        )

    def handle(self, *args: Any, email: str, lost_factors: bool, **options: Any) -> None:
        """Unlock it. Raises CommandError with a sentence."""
        try:
            require_operator()
            person = break_glass(email, lost_factors=lost_factors)
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        removed = (
            " Passkeys, app, recovery codes and password are removed: only the link opens it."
            if lost_factors
            else ""
        )
        self.stdout.write(
            f"A link goes to {person.email} as soon as the mailer runs.{removed} It is recorded, "
            "and the secretariat is told."
        )
