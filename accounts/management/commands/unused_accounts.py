"""manage.py unused_accounts --settings config.settings.owner: for a nightly timer."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.people.keeping import Refused
from accounts.people.operating import require_operator, tell_of_unused


class Command(BaseCommand):
    """Prints who has not signed in for 60 days, and tells the secretariat where there is any."""

    help = "Print the accounts that nobody used for 60 days, and tell the secretariat."

    def handle(self, *args: Any, **options: Any) -> None:
        """Look. Raises CommandError with a sentence under another login than the owner's."""
        try:
            require_operator()
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        people = tell_of_unused()
        for person in people:
            seen = person.last_login.date().isoformat() if person.last_login else "never"
            self.stdout.write(f"{person.email}\t{seen}")
        self.stdout.write(f"Unused for 60 days: {len(people)}.")
