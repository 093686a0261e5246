"""manage.py move_due --settings config.settings.worker: tidy the register's shelves."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from config import env
from decisions.register import shelf
from decisions.register.words import plural


class Command(BaseCommand):
    """The worker does the same every night: a run with nothing to do changes nothing."""

    help = "Move deferred decisions that are due to the shelf of those that are public."

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError under any role but the worker's own."""
        if connection.settings_dict["USER"] != env.RENDERER:
            raise CommandError(
                f"Only {env.RENDERER} may ask for this. Start it with "
                "--settings config.settings.worker."
            )
        moved = shelf.move_due()
        self.stdout.write(f"Moved to the live shelf: {plural(moved, 'edition')}.")
