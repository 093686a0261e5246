"""The supervisor of make run: what it starts again, what ends with it, and what it refuses."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from setup import run
from setup.children import RESTARTS, Child, stop
from setup.sentences import SetupError

PROJECT: Final = Path(__file__).resolve().parents[2]
# A child that says its number and then waits for its end.
WAITS: Final = ["sh", "-c", "echo $$; exec sleep 600"]


@pytest.fixture
def child() -> Iterator[Child]:
    """A child that waits."""
    own = Child("waiting", ["sleep", "600"], os.environ)
    own.start()
    yield own
    own.kill()


def test_a_child_that_ends_is_started_again_but_not_for_ever(
    child: Child, capfd: pytest.CaptureFixture[str]
) -> None:
    assert not child.has_ended()
    for _ in range(RESTARTS):
        os.kill(child.number, signal.SIGKILL)
        assert child.wait(30)
        assert child.has_ended()
        assert child.restart()
    os.kill(child.number, signal.SIGKILL)
    assert child.wait(30)
    assert not child.restart()
    assert (
        capfd.readouterr().err.splitlines()
        == ["The waiting process ended unexpectedly; starting it again."] * RESTARTS
    )


def test_stopping_asks_once_and_then_insists(tmp_path: Path, child: Child) -> None:
    ready = tmp_path / "ready"
    os.mkfifo(ready)
    deaf = Child(
        "deaf",
        ["sh", "-c", 'trap "" TERM; echo >"$0"; while :; do sleep 600; done', str(ready)],
        os.environ,
    )
    deaf.start()
    ready.read_text()  # waits until it listens no more
    stop([child, deaf], 0.5)
    assert child.exit_code == -signal.SIGTERM
    assert deaf.exit_code == -signal.SIGKILL


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_a_killed_supervisor_takes_its_children_along() -> None:
    program = (
        "import os, signal; from setup.children import Child\n"
        f"Child('waiting', {WAITS!r}, os.environ).start(); signal.pause()"
    )
    supervisor = subprocess.Popen(
        [sys.executable, "-c", program], cwd=PROJECT, stdout=subprocess.PIPE
    )
    assert supervisor.stdout is not None
    handle = os.pidfd_open(int(supervisor.stdout.readline()))
    supervisor.kill()
    supervisor.wait()
    assert select.select([handle], [], [], 30)[0] == [handle], "The child outlived its supervisor."
    os.close(handle)
    supervisor.stdout.close()


def test_the_worker_the_mailer_and_the_witness_are_of_the_household(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("STAFF_PORT", raising=False)
    monkeypatch.delenv("PUBLIC_PORT", raising=False)
    names = [child.name for child in run.household(run.doors(), dict(os.environ))]
    assert names == ["staff", "public", "worker", "mailer", "witness"]
    procfile = (PROJECT / "Procfile").read_text()
    assert f"worker: python {' '.join(run.WORKER[1:])}\n" in procfile
    assert f"mailer: python {' '.join(run.MAILER[1:])}\n" in procfile
    assert f"witness: python {' '.join(run.WITNESS[1:])} --watch\n" in procfile


def test_what_is_not_vital_may_end_for_good_and_the_rest_goes_on(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    refusing = Child("refusing", ["false"], os.environ, vital=False)
    lasting = Child("lasting", ["sleep", "600"], os.environ)

    class Impatient(run.Watch):
        """Asks for the end when the one that is not vital was given up."""

        def __init__(self) -> None:
            """Leave the signals of the test run alone."""

        def pause(self, seconds: float) -> None:
            if "The rest goes on." in "".join(said):
                raise run.Stopped
            refusing.wait(30)
            said.append(capfd.readouterr().err)

    said: list[str] = []
    refusing.start()
    lasting.start()
    try:
        with pytest.raises(run.Stopped):
            run._keep_running(Impatient(), [refusing, lasting], None)
        assert not lasting.has_ended()
    finally:
        lasting.kill()
    again = "The refusing process ended unexpectedly; starting it again.\n" * RESTARTS
    assert "".join(said) == (
        f"{again}The refusing ended for good; what it said stands above. The rest goes on.\n"
    )


def test_a_port_in_use_is_refused_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SetupError) as refusal:
            run.check_port(run.Door("staff", "module", "STAFF_PORT", port))
    assert str(refusal.value) == (
        f"Port {port} of 127.0.0.1, meant for the staff process, cannot be used (Address already "
        "in use): stop the program that has it, or choose another, for example "
        f"make run STAFF_PORT={port + 10}."
    )


@pytest.mark.parametrize("given", ["http", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("PUBLIC_PORT", given)
    with pytest.raises(SetupError, match=f"PUBLIC_PORT is '{given}': give a port number"):
        run.doors()


def test_one_port_for_both_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAFF_PORT", "8001")
    monkeypatch.delenv("PUBLIC_PORT", raising=False)
    with pytest.raises(SetupError, match="STAFF_PORT and PUBLIC_PORT are the same"):
        run.doors()
