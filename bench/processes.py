"""Start a server, send it requests, and read from /proc what it and PostgreSQL spent."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config import env

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """Processor milliseconds a request: of the application and of PostgreSQL."""

    application: float
    database: float

    @property
    def total(self) -> float:
        """Both together."""
        return self.application + self.database


def _cpu(pid: int) -> float:
    """Processor seconds that a process and its ended children have used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(fields[place]) for place in (11, 12, 13, 14)) / TICK


def _family(pid: int) -> list[int]:
    """A process and everything it started."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += _family(int(child))
    return found


def postmaster(backend: int) -> int:
    """The parent of a backend: the process under which all of PostgreSQL runs."""
    for line in Path(f"/proc/{backend}/status").read_text().splitlines():
        if line.startswith("PPid:"):
            return int(line.split()[1])
    raise SystemExit("PostgreSQL runs on another machine, so its work cannot be measured here.")


@contextmanager
def server(application: str, environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Serve with one worker of four threads; gives its process number and its port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    options = ["--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "4"]
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", application, *options, "--keep-alive", "60"],
        cwd=env.PROJECT,
        env=os.environ | environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port)
        yield process.pid, port
    finally:
        process.terminate()
        process.wait()


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("A server did not start; run make run to see why.")


def ask(port: int, path: str, times: int) -> None:
    """Ask for a page many times over one connection; every answer must be 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for _ in range(times):
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}.")


def cost(pid: int, port: int, path: str, times: int, database: int) -> Cost:
    """What a request costs, after a warm-up, on average over this many."""
    ask(port, path, times // 10)
    before = sum(map(_cpu, _family(pid))), sum(map(_cpu, _family(database)))
    ask(port, path, times)
    after = sum(map(_cpu, _family(pid))), sum(map(_cpu, _family(database)))
    return Cost(
        (after[0] - before[0]) * 1000 / times,
        (after[1] - before[1]) * 1000 / times,
    )
