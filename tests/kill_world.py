"""A service in earnest on a PostgreSQL of its own that waits for the disk, and people who sign.

Everything here can be killed and started again: the staff process, the worker, a connection's
backend, PostgreSQL itself.
"""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import psycopg
from django.conf import settings
from django.db import Error, connections
from django.test import Client

from accounts.models import User
from accounts.sample_codes import code_again
from config import env
from setup import devdb, pgbin
from setup.run import WORKER
from tests import database
from tests.cast import PASSWORD
from tests.doors import sign_in_wholly
from tests.journeys.processes import _free_port, environment
from tests.verb_pages import answers

PATIENCE: Final = 120  # seconds that anything may take on a busy machine
HOST: Final = "127.0.0.1"
# A process that PostgreSQL starts anew with all the others when one was killed.
_SINCE: Final = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'"
OUTCOMES: Final = {"has_interest": "no", "outcome_1": "approved", "outcome_2": "approved"}


def until(
    happened: Callable[[], bool], what: str, instead: Callable[[], object] = lambda: ""
) -> float:
    """Wait for a condition, within reason; how many seconds it took. `instead` tells what is."""
    start = time.monotonic()
    while not happened():
        waited = time.monotonic() - start
        assert waited < PATIENCE, f"It never came about: {what}. {instead()}"
        time.sleep(0.02)
    return time.monotonic() - start


@contextmanager
def own_cluster(name: str) -> Iterator[devdb.Cluster]:
    """A PostgreSQL that syncs to the disk, in a folder that is gone afterwards."""
    account = pgbin.account()
    cluster = devdb.named_cluster(account, pgbin.find(account), name)
    assert not cluster.test
    cluster.join()
    try:
        yield cluster
    finally:
        connections.close_all()
        cluster.leave()
        cluster.remove()
        for lock in (pgbin.PROJECT / ".data").glob(f"{name}.*"):
            lock.unlink()
        cluster.data.with_name(f"{name}.log").unlink(missing_ok=True)


