"""manage.py send_notices --settings config.settings.mailer: send messages until told to stop."""

from __future__ import annotations

import logging
import signal
import threading
from argparse import ArgumentParser
from typing import Any, Final

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError, connection

from approvals.notices.about_accounts import ABOUT_ACCOUNTS
from approvals.notices.queue import Queue
from approvals.notices.sending import ABOUT_PAPERS
from config import env

log = logging.getLogger(__name__)

PAUSE_SECONDS: Final = 3.0
QUEUES: Final[tuple[Queue[Any], ...]] = (ABOUT_PAPERS, ABOUT_ACCOUNTS)


class Command(BaseCommand):
    """Run one mailer. Several may run; no two send the same message at the same time."""

    help = "Send the messages that wait, until told to stop (SIGTERM or Ctrl-C)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--once` ends when nothing is due; `--again` tries what was given up, and ends."""
        parser.add_argument("--once", action="store_true", help="send what is due, and end")
        parser.add_argument("--again", action="store_true", help="try what was given up, and end")

    def handle(self, *args: Any, once: bool, again: bool, **options: Any) -> None:
        """Send. Raises CommandError under any role but the mailer's own."""
        if connection.settings_dict["USER"] != env.MAILER:
            raise CommandError(
                f"The mailer runs as {env.MAILER}, which can read messages and nothing else. "
                "Start it with --settings config.settings.mailer."
            )
        channel = get_connection()
        if again:
            self.stdout.write(f"Sent of what was given up: {_again(channel)}.")
        elif once:
            _due(channel)
        else:
            self._keep_sending()

    def _keep_sending(self) -> None:
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        channel = get_connection()
        while not stopping.is_set():
            try:
                _due(channel)
            except (DatabaseError, InterfaceError) as error:  # it comes back, and so does this
                log.warning("The database did not answer the mailer: %s", type(error).__name__)
                connection.close()
            stopping.wait(PAUSE_SECONDS)


def _due(channel: BaseEmailBackend) -> int:
    return sum(queue.send_due(channel) for queue in QUEUES)


def _again(channel: BaseEmailBackend) -> int:
    return sum(queue.send_given_up(channel) for queue in QUEUES)
