"""The Merkle tree of RFC 9162, section 2.1: roots, proofs, and how a proof is checked.

Everywhere `leaves` are leaf hashes, as `leaf_hash` gives them, and every hash has 32 bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def leaf_hash(data: bytes) -> bytes:
    """The hash of one leaf. The byte before it keeps a leaf from passing for a node."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two halves."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root hash; that of an empty tree is the hash of nothing."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = list(leaves)
    # A last node without a partner rises: this joins at the largest power of two, as the RFC says.
    while len(level) > 1:
        paired = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + ([level[-1]] if len(level) % 2 else [])
    return level[0]


def inclusion(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The proof that leaf `index`, counted from 0, is in the tree. Raises IndexError."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"There is no leaf {index} in a tree of {len(leaves)}.")
    if len(leaves) == 1:
        return []
    half = _half(len(leaves))
    if index < half:
        return [*inclusion(index, leaves[:half]), root(leaves[half:])]
    return [*inclusion(index - half, leaves[half:]), root(leaves[:half])]


def consistency(size: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The proof that the first `size` leaves are the earlier tree. Raises IndexError."""
    if not 0 < size <= len(leaves):
        raise IndexError(f"A tree of {size} is no beginning of one of {len(leaves)}.")
    return _consistency(size, leaves, whole=True)


def _consistency(size: int, leaves: Sequence[bytes], *, whole: bool) -> list[bytes]:
    if size == len(leaves):
        return [] if whole else [root(leaves)]
    half = _half(len(leaves))
    if size <= half:
        return [*_consistency(size, leaves[:half], whole=whole), root(leaves[half:])]
    return [*_consistency(size - half, leaves[half:], whole=False), root(leaves[:half])]


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
