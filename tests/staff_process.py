"""The staff process as it is really started, the browser of somebody signed in, and what it says.

`faulty` starts the same process with one middleware more and templates that come before its own, so
that a view, a template or an answer can be made to fail in the middle, with whatever it holds.
"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from accounts.models import User
from config import env
from tests import database
from tests.pages import signed_in

FORM: Final = "application/x-www-form-urlencoded"
_PASS: Final = "x" * 32
_WSGI: Final = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "faulty_settings"
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
"""
_SETTINGS: Final = """
from pathlib import Path
from config.settings.staff import *
MIDDLEWARE = [*MIDDLEWARE, "faults.Faults"]
TEMPLATES[0]["DIRS"] = [Path(__file__).with_name("templates"), *TEMPLATES[0]["DIRS"]]
"""


@dataclass(frozen=True)
class Staff:
    """A running staff process and one browser."""

    port: int
    cookie: str
    log: Path
    number: int

    def ask(
        self,
        path: str,
        typed: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, str]:
        """The status and text of a page, or of what a form comes to; headers come after the text.

        An answer that breaks off gives what came of it.
        """
        body = None if typed is None else urlencode(_passed(typed), doseq=True).encode()
        return self._send(path, body, FORM, headers or {})

    def hand_in(self, path: str, file: bytes, name: str, **typed: str) -> tuple[int, str]:
        """The same of a form with a file."""
        sent = _passed(typed) | {"file": SimpleUploadedFile(name, file)}
        return self._send(path, encode_multipart(BOUNDARY, sent), MULTIPART_CONTENT, {})

    def _send(
        self, path: str, body: bytes | None, kind: str, headers: dict[str, str]
    ) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": self.cookie} | headers
        if body is None:
            connection.request("GET", path, headers=headers)
        else:
            connection.request("POST", path, body, headers | {"Content-Type": kind})
        answer = connection.getresponse()
        try:
            said = answer.read()
        except http.client.IncompleteRead as broken:
            said = broken.partial
        told = answer.status, said.decode(errors="replace") + str(answer.getheaders())
        connection.close()
        return told


def _passed(typed: dict[str, Any]) -> dict[str, Any]:
    return typed | {"csrfmiddlewaretoken": _PASS}


@contextmanager
def staff_process(
    name: str, person: User, folder: Path, *, faults: str = "", **more: str
) -> Iterator[Staff]:
    """Gunicorn with the staff process on a database, as the Procfile starts it.

    `faults` is the source of a module with a middleware `Faults`; templates in the folder
    `templates` come before the process's own.
    """
    client = signed_in(person)
    client.get("/papers/")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    application = "config.wsgi_staff:application"
    if faults:
        application = "faulty_wsgi:application"
        (folder / "faulty_wsgi.py").write_text(_WSGI)
        (folder / "faulty_settings.py").write_text(_SETTINGS)
        (folder / "faults.py").write_text(faults)
        more["PYTHONPATH"] = f"{folder}{os.pathsep}{env.PROJECT}"
    wanted = {key: value for key, value in os.environ.items() if "DATABASE_URL" not in key} | {
        "STAFF_DATABASE_URL": database.address(env.STAFF, name),
        "COUNTERSIGN_ENV": "development",
        "DATA_DIR": str(settings.DATA_DIR),
        **more,
    }
    log = folder / "staff.log"
    with socket.socket() as listening, log.open("wb") as said:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", application),
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
                f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={_PASS}",
                log,
                process.pid,
            )
        finally:
            process.terminate()
            process.wait(timeout=20)
