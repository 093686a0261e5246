"""The tree of the public log, kept in memory, and believed only where it leads to a signed root.

Leaves are only ever added, and the hash over a complete subtree never changes; so a process reads
each leaf once, and a proof costs a few hashes however long the log is. What is kept is never taken
on trust: each time, the root that it gives for the size of the checkpoint is compared with the one
that the witness signed. Where they differ, what is kept is thrown away and read anew, once; where
they still differ, the log itself is not the one that was signed, and there is no proof.

Each process keeps a tree of its own (64 bytes a leaf), and none of them tells another anything.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from decisions.chain import merkle

# The number and the commitment of leaves after the first number, up to the second.
Read = Callable[[int, int], list[tuple[int, str]]]
AT_ONCE: Final = 10_000
_DIGEST: Final = re.compile("[0-9a-f]{64}")


class LogOutOfOrder(Exception):
    """The log in the database is not the one that the witness signed. Its text is a sentence."""


class SignedTree:
    """One log's tree. `read` asks the database for leaves and is called by one thread at a time."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._tree = merkle.Tree()

    @contextmanager
    def at(self, size: int, root: bytes) -> Iterator[merkle.Tree]:
        """A tree whose first `size` leaves have this root, for this thread alone until the end.

        Raises LogOutOfOrder where the database holds no such leaves, and whatever `read` raises.
        """
        with self._lock:
            if not self._leads_to(size, root):
                self._tree = merkle.Tree()
                if not self._leads_to(size, root):
                    self._tree = merkle.Tree()
                    raise LogOutOfOrder(
                        f"The {size} entries of the public log do not lead to the root that its "
                        "newest checkpoint states."
                    )
            yield self._tree

    def _leads_to(self, size: int, root: bytes) -> bool:
        while (before := len(self._tree)) < size:
            for number, commitment in self._read(before, min(size, before + AT_ONCE)):
                if number != len(self._tree) + 1 or not _DIGEST.fullmatch(commitment):
                    return False
                self._tree.add(merkle.leaf_hash(bytes.fromhex(commitment)))
            if len(self._tree) == before:
                return False
        return self._tree.root(size) == root
