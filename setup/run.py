"""The whole of Countersign on one machine, until Ctrl-C: `make run`.

PostgreSQL, migrations, sample decisions, then the staff process, the public process, the worker
that makes documents and the mailer, under one supervisor. Whatever ends unexpectedly is started
again, a few times; when the supervisor itself is killed, the kernel tells its children.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from http import HTTPStatus
from types import FrameType
from typing import Final

from setup import devdb
from setup.children import RESTARTS, Child, stop
from setup.sentences import SetupError, say

HOST: Final = "127.0.0.1"
# The same machine by its name: browsers have no passkeys at an address of figures.
NAME: Final = "localhost"
READY_SECONDS: Final = 120
STOP_SECONDS: Final = 1.0
WATCH_SECONDS: Final = 0.25


# What makes documents. It has no door: nobody calls it, it looks for jobs in the database.
WORKER: Final = (sys.executable, "manage.py", "work", "--settings", "config.settings.worker")
# What verifies the chain and signs the public log. It ends when it finds something wrong.
WITNESS: Final = (sys.executable, "manage.py", "witness", "--settings", "config.settings.witness")
# What sends messages: into files, unless EMAIL_URL names a mail server.
MAILER: Final = (
    sys.executable,
    "manage.py",
    "send_notices",
    "--settings",
    "config.settings.mailer",
)


@dataclass(frozen=True)
class Door:
    """A process that answers: its name, its port, and the variable that moves the port."""

    name: str
    module: str
    variable: str
    port: int

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://{NAME if self.name == 'staff' else HOST}:{self.port}/"

    def command(self) -> list[str]:
        """Its server: two processes of four threads each."""
        return [
            *(sys.executable, "-m", "gunicorn", self.module, "--bind", f"{HOST}:{self.port}"),
            *("--worker-class", "gthread", "--workers", "2", "--threads", "4"),
            *("--graceful-timeout", "1", "--log-level", "warning", "--no-control-socket"),
            *("--preload", "--name", f"countersign-{self.name}"),
        ]

    def is_healthy(self) -> bool:
        """Whether it says that it can do its work."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == HTTPStatus.OK
        except OSError:
            return False
        finally:
            connection.close()


class Stopped(Exception):
    """Somebody asked for the end: Ctrl-C, SIGTERM, or the end of the make that started this."""


class Watch:
    """Remembers that the end was asked for. Further requests change nothing."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._parent = os.getppid() if "MAKELEVEL" in os.environ else None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self._asked.set()

    def pause(self, seconds: float) -> None:
        """Wait so long. Raises Stopped as soon as the end is asked for."""
        orphaned = self._parent is not None and os.getppid() != self._parent
        if self._asked.wait(0 if orphaned else seconds) or orphaned:
            raise Stopped


def _port(variable: str, default: int) -> int:
    given = os.environ.get(variable, "").strip() or str(default)
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise SetupError(f"{variable} is {given!r}: give a port number from 1 to 65535.")
    return int(given)


def doors() -> tuple[Door, Door]:
    """The two processes at the ports that the environment names. Raises SetupError."""
    staff = Door("staff", "config.wsgi_staff:application", "STAFF_PORT", _port("STAFF_PORT", 8000))
    public = Door(
        "public", "config.wsgi_public:application", "PUBLIC_PORT", _port("PUBLIC_PORT", 8001)
    )
    if staff.port == public.port:
        raise SetupError("STAFF_PORT and PUBLIC_PORT are the same: give them two port numbers.")
    return staff, public


def check_port(door: Door) -> None:
    """Raises SetupError, in words that name the way out, when somebody else has the port."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, door.port))
        except OSError as error:
            raise SetupError(
                f"Port {door.port} of {HOST}, meant for the {door.name} process, cannot be used "
                f"({error.strerror}): stop the program that has it, or choose another, for example "
                f"make run {door.variable}={door.port + 10}."
            ) from None


def _free(door: Door, watch: Watch) -> None:
    """Wait a moment for a port: a run that was killed just now may still be letting go of it."""
    deadline = time.monotonic() + 3
    while True:
        try:
            return check_port(door)
        except SetupError:
            if time.monotonic() > deadline:
                raise
        watch.pause(0.1)


def _prepare(watch: Watch, environment: dict[str, str], what: str, *command: str) -> None:
    """Run one step of the preparation; its own words explain a failure."""
    say(f"{what}.")
    step = Child(what, [sys.executable, *command], environment)
    step.start()
    try:
        while not step.has_ended():
            watch.pause(0.05)
    finally:
        step.kill()
    if step.exit_code != 0:
        raise SetupError(f"{what} failed, so Countersign was not started.")


