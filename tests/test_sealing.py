"""The seal: what it covers, what it leaves alone, and what cannot be sealed.

How a sealed file that was tampered with is told: `test_verify*.py`.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter

from approvals import documents, sealing
from approvals.sealing import development, keys, signers
from tests import records
from tests.pdfs import rendered, text
from tests.seal_world import small

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import Settings


def new_pair(settings: Settings, folder: Path) -> None:
    """A development pair of its own in a folder, and the settings that point to it."""
    settings.ENVIRONMENT = "development"
    settings.SEAL_KEY_FILE = str(folder / "key.pem")
    settings.SEAL_CERT_FILE = str(folder / "certificate.pem")
    settings.SEAL_TRUST_FILE = str(folder / "trust.pem")
    settings.SEAL_KEY_PASSPHRASE_FILE = ""
    assert development.make_pair() is True


@pytest.fixture(autouse=True)
def _own_key(settings: Settings, tmp_path: Path) -> None:
    new_pair(settings, tmp_path / "seal")


@pytest.fixture
def sealed() -> bytes:
    """A small document, sealed."""
    return sealing.seal(small())


def test_the_seal_holds_and_says_who_sealed_and_when(sealed: bytes) -> None:
    verdict = sealing.verify(sealed)
    assert verdict.ok is True
    assert verdict.signer == "Countersign development key – not for real decisions"
    assert verdict.sealed_at is not None
    assert verdict.sentence.startswith(
        "Nothing in this document has changed since it was sealed on"
    )
    assert verdict.sentence.endswith("by “Countersign development key – not for real decisions”.")


def test_the_sealed_file_begins_with_exactly_the_document(sealed: bytes) -> None:
    assert sealed[: len(small())] == small()
    assert len(sealed) > len(small())


def test_the_seal_forbids_every_change_and_covers_the_whole_file(sealed: bytes) -> None:
    (found,) = PdfFileReader(BytesIO(sealed)).embedded_signatures
    assert found.docmdp_level == MDPPerm.NO_CHANGES
    assert str(found.sig_object["/SubFilter"]) == "/ETSI.CAdES.detached"
    start, before, after, rest = (int(part) for part in found.byte_range)
    assert (start, after + rest) == (0, len(sealed))
    # Between the two ranges stands the seal itself and nothing else.
    assert sealed[before:after].strip(b"<>0123456789abcdefABCDEF") == b""


def test_the_field_that_came_with_the_document_is_filled_and_no_other_made(sealed: bytes) -> None:
    with pikepdf.open(BytesIO(small())) as before, pikepdf.open(BytesIO(sealed)) as after:
        (empty,), (filled,) = before.Root.AcroForm.Fields, after.Root.AcroForm.Fields
        assert filled.objgen == empty.objgen
        assert str(filled.TU) == "Electronic seal of this decision"
        assert filled.Rect == empty.Rect
        assert int(filled.F) == int(empty.F)
        assert "/V" not in empty
        assert str(filled.V.Type) == "/Sig"


def test_the_filled_field_shows_nothing(sealed: bytes) -> None:
    with pikepdf.open(BytesIO(sealed)) as opened:
        (field,) = opened.Root.AcroForm.Fields
        look = field.AP.N
        assert "/Font" not in look.get("/Resources", {})
        drawn = [str(step.operator) for step in pikepdf.parse_content_stream(look)]
        assert [step for step in drawn if step not in {"q", "Q", "cm"}] == []


def test_sealing_changes_no_word_tag_or_title() -> None:
    base = rendered(records.pcd_1080)
    sealed = sealing.seal(base)
    assert sealed.startswith(base)
    assert text(sealed) == text(base)
    with pikepdf.open(BytesIO(sealed)) as opened, opened.open_metadata() as metadata:
        assert str(opened.Root.Lang) == "en-GB"
        assert bool(opened.Root.MarkInfo.Marked) is True
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"].startswith("Sample data: this is not a real decision. DMPC")


def test_publishable_gives_the_document_sealed_and_names_the_level() -> None:
    made = documents.publishable(records.pcd_1080())
    assert made.pdf.startswith(rendered(records.pcd_1080))
    assert sealing.verify(made.pdf).ok is True
    assert (made.level, sealing.level()) == ("B-B", "B-B")


def test_publishable_refuses_what_nobody_signed() -> None:
    with pytest.raises(documents.RenderingError):
        documents.publishable(records.draft_of_pcd_1080())


def test_sealing_works_where_an_event_loop_is_running() -> None:
    async def inside() -> bool:
        return sealing.verify(sealing.seal(small())).ok

    assert asyncio.run(inside()) is True


def test_two_threads_seal_at_once() -> None:
    with ThreadPoolExecutor(max_workers=2) as two:
        made = list(two.map(sealing.seal, [small()] * 6))
    assert [sealing.verify(one).ok for one in made] == [True] * 6
    assert len(set(made)) == 6


def test_what_is_sealed_is_not_sealed_again(sealed: bytes) -> None:
    with pytest.raises(sealing.SealingError) as refusal:
        sealing.seal(sealed)
    assert refusal.value.sentence == (
        "This document carries a seal already, so it was not sealed again."
    )


def test_a_document_without_a_field_for_the_seal_is_refused() -> None:
    for file in (small(with_field=False), rendered(records.pcd_1080, draft=True)):
        with pytest.raises(sealing.SealingError) as refusal:
            sealing.seal(file)
        assert refusal.value.sentence == (
            "The document was not sealed because it has no field for the seal: it is a draft, or "
            "was not made here. Make the document again."
        )


@pytest.mark.parametrize("file", [b"", b"no document", b"%PDF-1.7\n"])
def test_what_is_no_pdf_is_not_sealed(file: bytes) -> None:
    with pytest.raises(sealing.SealingError) as refusal:
        sealing.seal(file)
    assert refusal.value.sentence == (
        "The document was not sealed because it is not a PDF that can be sealed. "
        "Make the document again."
    )


def _sign_elsewise(pdf: bytes, **options: Any) -> bytes:
    """A signature by our own key that is not made the way we seal."""
    metadata = PdfSignatureMetadata(
        field_name="Seal", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, **options
    )
    signer = PdfSigner(metadata, signers.KeySigner(keys.load()))
    return bytes(signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf))).getbuffer())


@pytest.mark.parametrize(
    "options", [{}, {"certify": True, "docmdp_permissions": MDPPerm.FILL_FORMS}]
)
def test_a_signature_that_allows_changes_is_not_our_seal(options: dict[str, Any]) -> None:
    verdict = sealing.verify(_sign_elsewise(small(), **options))
    assert verdict.sentence == (
        "The seal on this document would allow changes, which ours never does."
    )
    assert verdict.ok is False


def test_a_stranger_who_calls_himself_by_our_name_is_refused(
    settings: Settings, tmp_path: Path
) -> None:
    ours = (settings.SEAL_KEY_FILE, settings.SEAL_CERT_FILE)
    new_pair(settings, tmp_path / "stranger")
    strange = sealing.seal(small())
    assert sealing.verify(strange).ok is True
    settings.SEAL_KEY_FILE, settings.SEAL_CERT_FILE = ours
    verdict = sealing.verify(strange)
    assert (verdict.ok, verdict.sentence) == (False, "The seal on this document is not ours.")


def test_sealing_says_nothing_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        sealing.seal(small())
    assert caplog.records == []
