"""A backup is restored into a fresh database and proved, and a paper is signed there.

And whatever is off afterwards is said, above all what a plain pg_restore loses in silence.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from approvals import roles_sql
from approvals.models import SealedDocument, Signature
from config import env
from config.database.acting import acting_as
from decisions.chain.notes import public_line
from decisions.models import Paper
from decisions.states import State
from setup import devdb
from tests import database, stages
from tests.tamper_world import ORIGIN, History, make_history

IN_ORDER = "In order: "


def address_of_superuser(name: str = devdb.DATABASE) -> str:
    """Of a database of the tests' own cluster."""
    url = devdb.cluster(test=True).url.replace(devdb.OWNER, devdb.SUPERUSER)
    return url.replace(f"/{devdb.DATABASE}?", f"/{name}?")


def point_at(patch: pytest.MonkeyPatch, name: str) -> None:
    """Let the commands find the database of that name, as the owner and as every login."""
    patch.setenv("DATABASE_URL", database.address(env.OWNER, name))
    database.connect("default", env.OWNER, name)


def _as_in_earnest(name: str) -> None:
    """Take away what only the tests' databases have: the person who sees everything."""
    database.connect("default", env.OWNER, name)
    roles_sql.apply()
    with database.owner_of(name) as owner:
        for (function,) in owner.execute(
            "SELECT oid::regprocedure::text FROM pg_proc WHERE proname LIKE '%\\_in\\_earnest'"
        ).fetchall():
            owner.execute(f"DROP FUNCTION {function}")
    connections["default"].close()


