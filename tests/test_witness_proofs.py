"""Proofs of the public log as it grows, and as its owner rewrites it under a running process."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from psycopg import sql
from pytest_django.plugin import DjangoDbBlocker

from config import env
from decisions.register import log
from decisions.register.signed_tree import SignedTree
from tests import database, stages
from tests.cast import Cast, assemble
from tests.log_world import Signing, checked, working
from tests.register_world import Register, register
from tests.tamper_world import Owner, unguarded

TABLES = [
    (sql.Identifier(f"kept_{name}"), sql.Identifier(name))
    for name in ("chain_leaf", "chain_checkpoint")
]
REFUSAL = "The entries of the public log do not lead to what its newest checkpoint states"


@pytest.fixture
def world(migrated: str, django_db_blocker: DjangoDbBlocker, seal_key: None) -> Iterator[Register]:
    with register(migrated, django_db_blocker) as made:
        yield made


@pytest.fixture
def company(world: Register) -> Cast:
    with working(world):
        return assemble()


@pytest.fixture(autouse=True)
def just_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process has read nothing of any log yet."""
    start_anew(monkeypatch)


def start_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what was kept, as a process does that is started again."""
    monkeypatch.setattr(log, "_tree", SignedTree(log._commitments))


def published(world: Register, company: Cast) -> str:
    """The slug of a decision with two leaves, between others."""
    with working(world):
        stages.withdrawn(company)
        paper = stages.published(company)
        stages.withdrawn(company)
        slug: str = paper.slug
    return slug


def holds(witness: Signing, folder: Path, proof: str) -> tuple[int, str]:
    """What the outsider's script says of a proof: its code and its last line."""
    (folder / "proof").write_text(proof)
    code, said = checked(witness.line, str(folder / "proof"))
    return code, said.splitlines()[-1]


def test_a_growing_log_is_proved_and_only_its_new_leaves_are_read(
    world: Register, company: Cast, tmp_path: Path
) -> None:
    witness = Signing(world, tmp_path)
    slug = published(world, company)
    witness.sign()
    address = f"/log/proof/{slug}.json"

    def asked() -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            proof = world.text(address)
        assert holds(witness, tmp_path, proof) == (0, "Everything holds.")
        return [one["sql"].split(" WHERE ")[1] for one in queries if "commitment" in one["sql"]]

    world.text("/log/checkpoint")  # this process's connection, told of the search path
    assert asked() == ["number > 0 AND number <= 4 ORDER BY number"]
    assert asked() == []
    with working(world):
        for _ in range(3):
            stages.withdrawn(company)
    assert asked() == []
    witness.sign()
    assert asked() == ["number > 4 AND number <= 7 ORDER BY number"]
    proof = json.loads(world.text(f"{address}?from=4"))
    assert [leaf["number"] for leaf in proof["leaves"]] == [2, 3]
    assert proof["consistency"]["from"] == 4


def test_who_kept_the_checkpoint_of_an_empty_log_is_answered_too(
    world: Register, company: Cast, tmp_path: Path
) -> None:
    witness = Signing(world, tmp_path)
    with working(world):
        stages.draft(company)
    witness.sign()
    earlier = tmp_path / "earlier"
    earlier.write_text(world.text("/log/checkpoint"))
    assert earlier.read_text().splitlines()[1] == "0"
    slug = published(world, company)
    witness.sign()
    for address in (f"/log/proof/{slug}.json", f"/log/proof/{slug}.json?from=0"):
        (tmp_path / "proof").write_text(world.text(address))
        said = checked(witness.line, str(tmp_path / "proof"), "--earlier", str(earlier))
        assert (said[0], said[1].splitlines()[-1]) == (0, "Everything holds.")


def change_own(owner: Owner) -> None:
    owner.execute(
        "UPDATE chain_leaf SET salt = repeat('0', 64), commitment = encode(sha256("
        "decode(repeat('0', 64), 'hex') || convert_to(text, 'UTF8')), 'hex') WHERE number = 2"
    )


def change_own_text_alone(owner: Owner) -> None:
    owner.execute("ALTER TABLE chain_leaf DROP CONSTRAINT IF EXISTS leaf_is_committed_to")
    owner.execute("UPDATE chain_leaf SET text = replace(text, 'decide', 'withdraw')")


def salt_that_is_none(owner: Owner) -> None:
    owner.execute("ALTER TABLE chain_leaf DROP CONSTRAINT IF EXISTS leaf_is_committed_to")
    owner.execute("UPDATE chain_leaf SET salt = 'salt', commitment = 'none'")


def change_another(owner: Owner) -> None:
    owner.execute(
        "UPDATE chain_leaf SET salt = repeat('0', 64), commitment = encode(sha256("
        "decode(repeat('0', 64), 'hex') || convert_to(text, 'UTF8')), 'hex') WHERE number = 1"
    )


def take_one_away(owner: Owner) -> None:
    owner.execute("DELETE FROM chain_leaf WHERE number = 4")


def spoil_the_checkpoint(owner: Owner) -> None:
    owner.execute("UPDATE chain_checkpoint SET note = 'what it was'")


