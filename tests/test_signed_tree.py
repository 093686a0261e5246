"""The tree that a process keeps in memory: each leaf read once, and believed for its root alone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from decisions.chain import merkle
from decisions.register import signed_tree
from decisions.register.signed_tree import LogOutOfOrder, SignedTree

THREADS = 8


def commitments(count: int, *, salt: str = "") -> list[str]:
    """So many commitments; those of another salt share none."""
    return [merkle.leaf_hash(f"{salt}{number}".encode()).hex() for number in range(count)]


def signed(rows: list[str]) -> tuple[int, bytes]:
    """Size and root of a log of these, as a checkpoint states them."""
    return len(rows), whole(rows).root(len(rows))


def whole(rows: list[str]) -> merkle.Tree:
    """The tree over these commitments, made in one go."""
    return merkle.Tree(merkle.leaf_hash(bytes.fromhex(row)) for row in rows)


class Log:
    """Rows as the database holds them at the moment, and which of them were asked for."""

    def __init__(self, rows: list[str]) -> None:
        self.rows = rows
        self.asked: list[tuple[int, int]] = []

    def read(self, after: int, last: int) -> list[tuple[int, str]]:
        self.asked.append((after, last))
        return list(enumerate(self.rows, start=1))[after:last]


def test_each_leaf_is_read_once_however_often_and_for_whatever_size_it_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(signed_tree, "AT_ONCE", 40)
    rows = commitments(130)
    log = Log(rows)
    kept = SignedTree(log.read)
    for size in (100, 130, 7, 100, 0, 130):
        with kept.at(*signed(rows[:size])) as tree:
            if size:
                assert tree.inclusion(3, size) == whole(rows[:size]).inclusion(3, size)
    assert log.asked == [(0, 40), (40, 80), (80, 100), (100, 130)]


def test_of_rows_that_were_changed_a_kept_tree_proves_what_was_signed_and_a_new_one_nothing() -> (
    None
):
    rows = commitments(20)
    log = Log(rows)
    kept = SignedTree(log.read)
    with kept.at(*signed(rows)):
        pass
    log.rows = [*rows[:4], *commitments(1, salt="other"), *rows[5:]]
    with kept.at(*signed(rows)) as tree:
        assert tree.inclusion(9, 20) == whole(rows).inclusion(9, 20)
    with pytest.raises(LogOutOfOrder), SignedTree(log.read).at(*signed(rows)):
        pass


def test_another_log_in_its_place_is_read_anew() -> None:
    rows, others = commitments(20), commitments(33, salt="restored")
    log = Log(rows)
    kept = SignedTree(log.read)
    with kept.at(*signed(rows)):
        pass
    for log.rows in (others, rows, rows[:12] + others[12:]):
        with kept.at(*signed(log.rows)) as tree:
            size = len(log.rows)
            assert tree.inclusion(15, size) == whole(log.rows).inclusion(15, size)


@pytest.mark.parametrize(
    "damage",
    [
        lambda rows: rows[:-1],
        lambda rows: rows[1:],
        lambda rows: [*rows[:3], *rows[4:]],
        lambda rows: [*rows[:3], rows[4], rows[3], *rows[5:]],
        lambda rows: [*rows[:3], "no digest", *rows[4:]],
        lambda rows: [*rows[:3], rows[3].upper(), *rows[4:]],
        lambda rows: [*rows[:3], rows[3] + "00", *rows[4:]],
        lambda _: [],
    ],
)
def test_rows_that_do_not_lead_to_the_signed_root_give_no_tree_until_they_do(
    damage: Callable[[list[str]], list[str]],
) -> None:
    rows = commitments(20)
    log = Log(damage(rows))
    kept = SignedTree(log.read)
    for _ in range(2):
        with pytest.raises(LogOutOfOrder, match="The 20 entries of the public log do not lead"):
            kept.at(*signed(rows)).__enter__()
    log.rows = rows
    with kept.at(*signed(rows)) as tree:
        assert tree.root(20) == whole(rows).root(20)


def test_a_gap_in_the_numbers_is_no_log() -> None:
    rows = commitments(5)
    kept = SignedTree(lambda after, last: [(after + 2, rows[after + 1])] if last else [])
    with pytest.raises(LogOutOfOrder), kept.at(*signed(rows[1:])):
        pass


def test_a_database_that_fails_midway_leaves_nothing_wrong_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(signed_tree, "AT_ONCE", 10)
    rows = commitments(30)
    log = Log(rows)
    broken = [True]

    def read(after: int, last: int) -> list[tuple[int, str]]:
        if after == 10 and broken:
            broken.clear()
            raise ConnectionError
        return log.read(after, last)

    kept = SignedTree(read)
    with pytest.raises(ConnectionError), kept.at(*signed(rows)):
        pass
    with kept.at(*signed(rows)) as tree:
        assert tree.root(30) == whole(rows).root(30)
    assert log.asked == [(0, 10), (10, 20), (20, 30)]


def test_many_threads_at_once_get_right_proofs_while_the_log_grows_and_is_exchanged() -> None:
    log = Log([])
    kept = SignedTree(log.read)
    start = threading.Barrier(THREADS)
    sizes = range(1, 200, 6)
    for rows in (commitments(200), commitments(200, salt="other")):
        log.rows, log.asked = rows, []
        made = whole(rows)

        def ask(thread: int, made: merkle.Tree = made) -> int:
            start.wait()
            for size in [*sizes[thread:], *sizes[:thread]]:
                at = size // 2
                with kept.at(size, made.root(size)) as tree:
                    proof = tree.inclusion(at, size)
                assert merkle.includes(made.leaf(at), at, size, proof, made.root(size))
            return thread

        with ThreadPoolExecutor(THREADS) as pool:
            assert list(pool.map(ask, range(THREADS))) == list(range(THREADS))
        assert sum(last - after for after, last in log.asked) == max(sizes)
