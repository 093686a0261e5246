"""Print the sample cast: who they are, what they do, and how to sign in as them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from approvals.sample import cast as stage


class Command(BaseCommand):
    """Prints a table of names, parts and e-mail addresses, and the one password of all."""

    help = "Print the sample cast with e-mail addresses and password."

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError outside a sample system and where there is no cast."""
        try:
            stage.require_sample_system()
            people = stage.find().everybody
        except (stage.NotASampleSystem, stage.NotTheCast) as refusal:
            raise CommandError(str(refusal)) from refusal
        password = stage.kept_password()
        rows = [("Name", "Part", "E-mail address", "Password")] + [
            (person.name, stage.CAST[key].part, person.email, password)
            for key, person in people.items()
        ]
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())
        self.stdout.write("Each page that asks for a code says which it is.")
