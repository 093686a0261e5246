"""The rewritings of test_witness_tampering.py and their like, at places drawn by lot."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.tamper_world import History, Owner, rehash, unguarded
from tests.test_witness_tampering import history

__all__ = ["history"]

_names = itertools.count(1)
Tampering = Callable[[Owner, int, random.Random], None]


def edit(owner: Owner, at: int, lot: random.Random) -> None:
    owner.execute("UPDATE decisions_event SET facts = facts || ' ' WHERE seq = %s", [at])


def change_the_verb(owner: Owner, at: int, lot: random.Random) -> None:
    owner.execute("UPDATE decisions_event SET verb = verb || 'd' WHERE seq = %s", [at])


def change_the_actor(owner: Owner, at: int, lot: random.Random) -> None:
    owner.execute(
        "UPDATE decisions_event SET actor_id = (SELECT min(id) FROM accounts_user "
        "WHERE id <> actor_id) WHERE seq = %s",
        [at],
    )


def change_the_role(owner: Owner, at: int, lot: random.Random) -> None:
    owner.execute("UPDATE decisions_event SET db_role = 'countersign_owner' WHERE seq = %s", [at])


def move_in_time(owner: Owner, at: int, lot: random.Random) -> None:
    seconds = lot.choice([-1, 1]) * lot.uniform(0.001, 90_000)
    owner.execute(
        "UPDATE decisions_event SET at = at + make_interval(secs => %s) WHERE seq = %s",
        [seconds, at],
    )


def give_it_to_another_paper(owner: Owner, at: int, lot: random.Random) -> None:
    owner.execute(
        "UPDATE decisions_event SET paper_id = (SELECT max(id) FROM decisions_paper p "
        "WHERE p.id IS DISTINCT FROM paper_id) WHERE seq = %s",
        [at],
    )


def delete(owner: Owner, at: int, lot: random.Random) -> None:
    owner.execute("DELETE FROM approvals_reason WHERE event_id IN (SELECT id FROM decisions_event "
                  "WHERE seq = %s)", [at])  # fmt: skip
    owner.execute("DELETE FROM approvals_notice WHERE event_id IN (SELECT id FROM decisions_event "
                  "WHERE seq = %s)", [at])  # fmt: skip
    owner.execute("DELETE FROM decisions_event WHERE seq = %s", [at])


def swap_with_the_next(owner: Owner, at: int, lot: random.Random) -> None:
    for old, new in ((at, -1), (at + 1, at), (-1, at + 1)):
        owner.execute("UPDATE decisions_event SET seq = %s WHERE seq = %s", [new, old])


def change_the_hash(owner: Owner, at: int, lot: random.Random) -> None:
    digest = f"{lot.getrandbits(256):064x}"
    owner.execute("UPDATE decisions_event SET hash = %s WHERE seq = %s", [digest, at])


def rewritten(tampering: Tampering) -> Tampering:
    """The same, and then every later hash, number and leaf made anew."""

    def rewrite(owner: Owner, at: int, lot: random.Random) -> None:
        tampering(owner, at, lot)
        rehash(owner)

    rewrite.__name__ = f"{tampering.__name__}_and_rehash"
    return rewrite


PLAIN: Final = (
    edit,
    change_the_verb,
    change_the_actor,
    change_the_role,
    move_in_time,
    give_it_to_another_paper,
    delete,
    swap_with_the_next,
    change_the_hash,
)
# A hash alone that is made anew is as it was before.
KINDS: Final[tuple[Tampering, ...]] = (*PLAIN, *(rewritten(each) for each in PLAIN[:-1]))
SEEDS: Final = 25


@pytest.mark.parametrize(
    ("seed", "kinds"),
    [
        (0, KINDS[::6]),
        *(pytest.param(seed, KINDS, marks=pytest.mark.long) for seed in range(1, SEEDS + 1)),
    ],
)
def test_no_rewriting_at_any_place_escapes_the_witness(
    history: History, tmp_path: Path, seed: int, kinds: tuple[Tampering, ...]
) -> None:
    assert len(KINDS) >= 13
    lot = random.Random(seed)  # noqa: S311 - places of a drill, the same each time
    for kind in kinds:
        with history.copy(f"{history.name}_lot{next(_names)}") as name:
            with unguarded(name) as owner:
                found = owner.execute("SELECT max(seq) FROM decisions_event").fetchone()
                assert found is not None
                at = lot.randrange(2, found[0])
                kind(owner, at, lot)
            looked = history.look(name, tmp_path / f"{kind.__name__}")
            assert looked.findings != (), f"{kind.__name__} at event {at}"
            assert looked.signed is None
