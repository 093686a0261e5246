"""The operator's command: what it says of a file, and what it ends with."""

from __future__ import annotations

import hashlib
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from approvals import sealing
from approvals.library import read_file
from approvals.models import SealedDocument
from approvals.restricted import make_restricted_document
from config import env
from config.database.acting import acting_as
from decisions.models import Paper
from tests import database, stages, tampering
from tests.cast import Cast, assemble
from tests.people import as_operator
from tests.seal_world import small

pytestmark = pytest.mark.usefixtures("clone", "seal_key")


@pytest.fixture
def cast(clone: str) -> Cast:
    """The sample cast, in a database that the owner's login sees too."""
    return assemble()


def run(*files: Path, **options: Any) -> tuple[int, str]:
    """What the command ends with for the operator, where nobody acts, and what it says."""
    name = connection.settings_dict["NAME"]
    as_operator(name)
    try:
        with acting_as(None):
            return told(*files, **options)
    finally:
        database.connect("default", env.STAFF, name)


def told(*files: Path, **options: Any) -> tuple[int, str]:
    """The same under the login that is connected."""
    said = StringIO()
    try:
        call_command("verify_document", *map(str, files), stdout=said, **options)
    except SystemExit as end:
        return int(str(end.code)), said.getvalue()
    except CommandError as refusal:
        return refusal.returncode, str(refusal)
    return 0, said.getvalue()


@pytest.fixture
def kept(cast: Cast, tmp_path: Path) -> Path:
    """The document of a decided paper, as this service keeps it."""
    paper = stages.sealed(cast)
    file = tmp_path / "kept.pdf"
    file.write_bytes(read_file(SealedDocument.objects.get(edition__paper=paper).digest))
    return file


def reference() -> str:
    """The reference of the one paper there is."""
    return Paper.objects.get().reference


def test_a_document_of_ours_is_genuine(kept: Path) -> None:
    code, said = run(kept)
    assert code == 0
    digest = hashlib.sha256(kept.read_bytes()).hexdigest()
    lines = [line.strip() for line in said.splitlines()]
    assert lines[0] == str(kept)
    assert lines[1].startswith("Verdict  genuine: Nothing in this document has changed since")
    assert lines[2] == "Signer   Countersign development key – not for real decisions"
    assert lines[3].startswith("Sealed   ")
    assert lines[4] == f"SHA-256  {digest}"
    assert lines[5] == f"Edition  {reference()} edition 1, not public"


def test_machines_get_the_same(kept: Path) -> None:
    code, said = run(kept, json=True)
    (facts,) = json.loads(said)
    assert (code, facts["genuine"], facts["verdict"], facts["reason"]) == (
        0,
        True,
        "genuine",
        "whole",
    )
    assert (facts["edition"], facts["state"]) == (f"{reference()} edition 1", "not public")
    assert facts["digest"] == hashlib.sha256(kept.read_bytes()).hexdigest()


def test_one_bad_file_among_good_ones_is_a_no(kept: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.pdf"
    changed.write_bytes(tampering.append(kept.read_bytes()))
    code, said = run(kept, changed)
    assert code == 1
    assert "  Verdict  genuine: " in said
    assert "  Verdict  NOT GENUINE: There is something behind the end of the sealed" in said


def test_a_restricted_document_that_turns_up_tells_for_whom_it_was_made(
    cast: Cast, tmp_path: Path
) -> None:
    paper = stages.sealed(cast, part_two=True)
    found = tmp_path / "found.pdf"
    found.write_bytes(make_restricted_document(paper, by=cast.olu))
    code, said = run(found)
    assert code == 0
    whose = f"Restricted document of {paper.reference}, made for Olu Adeyemi, "
    assert f"  Edition  {whose}" in said
    assert stages.SECRET not in said


def test_our_seal_on_a_file_that_was_not_kept_is_not_enough(tmp_path: Path) -> None:
    unknown = tmp_path / "unknown.pdf"
    unknown.write_bytes(sealing.seal(small()))
    code, said = run(unknown)
    assert code == 1
    assert "But no document with this digest was kept" in said
    (facts,) = json.loads(run(unknown, json=True)[1])
    assert (facts["genuine"], facts["verdict"], facts["edition"]) == (False, "genuine", None)


def test_a_login_that_sees_no_document_judges_none(kept: Path) -> None:
    for login in (env.STAFF, env.RENDERER, env.MAILER, env.WITNESS):
        database.connect("default", login, connection.settings_dict["NAME"])
        with acting_as(None):
            code, said = told(kept)
        assert (code, said.split(".")[0]) == (2, "This is for the operator")
    assert run(kept)[0] == 0


def test_what_cannot_be_judged_ends_with_2(kept: Path, tmp_path: Path) -> None:
    code, said = run(tmp_path / "missing.pdf")
    assert code == 2
    assert said.endswith(
        "missing.pdf cannot be read: No such file or directory. Nothing was judged."
    )
    with override_settings(SEAL_CERT_FILE="", SEAL_TRUST_FILE=""):
        code, said = run(kept)
    assert (code, said.split(".")[0]) == (2, "There is no certificate to judge seals with")
