"""Start every process as it runs in earnest, on a database of the journey's own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from config import env
from setup.run import WORKER
from tests import database

PATIENCE = 60  # seconds that a process may take to answer on a busy machine


@dataclass(frozen=True)
class Doors:
    """The addresses of the two processes and the folder they share."""

    staff: str
    public: str
    data: Path


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def environment(name: str, data: Path, staff: int, public: int) -> dict[str, str]:
    """What every process finds in its environment."""
    return os.environ | {
        "COUNTERSIGN_ENV": "development",
        "SAMPLE_DATA": "1",
        "DATA_DIR": str(data),
        # Secrets of second factors are locked under it, and the tests set up the people.
        "SECRET_KEY": settings.SECRET_KEY,
        "DATABASE_URL": database.address(env.OWNER, name),
        "STAFF_DATABASE_URL": database.address(env.STAFF, name),
        "PUBLIC_DATABASE_URL": database.address(env.PUBLIC, name),
        "RENDERER_DATABASE_URL": database.address(env.RENDERER, name),
        "STAFF_PORT": str(staff),
        "PUBLIC_PORT": str(public),
        "STAFF_URL": f"http://127.0.0.1:{staff}",
        "PUBLIC_URL": f"http://127.0.0.1:{public}",
    }


def run_command(name: str, data: Path, *arguments: str) -> None:
    """Run a management command of the staff process on that database."""
    wanted = environment(name, data, 1, 2) | {"DJANGO_SETTINGS_MODULE": "config.settings.staff"}
    subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=env.PROJECT, env=wanted, check=True
    )


@contextmanager
def serving(name: str, data: Path) -> Iterator[Doors]:
    """Both processes, answering, and the worker, until the block ends."""
    ports = _free_port(), _free_port()
    wanted = environment(name, data, *ports)
    running = [
        _start(door, port, wanted, data)
        for door, port in zip(("staff", "public"), ports, strict=True)
    ]
    running.append(_run("worker", list(WORKER), wanted, data))
    try:
        for process, port in zip(running, ports, strict=False):
            _wait(process, f"http://127.0.0.1:{port}/healthz", data)
        yield Doors(wanted["STAFF_URL"], wanted["PUBLIC_URL"], data)
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(timeout=PATIENCE)


def _start(door: str, port: int, wanted: dict[str, str], data: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "gunicorn", f"config.wsgi_{door}"]
    options = ["--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "4"]
    wanted = wanted | {"DJANGO_SETTINGS_MODULE": f"config.settings.{door}"}
    return _run(door, [*command, *options], wanted, data)


def _run(
    name: str, command: list[str], wanted: dict[str, str], data: Path
) -> subprocess.Popen[bytes]:
    with (data / f"{name}.log").open("ab") as log:  # the process keeps a copy of its own
        return subprocess.Popen(command, cwd=env.PROJECT, env=wanted, stdout=log, stderr=log)


def _wait(process: subprocess.Popen[bytes], address: str, data: Path) -> None:
    """Wait until the process says that it can do its work."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            # The address is this machine's own, put together above.
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    logs = "\n".join(path.read_text()[-2000:] for path in data.glob("*.log"))
    raise AssertionError(f"{address} did not answer.\n{logs}")
