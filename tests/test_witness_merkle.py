"""The tree of RFC 9162: every proof verifies, and nothing else does."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions.chain import merkle

# What the reference tree of the certificate-transparency project holds, and its roots by size.
REFERENCE = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def leaves_of(size: int) -> list[bytes]:
    """So many leaf hashes, no two the same."""
    return [merkle.leaf_hash(str(number).encode()) for number in range(size)]


def root(leaves: list[bytes]) -> bytes:
    """The root as RFC 9162, 2.1.1, defines it, word for word and as slow as that is."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return merkle.node_hash(root(leaves[:half]), root(leaves[half:]))


TREE = merkle.Tree(leaves_of(300))


def flipped(proof: list[bytes], bit: int) -> list[bytes]:
    """The proof with one bit of it changed."""
    whole = bytearray(b"".join(proof))
    whole[bit // 8 % len(whole)] ^= 1 << bit % 8
    return [bytes(whole[at : at + 32]) for at in range(0, len(whole), 32)]


@pytest.mark.parametrize("size", sorted(ROOTS))
def test_roots_are_those_of_the_reference_tree(size: int) -> None:
    tree = merkle.Tree(merkle.leaf_hash(data) for data in REFERENCE)
    assert tree.root(size).hex() == ROOTS[size]


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert merkle.Tree().root(0) == hashlib.sha256(b"").digest()


def test_of_every_size_the_root_is_the_one_that_the_rfc_defines() -> None:
    leaves = leaves_of(300)
    growing = merkle.Tree()
    for size, leaf in enumerate(leaves, start=1):
        growing.add(leaf)
        assert growing.root(size) == TREE.root(size) == root(leaves[:size])
        assert (len(growing), growing.leaf(size - 1)) == (size, leaf)


@given(st.integers(1, 300), st.data())
def test_every_leaf_is_proved_to_be_in_the_tree_at_its_own_place(
    size: int, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, size - 1))
    leaf, proof, head = TREE.leaf(index), TREE.inclusion(index, size), TREE.root(size)
    assert merkle.includes(leaf, index, size, proof, head)
    other = data.draw(st.integers(0, size).filter(lambda number: number != index))
    assert not merkle.includes(leaf, other, size, proof, head)
    bit = data.draw(st.integers(0, 1 << 16))
    assert not merkle.includes(flipped([leaf], bit)[0], index, size, proof, head)
    assert not merkle.includes(leaf, index, size, proof, flipped([head], bit)[0])
    if proof:
        assert not merkle.includes(leaf, index, size, flipped(proof, bit), head)
        assert not merkle.includes(leaf, index, size, proof[:-1], head)
    assert not merkle.includes(leaf, index, size, [*proof, head], head)


@given(st.integers(1, 300), st.data())
def test_every_later_tree_is_proved_to_begin_with_the_earlier(
    size: int, data: st.DataObject
) -> None:
    before = data.draw(st.integers(1, size))
    proof = TREE.consistency(before, size)
    earlier, later = TREE.root(before), TREE.root(size)
    assert merkle.extends(before, earlier, size, later, proof)
    bit = data.draw(st.integers(0, 1 << 16))
    assert not merkle.extends(before, flipped([earlier], bit)[0], size, later, proof)
    assert not merkle.extends(before, earlier, size, flipped([later], bit)[0], proof)
    if proof:
        assert not merkle.extends(before, earlier, size, later, flipped(proof, bit))
        assert not merkle.extends(before, earlier, size, later, proof[:-1])
    assert not merkle.extends(before, earlier, size, later, [*proof, later])


@pytest.mark.parametrize(
    "ask",
    [
        lambda tree: tree.leaf(3),
        lambda tree: tree.leaf(-1),
        lambda tree: tree.root(4),
        lambda tree: tree.root(-1),
        lambda tree: tree.inclusion(2, 2),
        lambda tree: tree.inclusion(3, 4),
        lambda tree: tree.inclusion(-1, 3),
        lambda tree: tree.consistency(0, 3),
        lambda tree: tree.consistency(3, 2),
        lambda tree: tree.consistency(3, 4),
    ],
)
def test_a_place_that_is_not_in_the_tree_has_no_proof(ask: Callable[[merkle.Tree], Any]) -> None:
    with pytest.raises(IndexError):
        ask(merkle.Tree(leaves_of(3)))
