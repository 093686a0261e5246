"""An outsider checks the passkeys of a decision with our short program and nothing of ours else."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from django.test import Client

from approvals.models import Edition
from config.env import PROJECT
from tests import stages
from tests.cast import Cast
from tests.ceremony import begin
from tests.passkeys import Authenticator, coded, decoded

pytestmark = pytest.mark.django_db

VERIFIER: Final = PROJECT / "docs" / "verifier" / "verify_signature.py"
OURS: Final = "http://localhost:8000"
SAID: Final = "I once worked for the supplier; “no” longer.\nNot since 2019."
Record = dict[str, Any]


@pytest.fixture
def record(cast: Cast, client: Client) -> Record:
    """The record of a decision that both signed by passkey, one with each kind of key."""
    paper = stages.endorsement(cast, part_two=True)
    for person, verb, algorithm in (
        (cast.celia, "endorse", "Ed25519"),
        (cast.dominic, "decide", "ES256"),
    ):
        mine = Authenticator.of(person, algorithm=algorithm)
        client.force_login(person)
        given = {"has_interest": "yes", "interest": SAID, "outcome_1": "approved"}
        given |= {"outcome_2": "not_approved", "refused_2": "It is too dear."}
        ceremony = begin(client, paper, verb, **given if verb == "decide" else {})
        assert ceremony.sign(mine).status_code == 302
    found: Record = json.loads(Edition.objects.get(paper=paper).content)
    return found


def check(record: Record, folder: Path, *more: str) -> tuple[int, str]:
    """How the program ends, and what it says."""
    file = folder / "1.json"
    file.write_text(json.dumps(record))
    command = [sys.executable, "-I", str(VERIFIER), str(file), *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_both_signatures_hold(record: Record, tmp_path: Path) -> None:
    ended, said = check(record, tmp_path, "--site", OURS)
    assert (ended, said.count(": holds.")) == (0, 2)
    assert "Celia Marsh, Chief Executive Officer: holds." in said
    key = said.split()[-1].rstrip(".")
    assert check(record, tmp_path, "--key", key)[0] == 0
    assert check(record, tmp_path, "--key", "0" * 64)[0] == 1
    assert check(record, tmp_path, "--site", "https://elsewhere.example")[0] == 1


def test_nothing_of_a_credential_but_its_digest_is_published(record: Record) -> None:
    for place in ("chief_executive", "decision"):
        assert set(record[place]["passkey"]) == {
            "signed",
            "declared",
            "authenticator_data",
            "client_data",
            "signature",
            "public_key",
            "algorithm",
            "credential",
        }
        assert len(record[place]["passkey"]["credential"]) == 64
    assert stages.SECRET not in json.dumps(record)


def _flip(record: Record, name: str, place: int) -> None:
    passkey = record["decision"]["passkey"]
    changed = bytearray(decoded(passkey[name]))
    changed[place] ^= 1
    passkey[name] = coded(bytes(changed))


def _exchange(record: Record) -> None:
    here, there = record["decision"], record["chief_executive"]
    here["passkey"], there["passkey"] = there["passkey"], here["passkey"]


def _outcome(record: Record) -> None:
    record["recommendations"][1] |= {"outcome": "approved", "outcome_words": ""}


BENT: Final[dict[str, Callable[[Record], Any]]] = {
    "an outcome": _outcome,
    "words of an outcome": lambda r: r["recommendations"][1].update(outcome_words="Too dear."),
    "interests": lambda r: r["decision"].update(interests="None."),
    "the statement": lambda r: r["decision"].update(statement="I agree."),
    "the title": lambda r: r.update(title="Something else"),
    "an amount": lambda r: r["recommendations"][0].update(amount="1.00"),
    "the summary": lambda r: r["executive_summary"][0].update(html="Otherwise."),
    "a declaration as signed": lambda r: r["signed_declarations"][0].update(statement="No."),
    "the reference": lambda r: r.update(reference="PCD 1"),
    "the act": lambda r: r["decision"]["passkey"]["signed"].__setitem__(3, "endorse"),
    "the office": lambda r: r["decision"]["passkey"]["signed"].__setitem__(2, "mayor"),
    "Part 2": lambda r: r["decision"]["passkey"]["signed"].__setitem__(6, "0" * 64),
    "whose passkey": _exchange,
    "the signature": lambda r: _flip(r, "signature", -1),
    "the relying party": lambda r: _flip(r, "authenticator_data", 0),
    "the counter": lambda r: _flip(r, "authenticator_data", -1),
    "the verification": lambda r: r["decision"]["passkey"].update(
        authenticator_data=coded(bytes(32) + b"\x01" + bytes(4))
    ),
    "the key": lambda r: r["decision"]["passkey"].update(
        public_key=r["chief_executive"]["passkey"]["public_key"]
    ),
}


@pytest.mark.parametrize("bent", BENT)
def test_whatever_is_changed_does_not_hold(record: Record, tmp_path: Path, bent: str) -> None:
    before = json.dumps(record)
    BENT[bent](record)
    assert json.dumps(record) != before
    ended, said = check(record, tmp_path)
    assert ended == 1
    assert "DOES NOT HOLD: " in said
    assert "Traceback" not in said
