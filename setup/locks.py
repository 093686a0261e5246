"""Locks between processes that the kernel drops when their holder dies, however it dies."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path


class Lock:
    """A lock file. Children started by exec do not inherit the lock; `make clean` may delete it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: int | None = None

    @contextlib.contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold it alone for as long as the block lasts; wait for it first."""
        handle = self._open()
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def share(self) -> None:
        """Hold it along with others until `release`; wait for one who holds it alone."""
        handle = self._open()
        fcntl.flock(handle, fcntl.LOCK_SH)
        self._held = handle

    def try_exclusive(self) -> bool:
        """Hold it alone until `release`, if nobody holds it now; whether that worked."""
        handle = self._open()
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self._held = handle
        return True

    def release(self) -> None:
        """Let go of it; nothing happens to one that is not held."""
        if self._held is not None:
            os.close(self._held)
            self._held = None

    def _open(self) -> int:
        return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