def _wait_until_healthy(watch: Watch, both: tuple[Door, Door], children: list[Child]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    waiting = list(both)
    while waiting:
        if any(child.vital and child.has_ended() for child in children):
            raise SetupError("A process ended while starting; what it said stands above.")
        if time.monotonic() > deadline:
            names = " and ".join(door.name for door in waiting)
            raise SetupError(f"The {names} process did not become healthy in {READY_SECONDS} s.")
        waiting = [door for door in waiting if not door.is_healthy()]
        if waiting:
            watch.pause(0.1)


def _keep_running(watch: Watch, children: list[Child], cluster: devdb.Cluster | None) -> None:
    """Start again what ends, until the end is asked for. Raises SetupError when it is no use."""
    database_starts = 0
    running = list(children)
    while True:
        watch.pause(WATCH_SECONDS)
        if cluster is not None and cluster.mend():
            database_starts += 1
            say("PostgreSQL ended unexpectedly; it was started again.")
            if database_starts > RESTARTS:
                raise SetupError(f"PostgreSQL ended {database_starts} times; see its log.")
        for child in [child for child in running if child.has_ended() and not child.restart()]:
            if child.vital:
                raise SetupError(
                    f"The {child.name} process ended {RESTARTS + 1} times, so everything was "
                    "stopped; what it said stands above."
                )
            say(f"The {child.name} ended for good; what it said stands above. The rest goes on.")
            running.remove(child)


def household(both: tuple[Door, Door], environment: dict[str, str]) -> list[Child]:
    """Everything that is to keep running: what answers, the worker, the mailer, the witness."""
    return [
        *(Child(door.name, door.command(), environment) for door in both),
        Child("worker", list(WORKER), environment),
        Child("mailer", list(MAILER), environment),
        Child("witness", [*WITNESS, "--watch"], environment, vital=False),
    ]


def _public_key(environment: dict[str, str]) -> str:
    """The public key of this machine's witness, whose key is made when it is first asked for."""
    told = subprocess.run(
        [*WITNESS, "--public-key"], env=environment, stdout=subprocess.PIPE, text=True, check=False
    )
    return told.stdout.strip() if told.returncode == 0 else ""


def _serve(watch: Watch, both: tuple[Door, Door], url: str, cluster: devdb.Cluster | None) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "COUNTERSIGN_ENV": "development",
        "SAMPLE_DATA": "1",
        "STAFF_PORT": str(both[0].port),
        "PUBLIC_PORT": str(both[1].port),
        "STAFF_URL": os.environ.get("STAFF_URL", "").strip() or both[0].address.rstrip("/"),
    }
    # What the checks ask of a database is what the first migrate is about to bring.
    owner = ("--settings", "config.settings.owner")
    migrate = ("manage.py", "migrate", *owner, "--verbosity", "0", "--skip-checks")
    _prepare(watch, environment, "Bringing the database up to date", *migrate)
    _prepare(watch, environment, "Preparing the sample decisions", "-m", "setup.sample")
    if not environment.get("WITNESS_PUBLIC_KEY"):
        environment["WITNESS_PUBLIC_KEY"] = _public_key(environment)
    children = household(both, environment)
    try:
        for child in children:
            child.start()
        _wait_until_healthy(watch, both, children)
        print(f"\nStaff:  {both[0].address}\nPublic: {both[1].address}")
        print("Ctrl-C stops everything.", flush=True)
        _keep_running(watch, children, cluster)
    finally:
        stop(children, STOP_SECONDS)


def main() -> int:
    """Run until stopped: 0 when asked to, 1 with a sentence when something is in the way."""
    watch = Watch()
    try:
        both = doors()
        for door in both:
            _free(door, watch)
        if os.environ.get("DATABASE_URL", "").strip():
            _serve(watch, both, os.environ["DATABASE_URL"], None)
            return 0
        for role in ("STAFF", "PUBLIC", "RENDERER", "MAILER", "WITNESS"):
            os.environ.pop(f"{role}_DATABASE_URL", None)  # logins to a database meant otherwise
        cluster = devdb.cluster()
        cluster.join()
        try:
            _serve(watch, both, cluster.url, cluster)
        finally:
            cluster.leave()
    except Stopped:
        say("\nStopped.")
    except SetupError as refusal:
        say(str(refusal))
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
