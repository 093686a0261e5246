"""A PostgreSQL of the project's own, for one developer's machine and for the tests.

    python -m setup.devdb [--test] COMMAND...    run a command with DATABASE_URL set
    python -m setup.devdb --remove               stop the clusters and delete their data

Where DATABASE_URL is already set, nothing is started and the command just runs.

The cluster listens on a Unix socket in a folder that is closed to everyone else; there is no port
and no password. Everyone who uses it holds a shared lock that the kernel drops when they die, and
the last to leave stops it. `--test` means a second cluster that never waits for the disk.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psycopg
from psycopg import sql

from setup import pgbin
from setup.locks import Lock
from setup.sentences import SetupError

OWNER: Final = "countersign_owner"
DATABASE: Final = "countersign"
SUPERUSER: Final = "postgres"
BOOTSTRAP: Final = pgbin.PROJECT / "config" / "bootstrap.sql"
START_SECONDS: Final = 30
STOP_SECONDS: Final = 10
# The test cluster's data is worth nothing, so it never waits for the disk.
CARELESS: Final = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


@dataclass(frozen=True)
class Cluster:
    """One data folder, the programs that fit it, and the account that runs them."""

    programs: Path
    owner: pgbin.Account
    data: Path
    socket: Path
    test: bool
    _users: Lock = field(repr=False)
    _change: Lock = field(repr=False)

    @property
    def url(self) -> str:
        """The address that DATABASE_URL gets: the owner's login to the project's database."""
        return f"postgresql://{OWNER}@/{DATABASE}?host={quote(str(self.socket), safe='')}"

    def join(self) -> None:
        """Count as one of its users; make, start or mend it first. Raises SetupError."""
        with self._change.exclusive():
            self._ensure()
            self._users.share()

    def leave(self) -> None:
        """Stop being a user; the last one stops the cluster."""
        with self._change.exclusive():
            self._users.release()
            if self._users.try_exclusive():
                self._stop()
                self._users.release()

    def mend(self) -> bool:
        """Start it again if it has died; whether that was needed. Raises SetupError."""
        if self.alive():
            return False
        with self._change.exclusive():
            self._ensure()
        return True

    def alive(self) -> bool:
        """Whether its postmaster runs. A dead one that nobody has reaped does not count."""
        pid = _first_number(self.data / "postmaster.pid")
        return pid is not None and is_postmaster(pid, self.data)

    def remove(self) -> None:
        """Stop it and delete its data. Raises SetupError while somebody uses it."""
        with self._change.exclusive():
            if not self._users.try_exclusive():
                raise SetupError(
                    "The database of this folder is in use: stop make run and make test first."
                )
            self._stop()
            for folder in (self.data, self.socket):
                shutil.rmtree(folder, ignore_errors=True)
            self._users.release()

    def _ensure(self) -> None:
        if not (self.data / "PG_VERSION").exists():
            self._create()
        if not self.alive():
            try:
                self._start()
            except SetupError:
                if not self.test:
                    raise
                # A machine that lost power may have left a test cluster beyond repair.
                shutil.rmtree(self.data, ignore_errors=True)
                self._create()
                self._start()
        self._provide()

    def _create(self) -> None:
        """Make the data folder under another name first: half a cluster is never taken for one."""
        for left_over in self.data.parent.glob(f"{self.data.name}.new*"):
            shutil.rmtree(left_over, ignore_errors=True)
        draft = self.data.with_name(f"{self.data.name}.new{os.getpid()}")
        made = self.owner.run(
            self.programs / "initdb",
            *("--pgdata", draft, "--username", SUPERUSER, "--auth", "trust"),
            *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-instructions"),
            *(["--no-sync"] if self.test else []),
        )
        if made.returncode != 0:
            shutil.rmtree(draft, ignore_errors=True)
            reason = (made.stderr.strip() or made.stdout.strip()).splitlines()[-1:]
            raise SetupError(f"PostgreSQL could not make its data folder: {' '.join(reason)}.")
        with (draft / "postgresql.conf").open("a") as settings:
            settings.write("include_if_exists = 'countersign.conf'\n")
        draft.rename(self.data)

    def _settings(self) -> str:
        folder = str(self.socket).replace('"', '""').replace("'", "''")
        lines = [
            "listen_addresses = ''",
            # The setting is a list: double quotes keep a path with a space or comma in one piece.
            f"""unix_socket_directories = '"{folder}"'""",
            "unix_socket_permissions = 0700",
            "max_connections = 100",
            "timezone = 'UTC'",
            "log_destination = 'stderr'",
            *(CARELESS if self.test else ()),
        ]
        return "\n".join(lines) + "\n"

    def _start(self) -> None:
        self.owner.give(self.socket)
        settings = self.data / "countersign.conf"
        settings.write_text(self._settings())
        settings.chmod(0o644)
        self._clear_the_dead()
        log = self.data.with_name(f"{self.data.name}.log")
        started = self.owner.run(
            self.programs / "pg_ctl",
            *("--pgdata", self.data, "--log", log, "--wait", "--timeout", str(START_SECONDS)),
            *("--silent", "start"),
        )
        if started.returncode != 0:
            raise SetupError(f"PostgreSQL did not start: {_last_words(log)} (see {log}).")

    def _stop(self) -> None:
        if not self.alive():
            return
        for mode in ("fast", "immediate"):
            stopped = self.owner.run(
                self.programs / "pg_ctl",
                *("--pgdata", self.data, "--mode", mode, "--wait"),
                *("--timeout", str(STOP_SECONDS), "--silent", "stop"),
            )
            if stopped.returncode == 0 or not self.alive():
                return

    def _clear_the_dead(self) -> None:
        """Remove the lock files of a postmaster that was killed.

        PostgreSQL asks the kernel whether the process in its lock file lives, and the kernel says
        yes of one that nobody has reaped, and of a stranger that got the same number since. What
        the dead postmaster's children still do to the data must end first.
        """
        if not Path("/proc/self/stat").exists():
            return  # without /proc the dead cannot be told from the living: leave it to PostgreSQL
        deadline = time.monotonic() + START_SECONDS
        while _processes_in(self.data) and time.monotonic() < deadline:
            time.sleep(0.05)
        for lock in (self.data / "postmaster.pid", self.socket / f"{pgbin.SOCKET_NAME}.lock"):
            pid = _first_number(lock)
            if pid is not None and not is_postmaster(pid, self.data):
                lock.unlink(missing_ok=True)

    def _provide(self) -> None:
        """Make the owner's login and database, if a start that was cut short left them out."""
        with psycopg.connect(
            host=str(self.socket), user=SUPERUSER, dbname="postgres", autocommit=True
        ) as connection:
            role = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER])
            if role.fetchone() is None:
                name = sql.Identifier(OWNER)
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB CREATEROLE").format(name))
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if found.fetchone() is None:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(
                        sql.Identifier(DATABASE), sql.Identifier(OWNER)
                    )
                )
        # What a superuser does for operators, from the same file; in the template, so that each
        # database that the tests make is born with it.
        for database in (DATABASE, "template1"):
            with psycopg.connect(
                host=str(self.socket), user=SUPERUSER, dbname=database, autocommit=True
            ) as connection:
                connection.execute(BOOTSTRAP.read_text().encode())


