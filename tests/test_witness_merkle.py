"""The tree of RFC 9162: every proof verifies, and nothing else does."""

from __future__ import annotations

import hashlib

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


def tree(size: int) -> list[bytes]:
    """Leaf hashes of a tree of that size."""
    return [merkle.leaf_hash(str(number).encode()) for number in range(size)]


def flipped(proof: list[bytes], bit: int) -> list[bytes]:
    """The proof with one bit of it changed."""
    whole = bytearray(b"".join(proof))
    whole[bit // 8 % len(whole)] ^= 1 << bit % 8
    return [bytes(whole[at : at + 32]) for at in range(0, len(whole), 32)]


@pytest.mark.parametrize("size", sorted(ROOTS))
def test_roots_are_those_of_the_reference_tree(size: int) -> None:
    leaves = [merkle.leaf_hash(data) for data in REFERENCE[:size]]
    assert merkle.root(leaves).hex() == ROOTS[size]


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert merkle.root([]) == hashlib.sha256(b"").digest()


@given(st.integers(1, 300), st.data())
def test_every_leaf_is_proved_to_be_in_the_tree_at_its_own_place(
    size: int, data: st.DataObject
) -> None:
    leaves = tree(size)
    index = data.draw(st.integers(0, size - 1))
    proof, head = merkle.inclusion(index, leaves), merkle.root(leaves)
    assert merkle.includes(leaves[index], index, size, proof, head)
    other = data.draw(st.integers(0, size).filter(lambda number: number != index))
    assert not merkle.includes(leaves[index], other, size, proof, head)
    bit = data.draw(st.integers(0, 1 << 16))
    assert not merkle.includes(flipped([leaves[index]], bit)[0], index, size, proof, head)
    assert not merkle.includes(leaves[index], index, size, proof, flipped([head], bit)[0])
    if proof:
        assert not merkle.includes(leaves[index], index, size, flipped(proof, bit), head)
        assert not merkle.includes(leaves[index], index, size, proof[:-1], head)
    assert not merkle.includes(leaves[index], index, size, [*proof, head], head)


@given(st.integers(1, 300), st.data())
def test_every_later_tree_is_proved_to_begin_with_the_earlier(
    size: int, data: st.DataObject
) -> None:
    leaves = tree(size)
    before = data.draw(st.integers(1, size))
    proof = merkle.consistency(before, leaves)
    earlier, later = merkle.root(leaves[:before]), merkle.root(leaves)
    assert merkle.extends(before, earlier, size, later, proof)
    bit = data.draw(st.integers(0, 1 << 16))
    assert not merkle.extends(before, flipped([earlier], bit)[0], size, later, proof)
    assert not merkle.extends(before, earlier, size, flipped([later], bit)[0], proof)
    if proof:
        assert not merkle.extends(before, earlier, size, later, flipped(proof, bit))
        assert not merkle.extends(before, earlier, size, later, proof[:-1])
    assert not merkle.extends(before, earlier, size, later, [*proof, later])


def test_a_place_that_is_not_in_the_tree_has_no_proof() -> None:
    with pytest.raises(IndexError):
        merkle.inclusion(3, tree(3))
    with pytest.raises(IndexError):
        merkle.consistency(0, tree(3))
    with pytest.raises(IndexError):
        merkle.consistency(4, tree(3))
