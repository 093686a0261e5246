"""The staff process as it is really started: what it says when a save of Part 2 fails."""

from __future__ import annotations

import http.client
import os
import resource
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.conf import settings

from config import env
from decisions.models import Paper
from tests import database, stages
from tests.cast import assemble
from tests.pages import fields_of, signed_in

CANARY = f"Zander{uuid4().hex}"


@dataclass(frozen=True)
class Staff:
    """A running staff process, the browser of somebody signed in, and what the process says."""

    port: int
    cookie: str
    paper: Paper
    log: Path
    number: int

    def ask(self, path: str, typed: dict[str, str] | None = None) -> tuple[int, str]:
        """The status and text of a page, or of what a form comes to."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": self.cookie}
        if typed is None:
            connection.request("GET", path, headers=headers)
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request("POST", path, urlencode(typed, doseq=True), headers)
        answer = connection.getresponse()
        told = answer.status, answer.read().decode() + str(answer.getheaders())
        connection.close()
        return told


@pytest.fixture
def staff(clone: str, tmp_path: Path) -> Iterator[Staff]:
    """Gunicorn with the staff process, as the Procfile starts it."""
    cast = assemble()
    paper = stages.draft(cast, part_two=True)
    client = signed_in(cast.olu)
    client.get("/papers/")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    with database.owner_of(clone) as owner:
        owner.execute(
            "ALTER TABLE conf.part_two ADD CONSTRAINT no_bird CHECK (body NOT LIKE 'Zander%')"
        )
    wanted = {key: value for key, value in os.environ.items() if "DATABASE_URL" not in key} | {
        "STAFF_DATABASE_URL": database.address(env.STAFF, clone),
        "COUNTERSIGN_ENV": "development",
        "DATA_DIR": str(settings.DATA_DIR),
    }
    log = tmp_path / "staff.log"
    with socket.socket() as listening, log.open("wb") as said:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "config.wsgi_staff:application"),
                *("--bind", f"fd://{listening.fileno()}", "--threads", "2"),
                *("--no-control-socket",),
            ],
            cwd=env.PROJECT,
            env=wanted,
            pass_fds=[listening.fileno()],
            stdout=said,
            stderr=said,
        )
        try:
            yield Staff(
                listening.getsockname()[1],
                f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={'x' * 32}",
                paper,
                log,
                process.pid,
            )
        finally:
            process.terminate()
            process.wait(timeout=20)


def test_a_save_that_the_database_refuses_is_told_by_kind_and_place_alone(staff: Staff) -> None:
    address = f"/papers/{staff.paper.slug}/part-two/"
    status, page = staff.ask(address)
    assert status == 200, page
    form = BeautifulSoup(page, "html.parser").select_one("main form[method=post]")
    assert form is not None
    typed = fields_of(form) | {"csrfmiddlewaretoken": "x" * 32}
    pages = []
    for body in (CANARY, f"{CANARY} " + "x" * 200_000, f"{CANARY}\0"):
        status, page = staff.ask(f"{address}?q={CANARY}", typed | {"body": body})
        pages.append(status)
        if status == 500:
            assert CANARY not in page
    assert pages == [500, 200, 500]  # too long is said by the form; a NUL is dropped before
    saved, _ = staff.ask(address, typed | {"body": f"A {CANARY} that is no fault."})
    assert saved == 302
    assert CANARY in staff.ask(address)[1]
    told = staff.log.read_text()
    assert told.count("The database refused. CheckViolation (23514)") == 2
    assert "decisions/part_two/room.py" in told
    assert CANARY not in told


def test_the_process_dumps_no_core(staff: Staff) -> None:
    assert staff.ask("/healthz")[0] == 200
    assert resource.prlimit(staff.number, resource.RLIMIT_CORE) == (0, 0)