@pytest.fixture(scope="module")
def history(
    migrated: str, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[History]:
    """A decision signed, published and corrected, and a paper that waits to be decided."""
    name = f"{settings.TEST_DATABASE}_drill"
    before = dict(connections["default"].settings_dict)
    with django_db_blocker.unblock():
        database.create(name, template=migrated)
        made = make_history(name, tmp_path_factory.mktemp("witness") / "kept")
        stages.decision(made.cast, part_two=True)
        connections["default"].close()
        _as_in_earnest(name)
        database.connect("default", env.STAFF, name)
        yield made
        connections.close_all()
        connections["default"].settings_dict.update(before)
        for each in (name, made.earlier):
            database.drop(each)


@pytest.fixture(scope="module")
def surroundings(history: History) -> Iterator[pytest.MonkeyPatch]:
    """PostgreSQL's programs, and the witness's public line, for the commands."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PG_BIN", str(devdb.cluster(test=True).programs))
        patch.setenv("WITNESS_PUBLIC_KEY", public_line(ORIGIN, history.key.public_key()))
        yield patch


@pytest.fixture(scope="module")
def backup(
    history: History, surroundings: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """One backup of the history."""
    folder = tmp_path_factory.mktemp("backups") / "night"
    with pytest.MonkeyPatch.context() as patch:
        point_at(patch, history.name)
        call_command("backup", str(folder))
    database.connect("default", env.STAFF, history.name)
    return folder


def checkpoints_in(folder: Path) -> list[str]:
    """The options that name every checkpoint of the witness's own copy."""
    return [f"--checkpoint={file}" for file in sorted(folder.glob("*.checkpoint"))]


@contextlib.contextmanager
def gone_afterwards(name: str) -> Iterator[str]:
    """A name for a database, which is dropped at the end."""
    database.drop(name)
    before = os.environ["DATABASE_URL"]
    try:
        yield name
    finally:
        connections["default"].close()
        os.environ["DATABASE_URL"] = before
        database.drop(name)


@pytest.fixture(scope="module")
def filled(
    history: History, backup: Path, surroundings: pytest.MonkeyPatch
) -> Iterator[tuple[str, str]]:
    """A database that the command made and filled, and what it said to that."""
    with gone_afterwards(f"{history.name}_filled") as name, pytest.MonkeyPatch.context() as patch:
        point_at(patch, name)
        patch.setenv("SUPERUSER_DATABASE_URL", address_of_superuser())
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            call_command("restore", str(backup), *checkpoints_in(history.folder))
        connections["default"].close()
        yield name, said.getvalue()


@pytest.fixture
def restored(filled: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A copy of the restored database, to sign in and to spoil."""
    name, said = filled
    assert said.startswith(IN_ORDER)
    with gone_afterwards(f"{name}_copy") as copied:
        database.create(copied, template=name)
        point_at(monkeypatch, copied)
        yield copied


@pytest.fixture
def prove(
    history: History, backup: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[[], list[str]]:
    """What the command finds in the database that it is pointed at; nothing when in order."""

    def proved() -> list[str]:
        try:
            call_command("restore", str(backup), "--prove-only", *checkpoints_in(history.folder))
        except CommandError as refusal:
            first, *found = str(refusal).splitlines()
            assert first == "NOT IN ORDER. Do not serve this database."
            return found
        assert capsys.readouterr().out.startswith(IN_ORDER)
        return []

    return proved


def test_a_paper_is_signed_on_the_restored_system(
    history: History, restored: str, prove: Callable[[], list[str]]
) -> None:
    database.connect("default", env.STAFF, restored)
    with acting_as(history.cast.dominic.pk):
        paper = Paper.objects.get(state=State.DECISION)
        before = Signature.objects.count()
        stages.decide(paper, history.cast.dominic)
        assert stages.fresh(paper).state == State.DECIDED
        assert Signature.objects.count() == before + 1
    # And the next proof says that this is no longer the database that was backed up.
    database.connect("default", env.OWNER, restored)
    assert "- The chain does not end at event" in "\n".join(prove())


def test_what_was_restored_is_what_was_there(history: History, restored: str) -> None:
    def told(name: str) -> list[Any]:
        with database.owner_of(name) as owner:
            return owner.execute(
                "SELECT e.seq, e.hash, p.state, v.digest, s.id, x.content, l.commitment "
                "FROM decisions_event e LEFT JOIN decisions_paper p ON p.id = e.paper_id "
                "LEFT JOIN decisions_version v ON v.paper_id = p.id "
                "LEFT JOIN approvals_signature s ON s.version_id = v.id "
                "LEFT JOIN conf.part_two_frozen x ON x.version_id = v.id "
                "LEFT JOIN chain_leaf l ON l.event = e.seq ORDER BY 1, 5, 4"
            ).fetchall()

    there = told(history.name)
    assert len(there) > 20
    assert any(stages.SECRET in str(row) for row in there)
    assert told(restored) == there


def test_a_plain_pg_restore_loses_what_stands_on_the_database_and_the_proof_says_so(
    history: History,
    backup: Path,
    prove: Callable[[], list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with gone_afterwards(f"{history.name}_plain") as name:
        with database.owner_session() as owner:
            owner.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        point_at(monkeypatch, name)
        program = devdb.cluster(test=True).programs / "pg_restore"
        subprocess.run(
            [
                program,
                "--exit-on-error",
                "--dbname",
                address_of_superuser(name),
                backup / "countersign.dump",
            ],
            check=True,
            capture_output=True,
        )
        found = "\n".join(prove())
        assert "- Not in the backup: PUBLIC: TEMPORARY the database." in found
        assert "countersign_public could do what no login may: CREATE TEMP TABLE mine" in found
        assert "Every login of the server may connect to this database, make temporary" in found


TOOTHLESS = """
CREATE OR REPLACE FUNCTION evidence_never_changes() RETURNS trigger LANGUAGE plpgsql AS
'BEGIN RETURN NEW; END'
"""


# A change by hand, and what the proof says to it.
SPOILT = [
    (
        "GRANT SELECT ON decisions_paper TO countersign_public",
        "Not in the backup: countersign_public: SELECT public.decisions_paper.",
    ),
    (
        "REVOKE SELECT ON pub.decision FROM countersign_public",
        "Gone since the backup: countersign_public: SELECT pub.decision.",
    ),
    (
        "GRANT SELECT (title) ON decisions_paper TO PUBLIC",
        "Not in the backup: PUBLIC: SELECT public.decisions_paper.title.",
    ),
    (
        "GRANT EXECUTE ON FUNCTION pg_sleep TO countersign_mailer",
        "countersign_mailer could do what no login may: SELECT pg_sleep(0).",
    ),
    (
        "DROP TRIGGER chain_event ON decisions_event",
        "Gone since the backup: trigger A CREATE TRIGGER chain_event ",
    ),
    (
        "ALTER TABLE approvals_signature ENABLE TRIGGER signer_may_sign",
        "Not in the backup: trigger O CREATE TRIGGER signer_may_sign ",
    ),
    ("DROP TABLE approvals_notice", "The table public.approvals_notice has no rows; when"),
    ("UPDATE decisions_event SET facts = '{}' WHERE seq = 2", "Event 2 (clear) was changed"),
    (TOOTHLESS, "Gone since the backup: function evidence_never_changes()"),
]


def test_whatever_is_off_is_said(restored: str, prove: Callable[[], list[str]]) -> None:
    alter = "ALTER TABLE decisions_event {} TRIGGER evidence_never_changes"
    with psycopg.connect(address_of_superuser(restored)) as superuser:
        superuser.execute(alter.format("DISABLE").encode())
        for statement, _ in SPOILT:
            superuser.execute(statement.encode())
        superuser.execute(alter.format("ENABLE ALWAYS").encode())
    found = prove()
    for statement, sentence in SPOILT:
        assert any(line.startswith(f"- {sentence}") for line in found), (statement, found)


def test_files_are_compared_with_their_digests(
    history: History, restored: str, prove: Callable[[], list[str]]
) -> None:
    assert prove() == []
    document = SealedDocument.objects.order_by("pk").last()
    assert document is not None
    file = Path(settings.DATA_DIR) / "files" / "restricted" / f"{document.digest}.pdf"
    whole = file.read_bytes()
    try:
        file.chmod(0o600)
        file.write_bytes(whole[:-1] + b"x")
        assert prove() == [
            f"- The file {document.digest}.pdf in the store restricted is not as it was kept."
        ]
        file.unlink()
        assert prove() == [f"- The file {document.digest}.pdf is missing in the store restricted."]
    finally:
        file.write_bytes(whole)
    # And a file that somebody handed in, which lies there under its digest and its paper.
    with psycopg.connect(address_of_superuser(restored)) as superuser:
        superuser.execute("ALTER TABLE conf.part_two_file DISABLE TRIGGER USER")
        superuser.execute(
            "INSERT INTO conf.part_two_file"
            " (paper_id, title, name, kind, size, digest, added_by_id)"
            " SELECT max(p.id), 'x', 'x.pdf', 'pdf', 1, repeat('c', 64), max(p.officer_id)"
            " FROM decisions_paper p"
        )
    assert any(f"The file {'c' * 64}-" in line for line in prove())


def test_acts_that_came_after_the_backup_are_missed(
    history: History,
    backup: Path,
    restored: str,
    tmp_path: Path,
) -> None:
    with history.copy(f"{history.name}_later") as later:
        database.connect("default", env.STAFF, later)
        with acting_as(history.cast.olu.pk):
            stages.draft(history.cast)
        looked = history.look(later, tmp_path / "kept")
        assert looked.signed is not None
    database.connect("default", env.OWNER, restored)
    newest = max((tmp_path / "kept").glob("*.checkpoint"))
    with pytest.raises(CommandError, match=f"Event {looked.signed.seq}, at which a checkpoint was"):
        call_command("restore", str(backup), "--prove-only", f"--checkpoint={newest}")


def test_nothing_is_restored_over_something(
    history: History, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    point_at(monkeypatch, history.name)
    with pytest.raises(CommandError, match="The database is not empty, and a restore replaces"):
        call_command("restore", str(backup), *checkpoints_in(history.folder))


def test_a_backup_that_was_changed_is_not_restored(
    history: History, backup: Path, tmp_path: Path
) -> None:
    for name in ("countersign.dump", "manifest.json"):
        (tmp_path / name).write_bytes((backup / name).read_bytes())
    dump = bytearray((tmp_path / "countersign.dump").read_bytes())
    dump[len(dump) // 2] ^= 1
    (tmp_path / "countersign.dump").write_bytes(dump)
    with pytest.raises(CommandError, match="is not as it was written"):
        call_command("restore", str(tmp_path), *checkpoints_in(history.folder))


def test_nothing_is_in_order_without_the_witness(backup: Path) -> None:
    with pytest.raises(CommandError, match="Nothing says what the chain was: give --checkpoint"):
        call_command("restore", str(backup), "--prove-only")


def test_a_backup_with_rows_left_out_is_none(
    history: History, surroundings: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with history.copy(f"{history.name}_hidden") as name:
        with database.owner_of(name) as owner:
            for change in (
                "ALTER TABLE decisions_paper ENABLE ROW LEVEL SECURITY",
                "ALTER TABLE decisions_paper FORCE ROW LEVEL SECURITY",
                "CREATE POLICY half ON decisions_paper USING (id % 2 = 0)",
            ):
                owner.execute(change.encode())
        with pytest.MonkeyPatch.context() as patch:
            point_at(patch, name)
            with pytest.raises(CommandError, match="pg_dump failed: pg_dump: error: query"):
                call_command("backup", str(tmp_path / "night"))
    assert list(tmp_path.iterdir()) == []


def test_a_backup_replaces_no_other_and_is_made_by_the_owner_alone(
    history: History, backup: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    point_at(monkeypatch, history.name)
    with pytest.raises(CommandError, match="A backup never replaces another: name a new one"):
        call_command("backup", str(backup))
    database.connect("default", env.STAFF, history.name)
    with pytest.raises(CommandError, match="This runs as the owner of the database"):
        call_command("backup", str(tmp_path / "night"))


def test_the_script_of_the_nightly_backup_makes_one_with_its_files(
    history: History, surroundings: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wanted = os.environ | {
        "DATABASE_URL": database.address(env.OWNER, history.name),
        "COUNTERSIGN_BACKUPS": str(tmp_path),
        "PYTHON": sys.executable,
    }
    script = env.PROJECT / "deploy" / "backup.sh"
    subprocess.run(["sh", script], env=wanted, check=True, capture_output=True)
    (made,) = tmp_path.iterdir()
    assert json.loads((made / "manifest.json").read_text())["last_event"] > 20
    stored = Path(settings.DATA_DIR) / "files"
    copied = [file for file in (made / "files").rglob("*") if file.is_file()]
    assert {f"{one.digest}.pdf" for one in SealedDocument.objects.all()} <= {
        file.name for file in copied
    }
    for file in copied:
        assert file.read_bytes() == (stored / file.relative_to(made / "files")).read_bytes()
