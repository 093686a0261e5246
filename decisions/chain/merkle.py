"""The Merkle tree of RFC 9162, section 2.1: roots, proofs, and how a proof is checked.

Everywhere a leaf is a leaf hash, as `leaf_hash` gives it, and every hash has 32 bytes.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Sequence
from typing import Final

HASH: Final = 32


def leaf_hash(data: bytes) -> bytes:
    """The hash of one leaf. The byte before it keeps a leaf from passing for a node."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two halves."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree that only grows, with the hash of each of its complete subtrees kept: 64 bytes a leaf.

    A complete subtree never changes again, so a leaf costs two hashes on average when it is added,
    and every root and proof after that, of the whole tree or of an earlier and smaller one, a few
    hashes for each level. Not safe for threads while it grows.
    """

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._levels = [bytearray()]  # [k] holds the hashes over 2**k leaves, side by side
        for leaf in leaves:
            self.add(leaf)

    def __len__(self) -> int:
        return len(self._levels[0]) // HASH

    def add(self, leaf: bytes) -> None:
        """Put one more leaf at the end."""
        found = leaf
        for level in itertools.count():
            if level == len(self._levels):
                self._levels.append(bytearray())
            row = self._levels[level]
            row += found
            if len(row) // HASH % 2:
                return
            found = node_hash(bytes(row[-2 * HASH : -HASH]), bytes(row[-HASH:]))

    def leaf(self, index: int) -> bytes:
        """Leaf `index`, counted from 0. Raises IndexError."""
        if not 0 <= index < len(self):
            raise _no_place(index, len(self))
        return self._over(index, index + 1)

    def root(self, size: int) -> bytes:
        """The root of the first `size` leaves; of none, the hash of nothing. Raises IndexError."""
        if not 0 <= size <= len(self):
            raise _no_place(size, len(self))
        return self._over(0, size) if size else hashlib.sha256(b"").digest()

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """The proof that leaf `index` is in the tree of the first `size`. Raises IndexError."""
        if not 0 <= index < size <= len(self):
            raise _no_place(index, size)
        proof, start, stop = [], 0, size
        while stop - start > 1:
            middle = start + _half(stop - start)
            if index < middle:
                proof.append(self._over(middle, stop))
                stop = middle
            else:
                proof.append(self._over(start, middle))
                start = middle
        return proof[::-1]

    def consistency(self, earlier: int, size: int) -> list[bytes]:
        """The proof that the first `size` leaves begin with `earlier`. Raises IndexError."""
        if not 0 < earlier <= size <= len(self):
            raise _no_place(earlier, size)
        proof, start, stop = [], 0, size
        while stop > earlier:
            middle = start + _half(stop - start)
            if earlier <= middle:
                proof.append(self._over(middle, stop))
                stop = middle
            else:
                proof.append(self._over(start, middle))
                start = middle
        # Whoever asks holds the root of the earlier tree: a subtree that is all of it is not told.
        return [*([self._over(start, stop)] if start else []), *proof[::-1]]

    def _over(self, start: int, stop: int) -> bytes:
        """The hash over these leaves, which begin where a subtree of the RFC does."""
        count = stop - start
        if count & (count - 1) == 0:
            level = count.bit_length() - 1
            at = HASH * (start >> level)
            return bytes(self._levels[level][at : at + HASH])
        middle = start + _half(count)
        return node_hash(self._over(start, middle), self._over(middle, stop))


def _no_place(place: int, size: int) -> IndexError:
    return IndexError(f"There is no place {place} in a tree of {size}.")


def _half(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def includes(leaf: bytes, index: int, size: int, proof: Sequence[bytes], head: bytes) -> bool:
    """Whether the proof leads from the leaf to the root `head` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for other in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(other, found)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, other)
        at, last = at >> 1, last >> 1
    return last == 0 and found == head


def extends(
    size: int, head: bytes, later_size: int, later_head: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the later tree begins with the whole earlier one (RFC 9162, 2.1.4.2)."""
    if not 0 < size <= later_size:
        return False
    if size == later_size:
        return not proof and head == later_head
    path = [head, *proof] if size & (size - 1) == 0 else list(proof)
    if not path:
        return False
    at, last = size - 1, later_size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    earlier = later = path[0]
    for other in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            earlier, later = node_hash(other, earlier), node_hash(other, later)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            later = node_hash(later, other)
        at, last = at >> 1, last >> 1
    return last == 0 and earlier == head and later == later_head
