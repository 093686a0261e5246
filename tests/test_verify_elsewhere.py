"""The commands that docs/check-a-document.md gives to an outsider, run as they stand there."""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from cryptography.hazmat.primitives import serialization
from django.test import override_settings

from approvals import sealing
from approvals.sealing import development
from config import env
from decisions.register.verify.trust import trusted
from tests import tampering
from tests.seal_world import small

DOCS: Final = env.PROJECT / "docs" / "check-a-document.md"
pytestmark = pytest.mark.usefixtures("seal_key")


def commands() -> list[str]:
    """Every block of commands, in the order of the page."""
    return re.findall(r"^```sh\n(.*?)^```", DOCS.read_text(), re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An outsider's folder: the document, and the certificates as the register gives them out."""
    (tmp_path / "decision.pdf").write_bytes(tampering.sealed())
    pem = serialization.Encoding.PEM
    text = b"".join(one.public_bytes(pem) for one in trusted().seals)
    (tmp_path / "seal-certificates.pem").write_bytes(text)
    return tmp_path


def follow(folder: Path) -> tuple[str, str, str, str]:
    """What each of the four blocks says, whatever it says."""
    said = [
        subprocess.run(
            ["/bin/sh", "-c", block], cwd=folder, capture_output=True, text=True, check=False
        )
        for block in commands()
    ]
    first, second, third, fourth = (one.stdout + one.stderr for one in said)
    return first, second, third, fourth


def test_what_the_page_says_is_what_an_outsider_sees(folder: Path) -> None:
    certificate, seal, ours, digest = follow(folder)
    assert development.DEVELOPMENT_NAME.split(" –")[0] in certificate
    assert "sha256 Fingerprint=" in certificate
    promised = re.search(r"^```\n((?:  - .*\n)+)```$", DOCS.read_text(), re.MULTILINE)
    assert promised is not None
    lines = promised[1].splitlines()
    assert len(lines) == 4
    assert [line for line in lines if line not in seal.splitlines()] == []
    assert "Signature #2" not in seal
    assert "CMS Verification successful" in ours
    assert "Countersign development key" in ours
    assert digest.split()[0] == hashlib.sha256(tampering.sealed()).hexdigest()


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (tampering.flip_in_page, ("Total document signed", "Digest Mismatch.")),
        (tampering.append, ("Not total document signed", "Signature is Valid.")),
        (tampering.replace_page, ("Not total document signed", "Signature is Valid.")),
        (tampering.hide_in_the_gap, ("Not total document signed", "Signature is Valid.")),
    ],
)
def test_altered_documents_are_told_as_the_table_says(
    folder: Path, tamper: Callable[[bytes], bytes], said: tuple[str, str]
) -> None:
    (folder / "decision.pdf").write_bytes(tamper(tampering.sealed()))
    _, seal, _, _ = follow(folder)
    coverage, validity = said
    assert f"  - {coverage}\n" in seal
    assert f"  - Signature Validation: {validity}\n" in seal


def test_a_changed_document_fails(folder: Path) -> None:
    (folder / "decision.pdf").write_bytes(tampering.flip_in_page(tampering.sealed()))
    assert "CMS Verification failure" in follow(folder)[2]


def test_a_seal_by_somebody_else_fails(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    theirs = tmp_path_factory.mktemp("stranger")
    with override_settings(
        SEAL_KEY_FILE=str(theirs / "key.pem"), SEAL_CERT_FILE=str(theirs / "certificate.pem")
    ):
        development.make_pair()
        (folder / "decision.pdf").write_bytes(sealing.seal(small()))
    _, seal, ours, _ = follow(folder)
    assert "  - Signature Validation: Signature is Valid.\n" in seal
    assert "CMS Verification failure" in ours
