"""The project's own PostgreSQL: who may use it, who stops it, and what a killed one leaves."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psycopg
import pytest

from setup import devdb, pgbin
from setup.sentences import SetupError

PROJECT: Final = Path(__file__).resolve().parents[2]
needs_linux = pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere nothing tells a dead process from a living one"
)


@pytest.fixture(scope="module")
def trial() -> Iterator[devdb.Cluster]:
    """A cluster that only these tests use."""
    owner = pgbin.account()
    programs = pgbin.find(owner)
    name = f"pg-{pgbin.major(programs, owner)}-trial{os.getpid()}-test"
    own = devdb.named_cluster(owner, programs, name)
    yield own
    own.remove()
    for folder in (PROJECT / ".data", owner.home):
        for left in folder.glob(f"{name}.*"):
            left.unlink()


@pytest.fixture
def joined(trial: devdb.Cluster) -> Iterator[devdb.Cluster]:
    """The same cluster while somebody uses it."""
    trial.join()
    yield trial
    trial.leave()


def another(own: devdb.Cluster) -> devdb.Cluster:
    """The same cluster as a second process sees it: with locks of its own."""
    return devdb.named_cluster(own.owner, own.programs, own.data.name)


def ask(own: devdb.Cluster, question: str) -> object:
    """The first row of an answer, asked as the owner."""
    with psycopg.connect(own.url) as connection:
        return connection.execute(question.encode()).fetchone()


def postmaster(own: devdb.Cluster) -> int:
    """The number of its first process."""
    return int((own.data / "postmaster.pid").read_text().split()[0])


def kill(pid: int) -> None:
    """Kill a process that is not a child, and wait until the kernel says that it is dead."""
    handle = os.pidfd_open(pid)
    signal.pidfd_send_signal(handle, signal.SIGKILL)
    assert select.select([handle], [], [], 30)[0] == [handle]
    os.close(handle)


def dead() -> subprocess.Popen[bytes]:
    """A process that has ended and that nobody has reaped."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    return process


def test_the_owner_makes_roles_and_databases_and_is_no_superuser(joined: devdb.Cluster) -> None:
    assert ask(
        joined,
        "SELECT current_user::text, current_database()::text, rolsuper, rolcreatedb, "
        "rolcreaterole FROM pg_roles WHERE rolname = current_user",
    ) == ("countersign_owner", "countersign", False, True, True)


@pytest.mark.parametrize("extension", ["btree_gist", "unaccent", "pg_trgm"])
def test_the_owner_may_create_the_extensions_in_use(joined: devdb.Cluster, extension: str) -> None:
    with psycopg.connect(joined.url) as connection:
        connection.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}".encode())
        found = connection.execute(
            "SELECT extname FROM pg_extension WHERE extname = %s", [extension]
        ).fetchone()
    assert found == (extension,)


def test_nobody_connects_but_through_a_folder_closed_to_others(joined: devdb.Cluster) -> None:
    assert joined.socket.stat().st_mode & 0o777 == 0o700
    assert ask(joined, "SELECT current_setting('listen_addresses')") == ("",)


def test_the_last_to_leave_stops_it(trial: devdb.Cluster) -> None:
    second = another(trial)
    trial.join()
    second.join()
    trial.leave()
    assert second.alive()
    second.leave()
    assert not trial.alive()


@needs_linux
def test_a_killed_postmaster_does_not_count_as_running_and_is_mended(
    joined: devdb.Cluster,
) -> None:
    with psycopg.connect(joined.url) as connection:
        connection.execute("SET synchronous_commit = on")
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    kill(postmaster(joined))
    assert joined.mend(), "Its lock file names a dead process, so it must be started again."
    assert ask(joined, "SELECT one FROM kept") == (1,)
    assert not joined.mend()


def test_a_start_that_was_cut_short_is_completed(trial: devdb.Cluster) -> None:
    trial.join()
    with psycopg.connect(
        host=str(trial.socket), user="postgres", dbname="postgres", autocommit=True
    ) as superuser:
        superuser.execute("DROP DATABASE countersign")
    trial.leave()
    trial.join()
    assert ask(trial, "SELECT 1") == (1,)
    trial.leave()


@needs_linux
def test_the_dead_and_strangers_are_no_postmaster(tmp_path: Path) -> None:
    unreaped = dead()
    assert devdb.is_zombie(unreaped.pid)
    assert not devdb.is_postmaster(unreaped.pid, tmp_path)
    unreaped.wait()
    assert not devdb.is_postmaster(os.getpid(), tmp_path), "Another process got its number since."
    with subprocess.Popen(["cat"], cwd=tmp_path, stdin=subprocess.PIPE) as living:
        assert devdb.is_postmaster(living.pid, tmp_path)


def test_nothing_is_deleted_while_somebody_uses_it(joined: devdb.Cluster) -> None:
    with pytest.raises(SetupError, match="in use: stop make run and make test first"):
        another(joined).remove()
    assert ask(joined, "SELECT 1") == (1,)


def test_a_given_database_is_used_and_nothing_started(monkeypatch: pytest.MonkeyPatch) -> None:
    given = "postgresql://someone@db.example/countersign"
    monkeypatch.setenv("DATABASE_URL", given)
    monkeypatch.setenv("PG_BIN", "/nonexistent")
    with devdb.session() as url:
        assert url == given


def test_a_wrong_pg_bin_is_a_sentence() -> None:
    refused = subprocess.run(
        [sys.executable, "-m", "setup.devdb", "true"],
        cwd=PROJECT,
        env={"PATH": os.defpath, "PG_BIN": "/nonexistent"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    assert refused.stderr == (
        "PG_BIN is /nonexistent, but initdb, pg_ctl and postgres do not run from there: name a "
        "folder that holds them, or unset PG_BIN to use the PostgreSQL that set-up brings.\n"
    )


@pytest.mark.parametrize(("ending", "code"), [("exit 7", 7), ("kill -TERM $$", 143)])
def test_a_command_ends_as_it_would_alone(ending: str, code: int) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "setup.devdb", "sh", "-c", ending],
        cwd=PROJECT,
        env={**os.environ, "DATABASE_URL": "postgresql://someone@db.example/countersign"},
        check=False,
    )
    assert ended.returncode == code


def test_a_long_path_gets_a_socket_in_a_short_one(tmp_path: Path) -> None:
    deep = pgbin.Account(user=None, home=tmp_path / ("deep" * 30))
    near = pgbin.Account(user=None, home=tmp_path)
    short = pgbin.socket_folder(deep.home / "pg-18-test", deep)
    try:
        assert len(os.fsencode(short / pgbin.SOCKET_NAME)) <= pgbin.SOCKET_PATH_LIMIT
        assert short.stat().st_mode & 0o777 == 0o700
    finally:
        short.rmdir()
    assert pgbin.socket_folder(near.home / "d", near) == near.home / "d.socket"
