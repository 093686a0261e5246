"""A worker that can no longer say that it lives ends, so that another takes over what it held.

A worker whose PostgreSQL neither answers nor hangs up waits for ever, with a job in its name. Who
started it then waits for a program that does nothing, and nobody starts the next one.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from typing import Final

from procrastinate import BaseConnector
from procrastinate.manager import JobManager

log = logging.getLogger(__name__)

_EXIT_CODE: Final = 70  # EX_SOFTWARE of sysexits.h


class PulsingJobs(JobManager):
    """A job manager that knows how long ago the worker last told PostgreSQL that it lives."""

    def __init__(self, connector: BaseConnector) -> None:
        super().__init__(connector)
        self._last: float | None = None

    async def update_heartbeat(self, worker_id: int) -> None:
        """Tell that the worker lives, and note when that was said."""
        await super().update_heartbeat(worker_id)
        self._last = time.monotonic()

    @property
    def silent_for(self) -> float:
        """Seconds since the worker last told that it lives; 0 before it first did."""
        return 0 if self._last is None else time.monotonic() - self._last


def end_when_silent(jobs: PulsingJobs, seconds: float) -> None:
    """End this process, at once and whatever it waits for, when it was silent for so long."""

    def watch() -> None:
        while jobs.silent_for < seconds:
            time.sleep(seconds / 10)
        log.critical(
            "The worker could not tell the database for %s seconds that it lives, so it ends. Who "
            "started it starts the next one, which takes up what it left.",
            round(seconds),
        )
        logging.shutdown()
        os._exit(_EXIT_CODE)

    threading.Thread(target=watch, name="pulse", daemon=True).start()
