"""Run one of our programs on one hostile file: in a process of its own, with nothing to take along.

It has no environment of ours, an empty folder, one input and one output, and an end.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, Final

from decisions.register.verify.child import READY

_PROJECT: Final = Path(__file__).resolve().parents[3]


class NotStarted(Exception):
    """The process never got as far as looking into the file, whatever is in it."""


def ask(
    program: Path, first: dict[str, object], file: bytes, *, seconds: float, longest: int
) -> bytes:
    """What a program says of a file, once it has said that it is ready.

    It is told `first`, as a line of JSON, and then the file. It is killed after so many seconds,
    and read up to so many bytes: an answer may end anywhere, so whoever asked checks it like
    anything from outside. Raises NotStarted.
    """
    try:
        with (
            tempfile.TemporaryDirectory(prefix="countersign-apart-") as empty,
            _told(first, file) as told,
        ):
            said = _run(program, told, empty, seconds, longest)
    except OSError as error:
        # No room for a folder, no memory for the file, no process to be had.
        raise NotStarted(f"{program.parent.name}: {type(error).__name__}") from error
    ready, found, answer = said.partition(READY)
    if ready or not found:
        raise NotStarted(f"{program.parent.name}: it ended before it was ready")
    return answer


def _run(program: Path, told: IO[bytes], empty: str, seconds: float, longest: int) -> bytes:
    """Everything that the process wrote before its end or ours for it, up to a length."""
    with subprocess.Popen(  # noqa: S603 - a command of our own, with nothing of the file in it
        [sys.executable, "-I", "-B", str(program), str(_PROJECT)],
        stdin=told,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
        cwd=empty,
        close_fds=True,
        start_new_session=True,
    ) as process:
        end = threading.Timer(seconds, _stop, [process])
        end.start()
        try:
            assert process.stdout is not None  # noqa: S101 - it was asked for above
            return process.stdout.read(longest)
        finally:
            end.cancel()
            end.join()
            _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Kill it with all that it started: another that kept its output would keep us waiting.

    Nobody has waited for it yet, so its number is still its own, and its group's.
    """
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _told(first: dict[str, object], file: bytes) -> IO[bytes]:
    """The input of the process, in memory where the system can, else in a file without a name."""
    if hasattr(os, "memfd_create"):
        told: IO[bytes] = os.fdopen(os.memfd_create("countersign-apart"), "w+b")
    else:
        told = tempfile.TemporaryFile()  # noqa: SIM115 - whoever asked closes it
    told.write(json.dumps(first).encode() + b"\n")
    told.write(file)
    told.seek(0)
    return told