@dataclass
class Service:
    """The staff process and the worker, on one database."""

    cluster: devdb.Cluster
    folder: Path
    port: int = field(default_factory=_free_port)
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _crashes: list[Any] = field(default_factory=list)

    def start(self, *names: str) -> None:
        """Start what is named, in a group of its own so that it can be ended whole."""
        wanted = environment(devdb.DATABASE, Path(settings.DATA_DIR), self.port, 1)
        wanted |= {"WORKER_SILENT_SECONDS": "4", "DJANGO_SETTINGS_MODULE": "config.settings.staff"}
        options = ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
        options += ["--no-control-socket"]
        staff = [sys.executable, "-m", "gunicorn", "config.wsgi_staff", *options]
        commands = {"staff": [*staff, "--bind", f"{HOST}:{self.port}"], "worker": list(WORKER)}
        for name in names:
            with (self.folder / f"{name}.log").open("ab") as log:
                self._running[name] = subprocess.Popen(
                    commands[name],
                    cwd=env.PROJECT,
                    env=wanted,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )

    def stop(self) -> None:
        """End everything that was started here."""
        for name in list(self._running):
            self.kill(name)

    def kill(self, name: str) -> None:
        """End one of the two at once, with all its processes."""
        process = self._running.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def answers(self) -> bool:
        """Whether the staff process says that it can do its work."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    # The kinds of kill. Each ends with what a supervisor or an operator would do: start it again.

    def kill_web(self) -> None:
        """The staff process, and all its workers."""
        self.kill("staff")
        self.start("staff")

    def kill_web_worker(self) -> None:
        """One of the staff process's workers; its parent starts another."""
        children = Path(f"/proc/{self._running['staff'].pid}/task")
        numbers = (children / str(self._running["staff"].pid) / "children").read_text().split()
        os.kill(int(numbers[0]), signal.SIGKILL)

    def kill_worker(self) -> None:
        """The process that makes documents."""
        self.kill("worker")
        self.start("worker")

    def kill_backend(self) -> None:
        """The process of PostgreSQL that serves one connection of the staff process."""
        found = self._ask(
            "SELECT pid FROM pg_stat_activity WHERE usename = 'countersign_staff' "
            "ORDER BY state = 'active' DESC, query_start DESC LIMIT 1"
        )
        self._crashes = self._ask(_SINCE) if found else []
        for (number,) in found:
            os.kill(number, signal.SIGKILL)

    def kill_postmaster(self) -> None:
        """PostgreSQL itself."""
        self._crashes = []
        number = int((self.cluster.data / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(number, signal.SIGKILL)
        until(lambda: not self.cluster.alive(), "PostgreSQL is dead")
        self.cluster.leave()
        self.cluster.join()
        if "worker" in self._running and self._running["worker"].poll() is not None:
            self.kill_worker()

    def _ask(self, statement: str) -> list[Any]:
        address = self.cluster.url.replace(devdb.OWNER, devdb.SUPERUSER)
        with psycopg.connect(address, autocommit=True) as superuser:
            return superuser.execute(statement.encode()).fetchall()

    def revive(self) -> float:
        """Wait until the service answers again; whoever ended meanwhile is started. The seconds."""

        def is_back() -> bool:
            self.supervise()
            return self.answers()

        return until(is_back, "the service answers again")

    def settle(self) -> None:
        """Wait until PostgreSQL is over the death of a backend, which it hears of a moment later.

        All its processes are new then. Who reads before that is sent away in the middle.
        """

        def is_over_it() -> bool:
            try:
                return self._ask(_SINCE) != self._crashes
            except psycopg.Error:
                return False

        until(is_over_it, "PostgreSQL is over it")

    def supervise(self) -> None:
        """Start whoever ended, as a supervisor does."""
        for name in ("staff", "worker"):
            if self._running[name].poll() is not None:
                self._running.pop(name)
                self.start(name)


KILLS: Final[tuple[Callable[[Service], None], ...]] = (
    Service.kill_web_worker,
    Service.kill_worker,
    Service.kill_backend,
    Service.kill_postmaster,
    Service.kill_web,
)


class Page:
    """A page as it came over HTTP, in the shape that the tests' readers of pages know."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.status = answer.status
        self.location = answer.getheader("Location", "") or ""
        self.cookies = SimpleCookie("; ".join(answer.headers.get_all("Set-Cookie") or []))
        self.content = answer.read()


class Browser:
    """One person's browser, signed in, on the real staff process."""

    def __init__(self, person: User, port: int) -> None:
        self.person = person
        self._port = port
        client = Client()
        sign_in_wholly(client, person)
        self._cookies = {each.key: each.value for each in client.cookies.values()}

    def ask(self, address: str, form: dict[str, Any] | None = None) -> Page:
        """One call. Raises OSError or HTTPException where the service goes away meanwhile."""
        connection = http.client.HTTPConnection(HOST, self._port, timeout=30)
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
            "Origin": f"http://{HOST}:{self._port}",
            "X-CSRFToken": self._cookies.get(settings.CSRF_COOKIE_NAME, ""),
        }
        try:
            if form is None:
                connection.request("GET", address, headers=headers)
            else:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
                connection.request("POST", address, urlencode(form), headers)
            page = Page(connection.getresponse())
            self._cookies |= {each.key: each.value for each in page.cookies.values()}
            return page
        finally:
            connection.close()


class Refused(Exception):
    """The service said in words that this form signs nothing, so its page has to be opened anew."""


def sign(browser: Browser, address: str, form: dict[str, Any]) -> None:
    """Sign by the page at this address, and come back once the service says that it is signed.

    `form` is filled when the page is first opened, and sent as it was when tried again. Raises
    OSError, HTTPException or Refused. The one place that knows how a person signs by HTTP.
    """
    if not form:
        page = browser.ask(address)
        if page.status != 200:
            raise Refused(f"{address} answered {page.status}")
        form |= answers(page, **(OUTCOMES if "decide" in address else {}))
    form |= {"password": PASSWORD, "code": code_again(browser.person)}
    answer = browser.ask(address, form)
    if answer.status == 302 and answer.location.endswith("/receipt/"):
        return
    if answer.status >= 500:
        raise OSError(f"{address} answered {answer.status}")
    raise Refused(f"{address} answered {answer.status}")


def sign_all(
    browser: Browser, verb: str, slugs: list[str], done: set[tuple[str, str]], may: threading.Event
) -> None:
    """Sign each paper, however often it takes, and note what was acknowledged."""
    for slug in slugs:
        while verb == "decide" and (slug, "endorse") not in done:
            time.sleep(0.02)
        form: dict[str, Any] = {}
        last: Exception | None = None
        end = time.monotonic() + PATIENCE
        while (slug, verb) not in done:
            assert time.monotonic() < end, f"{slug} was never signed ({verb}): {last!r}"
            may.set()
            try:
                sign(browser, f"/papers/{slug}/{verb}/", form)
                done.add((slug, verb))
            except (OSError, http.client.HTTPException, Error) as error:
                connections.close_all()
                last = error
                time.sleep(0.05)
            except Refused as refusal:
                form, last = {}, refusal
                time.sleep(0.2)
    connections.close_all()


def connect_everything(cluster: devdb.Cluster) -> None:
    """Point this process at the cluster's database, as the staff role."""
    database.connect("default", env.STAFF, devdb.DATABASE)
    assert cluster.url == env.database_url(env.OWNER)
