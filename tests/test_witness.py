"""The witness as it is started: what it signs, what it keeps, and what it may not do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from config import env
from decisions.chain.notes import NotSigned, opened, public_line
from decisions.history import record
from tests import database, stages
from tests.cast import Cast, assemble
from tests.tamper_world import unguarded


@pytest.fixture
def company(clone: str) -> Cast:
    return assemble()


def surroundings(name: str, folder: Path, **more: str) -> dict[str, str]:
    """What a witness finds in its environment: its database, its key and its own copy's folder."""
    kept = {key: value for key, value in os.environ.items() if "DATABASE_URL" not in key}
    return kept | {
        "COUNTERSIGN_ENV": "development",
        "WITNESS_DATABASE_URL": database.address(env.WITNESS, name),
        "WITNESS_KEY_FILE": str(folder / "key.pem"),
        "WITNESS_DIR": str(folder / "kept"),
        "DJANGO_SETTINGS_MODULE": "config.settings.witness",
        **more,
    }


def run(name: str, folder: Path, *options: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Start the witness on a database, with its key and its own copy in the folder."""
    return subprocess.run(
        [sys.executable, "manage.py", "witness", *options],
        cwd=env.PROJECT,
        env=surroundings(name, folder, **more),
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_signs_what_is_new_keeps_a_copy_and_says_when_nothing_is_new(
    clone: str, company: Cast, tmp_path: Path
) -> None:
    stages.withdrawn(company)
    first = run(clone, tmp_path)
    assert (first.returncode, first.stderr) == (0, "")
    assert "and 1 leaves." in first.stdout
    again = run(clone, tmp_path, "--whole")
    assert again.stdout == "In order; nothing is new since the last checkpoint.\n"
    (kept,) = (tmp_path / "kept").glob("*.checkpoint")
    with database.owner_of(clone) as owner:
        assert owner.execute("SELECT note FROM chain_checkpoint").fetchall() == [
            (kept.read_text(),)
        ]


def test_it_refuses_in_sentences_with_an_exit_code_and_signs_nothing(
    clone: str, company: Cast, tmp_path: Path
) -> None:
    record(None, "begin", company.olu)
    assert run(clone, tmp_path).returncode == 0
    with unguarded(clone) as owner:
        owner.execute("UPDATE decisions_event SET verb = 'save' WHERE verb = 'begin'")
    record(None, "begin", company.olu)
    refused = run(clone, tmp_path)
    assert refused.returncode == 1
    assert "NOT IN ORDER. Nothing was signed.\n- Event " in refused.stderr
    assert len(list((tmp_path / "kept").iterdir())) == 1


def test_a_witness_that_lost_its_own_copy_says_so_and_can_take_up_what_it_signed(
    clone: str, company: Cast, tmp_path: Path
) -> None:
    record(None, "begin", company.olu)
    run(clone, tmp_path)
    (tmp_path / "kept").rename(tmp_path / "lost")
    refused = run(clone, tmp_path)
    assert refused.returncode == 1
    assert "of which the witness has no copy of its own." in refused.stderr
    adopted = run(clone, tmp_path, "--adopt")
    assert adopted.stdout == "1 checkpoints were copied. Now run it with --whole.\n"
    assert run(clone, tmp_path, "--whole").returncode == 0


def test_a_checkpoint_that_was_kept_and_not_stored_is_stored_by_the_next_look(
    clone: str, company: Cast, tmp_path: Path
) -> None:
    record(None, "begin", company.olu)
    run(clone, tmp_path)
    with unguarded(clone) as owner:
        owner.execute("DELETE FROM chain_checkpoint")
    assert run(clone, tmp_path).returncode == 0
    (kept,) = (tmp_path / "kept").iterdir()
    with database.owner_of(clone) as owner:
        assert owner.execute("SELECT note FROM chain_checkpoint").fetchall() == [
            (kept.read_text(),)
        ]


def test_in_production_it_makes_no_key_by_itself(clone: str, tmp_path: Path) -> None:
    production = {"COUNTERSIGN_ENV": "production", "CONTACT_EMAIL": "readers@office.example"}
    refused = run(clone, tmp_path, **production)
    assert refused.returncode == 1
    assert "The witness's key cannot be read from" in refused.stderr
    named = run(
        clone, tmp_path, WITNESS_KEY_FILE=str(tmp_path / "development-key.pem"), **production
    )
    assert "is named as a key of a developer's machine." in named.stderr


def test_it_may_read_no_text_of_a_paper_and_change_nothing_that_it_looks_at(
    clone: str, company: Cast
) -> None:
    stages.consultation(company)
    with psycopg.connect(database.address(env.WITNESS, clone), autocommit=True) as witness:
        for statement in (
            "SELECT content FROM decisions_version",
            "SELECT title FROM decisions_paper",
            "SELECT body FROM conf.part_two",
            "INSERT INTO decisions_event (verb) VALUES ('save')",
            "INSERT INTO chain_leaf (number) VALUES (1)",
            "UPDATE chain_checkpoint SET note = ''",
            "DELETE FROM chain_checkpoint",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                witness.execute(statement)


def test_a_leaf_shows_nothing_in_the_log_but_its_commitment(clone: str, company: Cast) -> None:
    paper = stages.decided(company, part_two=True)
    with database.owner_of(clone) as owner:
        row = owner.execute("SELECT text, salt, commitment FROM chain_leaf").fetchone()
    assert row is not None
    text, salt, commitment = row
    said = json.loads(text)
    assert (said["kind"], said["reference"], said["edition"]) == ("decide", paper.slug, 1)
    assert len(said["commitment"]) == len(said["record"]) == len(salt) == len(commitment) == 64
    assert json.dumps(said, sort_keys=True, separators=(",", ":")) == text


def test_a_note_is_opened_by_its_own_key_and_name_alone(
    clone: str, company: Cast, tmp_path: Path
) -> None:
    record(None, "begin", company.olu)
    run(clone, tmp_path)
    (kept,) = (tmp_path / "kept").iterdir()
    origin = "countersign.example/log"
    key = env_key(tmp_path / "key.pem")
    assert opened(kept.read_text(), origin, key.public_key()).seq == 1
    assert run(clone, tmp_path, "--public-key").stdout.strip() == public_line(
        origin, key.public_key()
    )
    for note, other in (
        (kept.read_text().replace("chain 1 ", "chain 2 "), key),
        (kept.read_text(), Ed25519PrivateKey.generate()),
        ("", key),
    ):
        with pytest.raises(NotSigned):
            opened(note, origin, other.public_key())


def env_key(file: Path) -> Ed25519PrivateKey:
    """The key in a file."""
    from decisions.chain.keeping import load_key

    return load_key(file)
