"""Several people, or one impatient one, at the same moment."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextvars import copy_context
from typing import Any

from django.db import connections

from tests import database

_WAITS = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"


def at_once(acts: Sequence[Callable[[], Any]], *, patience: float = 120) -> list[Any]:
    """Do all of this at the same moment, each on a connection of its own; what each came to.

    For a committed database: use the fixture `clone`. An error in one of them is raised here.
    `patience` is how many seconds all of it may take on a busy machine.
    """
    start = threading.Barrier(len(acts))
    answers: list[Any] = [None] * len(acts)
    errors: list[BaseException] = []

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=30)
            answers[place] = act()
        except BaseException as error:  # noqa: BLE001 - it is raised again in the test's own thread
            errors.append(error)
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=copy_context().run, args=(run, *each)) for each in enumerate(acts)
    ]
    for thread in threads:
        thread.start()
    end = time.monotonic() + patience
    for thread in threads:
        thread.join(timeout=max(0, end - time.monotonic()))
    if errors:
        raise errors[0]
    assert not any(thread.is_alive() for thread in threads), "Somebody is still waiting."
    return answers


def wait_until_somebody_waits(name: str) -> None:
    """Come back as soon as somebody in this database waits for what somebody else holds."""
    given_up = time.monotonic() + 60
    with database.superuser_of(name) as watching:
        while watching.execute(_WAITS, [name]).fetchone() == (0,):
            assert time.monotonic() < given_up, "Nobody waits."
