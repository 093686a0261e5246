"""Sealed documents as programs of others see them: validators, Poppler, OpenSSL. Each level."""

from __future__ import annotations

import re
import subprocess
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from approvals import sealing
from approvals.sealing import archive
from tests import records, verapdf
from tests.pdfs import rendered
from tests.seal_world import NAME, World

if TYPE_CHECKING:
    from pytest_django import Settings

LEVELS = ("B-B", "B-LT", "B-LTA")
Levels = dict[str, bytes]


@pytest.fixture
def levels(authorities: World, settings: Settings) -> Levels:
    """The same decision, sealed at each level."""
    made = {}
    for name, lasting in (("B-B", False), ("B-LT", True)):
        authorities.use(settings, lasting=lasting)
        made[name] = sealing.seal(rendered(records.pcd_1080))
    return {**made, "B-LTA": archive.renew(made["B-LT"])}


@pytest.mark.parametrize("level", LEVELS)
def test_a_document_is_accessible_and_archival_at_every_level(levels: Levels, level: str) -> None:
    assert verapdf.failures(levels[level], "3a", "ua1") == []


def poppler(pdf: bytes, folder: Path) -> str:
    """What Poppler's pdfsig says of the signatures in a file."""
    file = folder / "document.pdf"
    file.write_bytes(pdf)
    return subprocess.run(
        ["pdfsig", "-nocert", file], capture_output=True, text=True, check=False
    ).stdout


@pytest.mark.parametrize("level", ["B-B", "B-LT"])
def test_poppler_finds_one_valid_signature_over_the_whole_document(
    levels: Levels, level: str, tmp_path: Path
) -> None:
    said = poppler(levels[level], tmp_path)
    assert said.count("Signature #") == 1
    assert f"Signer Certificate Common Name: {NAME}" in said
    assert "Signature Type: ETSI.CAdES.detached" in said
    assert "Signature Validation: Signature is Valid." in said
    assert "\n  - Total document signed\n" in said


def test_poppler_sees_that_a_changed_document_is_not_what_was_sealed(
    levels: Levels, tmp_path: Path
) -> None:
    pdf = levels["B-LT"]
    at = pdf.index(b"stream\n") + 200
    said = poppler(pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :], tmp_path)
    assert "Signature Validation: Digest Mismatch." in said


def test_poppler_finds_the_seal_still_valid_in_an_archive_copy(
    levels: Levels, tmp_path: Path
) -> None:
    said = poppler(levels["B-LTA"], tmp_path)
    assert said.count("Signature #") == 2
    assert "Signature Validation: Signature is Valid." in said
    # The time stamp for the archive, not the seal, covers the whole copy.
    assert re.findall("(?:Not total|Total) document signed", said) == [
        "Not total document signed",
        "Total document signed",
    ]


@pytest.mark.parametrize("level", ["B-B", "B-LT"])
def test_openssl_verifies_the_seal_by_the_root_alone(
    authorities: World, levels: Levels, level: str, tmp_path: Path
) -> None:
    pdf = levels[level]
    done = openssl(
        pdf, authorities.write("root.only.pem", [authorities.certificate("root")]), tmp_path
    )
    assert (done.returncode, "CMS Verification successful" in done.stderr) == (0, True)
    stranger = authorities.write("stranger.pem", [authorities.certificate("responder")])
    assert openssl(pdf, stranger, tmp_path).returncode != 0
    changed = pdf.replace(b"/MediaBox", b"/MediaBux", 1)
    assert openssl(changed, authorities.folder / "root.only.pem", tmp_path).returncode != 0


def openssl(pdf: bytes, root: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """What OpenSSL says of the seal over the bytes that it covers."""
    (found,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    start, before, after, rest = (int(number) for number in found.byte_range)
    content, cms = folder / "content", folder / "cms"
    content.write_bytes(pdf[start:before] + pdf[after : after + rest])
    cms.write_bytes(found.pkcs7_content)
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any"]
    return subprocess.run(
        [*command, "-in", cms, "-content", content, "-CAfile", root, "-out", "/dev/null"],
        capture_output=True,
        text=True,
        check=False,
    )