def state_another_root(owner: Owner) -> None:
    owner.execute(
        "UPDATE chain_checkpoint SET note = regexp_replace(note, E'\\n4\\n.', "
        # One root in 64 begins with a z itself.
        "CASE WHEN note ~ E'\\n4\\nz' THEN E'\\n4\\ny' ELSE E'\\n4\\nz' END)"
    )


def state_another_size(owner: Owner) -> None:
    owner.execute(
        "UPDATE chain_checkpoint SET size = 3, note = regexp_replace(note, E'\\n4\\n', E'\\n3\\n')"
    )


@contextmanager
def rewritten(world: Register, tamper: Callable[[Owner], None]) -> Iterator[None]:
    """The log and its checkpoint rewritten by their owner, and as they were again at the end."""
    with unguarded(world.name) as owner:
        for kept, table in TABLES:
            owner.execute(sql.SQL("CREATE TABLE {} AS TABLE {}").format(kept, table))
        tamper(owner)
    try:
        yield
    finally:
        with unguarded(world.name) as owner:
            for kept, table in TABLES:
                owner.execute(sql.SQL("DELETE FROM {}").format(table))
                owner.execute(sql.SQL("INSERT INTO {} TABLE {}").format(table, kept))
                owner.execute(sql.SQL("DROP TABLE {}").format(kept))


# What is done, and whether a process that knew the log before still proves what was signed.
TAMPERING: list[tuple[Callable[[Owner], None], bool]] = [
    (change_own, False),
    (change_own_text_alone, False),
    (salt_that_is_none, False),
    (change_another, True),
    (take_one_away, True),
    (spoil_the_checkpoint, False),
    (state_another_root, False),
    (state_another_size, False),
]


def test_what_its_owner_rewrites_gives_no_proof_or_the_one_that_was_signed(
    world: Register,
    company: Cast,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    witness = Signing(world, tmp_path)
    slug = published(world, company)
    witness.sign()
    address = f"/log/proof/{slug}.json"
    before = world.text(address)
    assert holds(witness, tmp_path, before) == (0, "Everything holds.")
    for tamper, still_proved in TAMPERING:
        start_anew(monkeypatch)
        assert world.text(address) == before
        caplog.clear()
        with rewritten(world, tamper):
            warm = world.get(address)
            assert (warm.status_code == 200) == still_proved, tamper.__name__
            if still_proved:
                assert warm.content.decode() == before
            start_anew(monkeypatch)
            for answer in [world.get(address), *[warm] * (not still_proved)]:
                assert (answer.status_code, answer["Cache-Control"]) == (503, "no-store")
                assert REFUSAL in answer.content.decode()
            told = [each for each in caplog.records if each.levelno == logging.CRITICAL]
            assert len(told) == (1 if still_proved else 2)
        assert world.text(address) == before, "A process finds back by itself."


def test_a_log_and_checkpoint_written_anew_together_convince_no_outsider(
    world: Register, company: Cast, tmp_path: Path
) -> None:
    witness, forger = Signing(world, tmp_path), Signing(world, tmp_path / "forger")
    slug = published(world, company)
    witness.sign()
    address = f"/log/proof/{slug}.json"
    world.text(address)
    with unguarded(world.name) as owner:
        change_another(owner)
        owner.execute("DELETE FROM chain_checkpoint")
    forger.sign()
    forged = world.text(address)
    assert holds(forger, tmp_path, forged) == (0, "Everything holds.")
    assert holds(witness, tmp_path, forged)[0] == 1


def test_the_public_login_opens_no_leaf_of_what_is_not_public(
    world: Register, company: Cast
) -> None:
    slug = published(world, company)
    with working(world):
        sealed: str = stages.sealed(company).slug
    with database.owner_of(world.name) as owner:
        assert owner.execute("SELECT count(*) FROM chain_leaf WHERE slug = %s", [sealed]).fetchone()
        everything = owner.execute("SELECT slug, number FROM chain_leaf ORDER BY number").fetchall()
    assert [number for each, number in everything if each == slug] == [2, 3]
    assert [number for each, number in everything if each == sealed] == [5]
    with psycopg.connect(database.address(env.PUBLIC, world.name), autocommit=True) as public:

        def opened(*asked: object) -> list[int]:
            places = sql.SQL(", ").join(sql.Literal(each) for each in asked)
            call = sql.SQL("SELECT number FROM pub.opened_leaves({})").format(places)
            plan = public.execute(sql.SQL("EXPLAIN (ANALYZE, VERBOSE) ") + call).fetchall()
            assert "chain_leaf" not in repr(plan)
            return [row[0] for row in public.execute(call).fetchall()]

        assert opened(slug) == opened(1, 1000) == [2, 3]
        assert opened(sealed) == opened("") == opened(4, 5) == []
        seen = public.execute(
            "SELECT number FROM pub.log_entry WHERE text IS NOT NULL ORDER BY number"
        ).fetchall()
        assert [row[0] for row in seen] == [2, 3]
