"""Requests that the web server itself cannot read: refused, and quoted in no log.

A proxy that is wrong about a length sends the end of one request as the beginning of the next, so
that a word of a form, a cookie or a search can stand anywhere in what cannot be read.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from config import env
from tests.error_world import canary
from tests.kill_world import until

WORD: Final = canary()
NEW_LINE: Final = "\r\n"
HOST: Final = "Host: 127.0.0.1\r\n"
CHUNKED: Final = f"POST /x HTTP/1.1\r\n{HOST}Transfer-Encoding: chunked\r\n"
UNREADABLE: Final = {
    "a method": f"password={WORD}&body=text HTTP/1.1\r\n{HOST}\r\n",
    "a line of words": f"{WORD} of Part 2\r\n\r\n",
    "a version": f"GET /papers/?q=one {WORD} HTTP/1.1\r\n{HOST}\r\n",
    "a header without a colon": f"GET / HTTP/1.1\r\n{HOST}Cookie countersign={WORD}\r\n\r\n",
    "a header with a space": f"GET / HTTP/1.1\r\n{HOST}Cookie : countersign={WORD}\r\n\r\n",
    "a header over two lines": f"GET / HTTP/1.1\r\n{HOST}Cookie: a\r\n countersign={WORD}\r\n\r\n",
    "a length": f"POST / HTTP/1.1\r\n{HOST}Content-Length: {WORD}\r\n\r\nbody",
    "a coding": f"POST / HTTP/1.1\r\n{HOST}Transfer-Encoding: {WORD}\r\n\r\n",
    "a chunk's size": f"{CHUNKED}\r\n{WORD} part two\r\n",
    "a chunk's end": f"{CHUNKED}\r\n3\r\nabc{WORD}\r\n0\r\n\r\n",
    "a long line": f"GET /{WORD}{'x' * 9000} HTTP/1.1\r\n{HOST}\r\n",
    "many headers": f"GET / HTTP/1.1\r\n{HOST}{f'X-Name: {WORD}{NEW_LINE}' * 200}\r\n",
}
TOLD: Final = "Invalid request from 127.0.0.1. What was wrong with it may quote it: not kept."
FORCED: Final = tuple(UNREADABLE)


@contextmanager
def served(application: str, folder: Path) -> Iterator[tuple[int, Path]]:
    """Gunicorn with a process, as the Procfile starts it, without a database; port and log."""
    log = folder / "server.log"
    around = {key: value for key, value in os.environ.items() if "DATABASE_URL" not in key}
    around |= {"COUNTERSIGN_ENV": "development", "DATA_DIR": str(folder / "data")}
    around |= {"DATABASE_URL": f"postgresql://{env.OWNER}@127.0.0.1:1/none"}
    around.pop("DJANGO_SETTINGS_MODULE", None)
    with socket.socket() as listening, log.open("wb") as said:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        command = [sys.executable, "-m", "gunicorn", application, "--no-control-socket"]
        command += ["--bind", f"fd://{listening.fileno()}", "--threads", "2"]
        process = subprocess.Popen(
            command,
            cwd=env.PROJECT,
            env=around,
            pass_fds=[listening.fileno()],
            stdout=said,
            stderr=said,
        )
        try:
            yield listening.getsockname()[1], log
        finally:
            process.terminate()
            process.wait(timeout=20)


def answered(port: int, request: str) -> str:
    """The first line of the answer to some bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(request.encode())
        with connection.makefile("rb") as said:
            return said.readline().decode().strip()


@pytest.mark.parametrize("application", ["config.wsgi_staff", "config.wsgi_public"])
def test_what_the_web_server_cannot_read_is_quoted_in_no_line(
    application: str, tmp_path: Path
) -> None:
    with served(application, tmp_path) as (port, log):
        until(lambda: "Booting worker" in log.read_text(), "a worker starts")
        said = {what: answered(port, request) for what, request in UNREADABLE.items()}
        # A form that no page takes is refused before the end of it is read, or not.
        by_server = [what for what, line in said.items() if " 405 " not in line]
        until(lambda: log.read_text().count(TOLD) >= len(by_server), "each is written down")
    lines = log.read_text()
    assert all(WORD in request for request in UNREADABLE.values())
    assert [what for what, line in said.items() if line.split(" ")[1] < "400"] == []
    assert len(by_server) >= 10
    assert WORD not in lines
    # What it says of itself is still there.
    for sentence in ("Starting gunicorn ", "Listening at: ", "Booting worker with pid: "):
        assert sentence in lines