def cluster(*, test: bool = False) -> Cluster:
    """The cluster of this checkout. Raises SetupError where PostgreSQL cannot be had."""
    with _writable():
        owner = pgbin.account()
        programs = pgbin.find(owner)
        name = f"pg-{pgbin.major(programs, owner)}{'-test' if test else ''}"
        return named_cluster(owner, programs, name)


def named_cluster(owner: pgbin.Account, programs: Path, name: str) -> Cluster:
    """The cluster of a name. A name that ends in -test is one that never waits for the disk."""
    locks = pgbin.PROJECT / ".data"
    locks.mkdir(mode=0o700, exist_ok=True)
    data = owner.home / name
    return Cluster(
        programs=programs,
        owner=owner,
        data=data,
        socket=pgbin.socket_folder(data, owner),
        test=name.endswith("-test"),
        _users=Lock(locks / f"{name}.users"),
        _change=Lock(locks / f"{name}.change"),
    )


@contextlib.contextmanager
def _writable() -> Iterator[None]:
    """Turn a refusal of the file system into the sentence that says whose folder this is."""
    try:
        yield
    except PermissionError as error:
        raise SetupError(
            f"{error.filename} may not be written by you: run make as the user whom "
            f"{pgbin.PROJECT} belongs to, or make a copy of the project that is yours."
        ) from error


