"""Child processes that end with their supervisor, also when that is killed without a word."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Final

from setup.sentences import say

PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h
RESTARTS: Final = 3


class Child:
    """One program that is to keep running, in a session of its own so that it is ended whole.

    The others do not need one that is not `vital`: when it ends for good, they go on.
    """

    def __init__(
        self, name: str, command: list[str], environment: Mapping[str, str], *, vital: bool = True
    ) -> None:
        self.name = name
        self.vital = vital
        self._command = [sys.executable, "-m", "setup.children", str(os.getpid()), *command]
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None
        self._restarts = 0

    def start(self) -> None:
        """Start it, away from the terminal: Ctrl-C reaches the supervisor alone, which decides."""
        self._process = subprocess.Popen(
            self._command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def has_ended(self) -> bool:
        """Whether it was started and runs no more."""
        return self._process is not None and self._process.poll() is not None

    @property
    def number(self) -> int:
        """Its process number, which is its group's too. Raises LookupError before the start."""
        if self._process is None:
            raise LookupError(f"{self.name} was not started")
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """What it ended with; minus the signal that killed it; None while it runs."""
        return None if self._process is None else self._process.returncode

    def restart(self) -> bool:
        """Start it again after an end nobody asked for; False when that happened too often."""
        self.kill()  # what its group left behind would hold the port
        if self._restarts == RESTARTS:
            return False
        self._restarts += 1
        say(f"The {self.name} process ended unexpectedly; starting it again.")
        self.start()
        return True

    def ask_to_stop(self) -> None:
        """Send one SIGTERM to its first process, which stops its own."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def wait(self, seconds: float) -> bool:
        """Wait for its end; whether it came within so many seconds."""
        if self._process is None:
            return True
        try:
            self._process.wait(timeout=max(0, seconds))
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """End it and all its processes at once."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def stop(children: list[Child], seconds: float) -> None:
    """Stop all of them: one SIGTERM to each, and SIGKILL for what remains after so long."""
    for child in children:
        child.ask_to_stop()
    deadline = time.monotonic() + seconds
    for child in children:
        child.wait(deadline - time.monotonic())
        child.kill()


def _become(parent: int, command: list[str]) -> None:
    """Turn this process into the command, to be sent SIGTERM when the parent dies.

    Linux only; elsewhere a supervisor that is killed leaves its children running.
    """
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
    if os.getppid() != parent:  # it died before the kernel was asked to tell
        raise SystemExit(1)
    # A core dump would hold what people are writing at that moment, in clear.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.execvp(command[0], command)


if __name__ == "__main__":
    _become(int(sys.argv[1]), sys.argv[2:])
