"""The process in which a file is judged, started anew for each file and thrown away afterwards.

It gets the certificates and the file on its standard input and writes one line of JSON. Between
the two it has no environment, no connection, no file to write and little time and memory; whoever
turns a fault of a parser against it finds nothing to take and nowhere to take it.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

MEGABYTE: Final = 1024 * 1024
MEMORY: Final = 768 * MEGABYTE
OPEN_FILES: Final = 32
READY: Final = b"ready\n"
# What a parser of PDF never asks of the operating system.
FORBIDDEN: Final = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "os.putenv",
    "os.kill",
    "ctypes.",
    "shutil.",
    "webbrowser.",
)
WRITING: Final = frozenset("wax+")
# Modules that are loaded late lie here, and nothing that is anybody's secret.
READABLE: Final = tuple(
    os.path.realpath(folder) + os.sep
    for folder in (sys.prefix, sys.base_prefix, Path(__file__).parent.parent)
)


def limit(cpu_seconds: int) -> None:
    """Take little of the machine from here on, and leave nothing behind on it."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (most, most))
    # PDF nests; Python's own bound is met long before the stack ends.
    sys.setrecursionlimit(2000)


def refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse what judging a file never needs. A wall behind the limits, not in their place."""
    if event == "socket.__new__" and _is_of_the_event_loop(arguments):
        return
    if event.startswith(FORBIDDEN):
        raise PermissionError(event)
    if event == "open" and not _is_reading_a_module(arguments):
        raise PermissionError(event)


def _is_reading_a_module(arguments: tuple[Any, ...]) -> bool:
    path, mode, flags = arguments
    if isinstance(path, int) or WRITING & set(mode or "") or (flags or 0) & os.O_ACCMODE:
        return False
    return os.path.realpath(os.fsdecode(path)).startswith(READABLE)


def _is_of_the_event_loop(arguments: tuple[Any, ...]) -> bool:
    """A loop wakes itself through a pair of sockets that lead nowhere else."""
    import socket

    return bool(arguments[1] == socket.AF_UNIX)


def _certificates(pem: str) -> tuple[Certificate, ...]:
    from cryptography import x509

    return tuple(x509.load_pem_x509_certificates(pem.encode())) if pem else ()


def main() -> None:
    """Judge the file on standard input and write what the verdict is made of."""
    # Loaded before the limits hold, so that the policy finds them at hand.
    import pyhanko.pdf_utils.reader
    import pyhanko.sign.validation.dss  # noqa: F401 - as above

    from decisions.register.verify import policy

    told = json.loads(sys.stdin.buffer.readline())
    seals, tsa = _certificates(told["seals"]), _certificates(told["tsa"])
    pdf = sys.stdin.buffer.read()
    sys.addaudithook(refuse)
    limit(int(told["cpu_seconds"]))
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
    found = policy.judge(pdf, seals, tsa)
    answer = {
        "reason": found.reason,
        "signer": found.signer[:200],
        "sealed_at": found.sealed_at.isoformat() if found.sealed_at else None,
        "sealed_bytes": found.sealed_bytes,
    }
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    main()
