"""manage.py work --settings config.settings.worker: make documents until told to stop."""

from __future__ import annotations

import logging
import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app, connector_params

from approvals.jobs.pulse import PulsingJobs, end_when_silent
from config import env


class Command(BaseCommand):
    """Run one worker. Several may run, on several machines; each makes one document at a time."""

    help = "Make signed documents until told to stop (SIGTERM or Ctrl-C)."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Work. Raises CommandError under any role but the worker's own."""
        if connection.settings_dict["USER"] != env.RENDERER:
            raise CommandError(
                f"The worker runs as {env.RENDERER}, which can read no Part 2. "
                "Start it with --settings config.settings.worker."
            )
        # A database that is away must not hold up the end of a worker for long.
        own = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=3, timeout=5)
        with app.replace_connector(own) as working:
            working.job_manager = jobs = PulsingJobs(own)
            # Twice as long as others wait before they take its job over.
            end_when_silent(jobs, 2 * settings.WORKER_SILENT_SECONDS)
            working.run_worker()
        # A document that is still being typeset in its thread was put back for the next worker.
        logging.shutdown()
        sys.stdout.flush()
        os._exit(0)