def remove_all() -> None:
    """Stop every cluster of this checkout, of whatever version, and delete it. Raises SetupError.

    Nothing is deleted while somebody uses one of them.
    """
    with _writable():
        owner = pgbin.account()
        programs = pgbin.find(owner)
        for version in sorted(owner.home.glob("pg-*/PG_VERSION")):
            named_cluster(owner, programs, version.parent.name).remove()
        if owner.user is not None:
            shutil.rmtree(owner.home)


@contextlib.contextmanager
def session(*, test: bool = False) -> Iterator[str]:
    """The address of a database for as long as the block lasts.

    The value of DATABASE_URL if that is set; else this checkout's own cluster, started when it
    does not run, and stopped at the end when nobody else uses it. Raises SetupError.
    """
    given = os.environ.get("DATABASE_URL", "").strip()
    if given:
        yield given
        return
    own = cluster(test=test)
    own.join()
    try:
        yield own.url
    finally:
        own.leave()


def _first_number(path: Path) -> int | None:
    """The process number in the first line of a lock file; None where there is none to read."""
    try:
        return int(path.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def is_zombie(pid: int) -> bool:
    """Whether a process is dead and only not yet reaped by its parent."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    # The name in brackets may hold anything, brackets too; the state follows the last one.
    return stat.rpartition(")")[2].split()[0] in {"Z", "X"}


def is_postmaster(pid: int, data: Path) -> bool:
    """Whether a living process with this number works in this data folder."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # it lives, and is another user's: root aside, that is not ours to judge
    if is_zombie(pid):
        return False
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == data.resolve()
    except OSError:
        return not Path("/proc/self/stat").exists()


def _processes_in(data: Path) -> list[int]:
    """The living processes whose working folder is this data folder: PostgreSQL's, all of them."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and not is_zombie(int(entry.name)):
            with contextlib.suppress(OSError):
                if (entry / "cwd").readlink() == data.resolve():
                    found.append(int(entry.name))
    return found


def _last_words(log: Path) -> str:
    """The last line of a log that says what went wrong, without its time stamp."""
    try:
        lines = log.read_text(errors="replace").splitlines()
    except OSError:
        return "it left no log"
    told = [line for line in lines if "FATAL" in line or "ERROR" in line or "could not" in line]
    words = (told or lines or ["its log is empty"])[-1]
    return words[words.find("FATAL") :] if "FATAL" in words else words


def _run(command: list[str], *, test: bool) -> int:
    """Run a command with a database; its exit code, or 128 and the signal that ended it."""
    with session(test=test) as url:
        child = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": url})

        def pass_on(number: int, _frame: object) -> None:
            child.send_signal(number)

        # A terminal's Ctrl-C reaches the child by itself; it decides, and this process waits.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, pass_on)
        signal.signal(signal.SIGHUP, pass_on)
        code = child.wait()
    return code if code >= 0 else 128 - code


def main(arguments: list[str]) -> int:
    """The command line described at the top of this file."""
    test = "--test" in arguments[:1]
    command = arguments[1:] if test else arguments
    try:
        if command == ["--remove"]:
            remove_all()
            return 0
        if not command:
            print(__doc__)
            return 2
        return _run(command, test=test)
    except SetupError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except FileNotFoundError as missing:
        print(f"There is no program {missing.filename} to run.", file=sys.stderr)
        return 127


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
