"""The public log as an outsider meets it: pages of the public process, and its own script."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from tests import database, stages
from tests.cast import Cast, assemble
from tests.log_world import Signing, checked, working
from tests.register_world import Register, register


@pytest.fixture
def world(migrated: str, django_db_blocker: DjangoDbBlocker, seal_key: None) -> Iterator[Register]:
    with (
        register(migrated, django_db_blocker) as made,
        override_settings(WITNESS_PUBLIC_KEY="a key"),
    ):
        yield made


@pytest.fixture
def company(world: Register) -> Cast:
    with working(world):
        return assemble()


def test_an_outsider_checks_a_decision_offline_with_what_they_downloaded(
    world: Register, company: Cast, tmp_path: Path
) -> None:
    witness = Signing(world, tmp_path)
    with working(world):
        paper = stages.published(company, part_two=True)
    witness.sign()
    earlier = world.text("/log/checkpoint")
    with working(world):
        stages.withdrawn(company)
    witness.sign()
    files = {
        "proof": f"/log/proof/{paper.slug}.json?from={earlier.splitlines()[1]}",
        "record": f"/decisions/{paper.slug}.json",
        "document": f"/decisions/{paper.slug}/decision.pdf",
        "checkpoint": "/log/checkpoint",
    }
    for name, address in files.items():
        answer = world.get(address)
        assert answer.status_code == 200
        (tmp_path / name).write_bytes(answer.content)
    (tmp_path / "earlier").write_text(earlier)
    options = [
        word
        for name in ("record", "document", "checkpoint", "earlier")
        for word in (f"--{name}", str(tmp_path / name))
    ]
    proof = str(tmp_path / "proof")
    code, said = checked(witness.line, proof, *options)
    assert (code, said.splitlines()[-1]) == (0, "Everything holds.")
    assert [line.split("  ")[1:3] for line in said.splitlines()[:-1]] == [
        [paper.slug, "decide"],
        [paper.slug, "publish"],
    ]
    for name in ("record", "document", "checkpoint", "earlier", "proof"):
        whole = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(whole.replace(b"1", b"2", 1))
        code, said = checked(witness.line, proof, *options)
        assert (code, said[:14]) == (1, "DOES NOT HOLD:"), name
        (tmp_path / name).write_bytes(whole)
    code, said = checked(Signing(world, tmp_path).line, proof, *options)
    assert code == 1


def test_what_is_not_public_yet_stands_in_the_log_as_a_commitment_alone(
    world: Register, company: Cast, tmp_path: Path
) -> None:
    witness = Signing(world, tmp_path)
    with working(world):
        paper = stages.sealed(company)
        until = (datetime.now(UTC) + timedelta(days=30)).date()
        stages.publish(paper, company.saba, until=until, reason="Why.", owner=company.olu)
    witness.sign()
    with database.owner_of(world.name) as owner:
        rows = owner.execute("SELECT slug, salt, text FROM chain_leaf").fetchall()
        assert len(rows) == 2
    entries = json.loads(world.text("/log/entries.json"))["entries"]
    assert [(each["salt"], each["text"]) for each in entries] == [(None, None)] * 2
    assert world.get(f"/log/proof/{paper.slug}.json").status_code == 404
    seen = world.text("/log/") + world.text("/log/checkpoint") + world.text("/log/entries.json")
    for slug, salt, text in rows:
        assert slug not in seen
        assert salt not in seen
        assert json.loads(text)["record"] not in seen
    world.let_pass(timedelta(days=31))
    entries = json.loads(world.text("/log/entries.json"))["entries"]
    assert [each["salt"] for each in entries] == [salt for _, salt, _ in rows]


def test_before_the_first_checkpoint_the_log_says_so(world: Register) -> None:
    assert world.get("/log/checkpoint").status_code == 404
    assert "No checkpoint was signed yet." in world.text("/log/")
    assert json.loads(world.text("/log/entries.json?from=x"))["entries"] == []
