"""The seal: what it covers, what it refuses, and every way of tampering that we know."""

from __future__ import annotations

import asyncio
import hashlib
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter

from approvals import documents, sealing
from approvals.documents import scan
from approvals.sealing import keys
from tests import records
from tests.pdfs import rendered, text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_django import Settings

CHANGED = "This document was changed after it was sealed."
ADDED = (
    "The seal does not cover the whole of this document: something was added after it was sealed, "
    "or the file was saved anew."
)
UNREADABLE = "This file cannot be read as a sealed PDF document."


def new_pair(settings: Settings, folder: Path) -> None:
    """A development pair of its own in a folder, and the settings that point to it."""
    settings.ENVIRONMENT = "development"
    settings.SEAL_KEY_FILE = str(folder / "key.pem")
    settings.SEAL_CERT_FILE = str(folder / "certificate.pem")
    settings.SEAL_KEY_PASSPHRASE_FILE = ""
    assert keys.make_development_pair() is True


@pytest.fixture(autouse=True)
def _own_key(settings: Settings, tmp_path: Path) -> None:
    new_pair(settings, tmp_path / "seal")


@pytest.fixture
def base() -> bytes:
    """A document that nobody has sealed."""
    return rendered(records.pcd_1080)


@pytest.fixture
def sealed(base: bytes) -> bytes:
    """The same document, sealed."""
    return sealing.seal(base)


def test_the_seal_holds_and_says_who_sealed_and_when(sealed: bytes) -> None:
    verdict = sealing.verify(sealed)
    assert verdict.ok is True
    assert verdict.signer == "Countersign development key – not for real decisions"
    assert verdict.sealed_at is not None
    assert verdict.sentence.startswith(
        "Nothing in this document has changed since it was sealed on"
    )
    assert verdict.sentence.endswith("by “Countersign development key – not for real decisions”.")


def test_the_sealed_file_begins_with_exactly_the_document(base: bytes, sealed: bytes) -> None:
    assert sealed[: len(base)] == base
    assert len(sealed) > len(base)


def test_the_seal_forbids_every_change_and_covers_the_whole_file(sealed: bytes) -> None:
    (found,) = PdfFileReader(BytesIO(sealed)).embedded_signatures
    assert found.docmdp_level == MDPPerm.NO_CHANGES
    assert str(found.sig_object["/SubFilter"]) == "/ETSI.CAdES.detached"
    start, before, after, rest = (int(part) for part in found.byte_range)
    assert (start, after + rest) == (0, len(sealed))
    # Between the two ranges stands the seal itself and nothing else.
    assert sealed[before:after].strip(b"<>0123456789abcdefABCDEF") == b""


def test_the_field_of_the_seal_has_a_name_that_can_be_read_aloud(sealed: bytes) -> None:
    with pikepdf.open(BytesIO(sealed)) as opened:
        (field,) = opened.Root.AcroForm.Fields
        assert str(field.TU) == "Electronic seal of this decision"
        assert [float(side) for side in field.Rect] == [0, 0, 0, 0]


def test_sealing_changes_no_word_tag_or_title(base: bytes, sealed: bytes) -> None:
    assert text(sealed) == text(base)
    with pikepdf.open(BytesIO(sealed)) as opened, opened.open_metadata() as metadata:
        assert str(opened.Root.Lang) == "en-GB"
        assert bool(opened.Root.MarkInfo.Marked) is True
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"].startswith("Sample data: this is not a real decision. DMPC")


def test_publishable_gives_a_sealed_document_that_is_fit_to_be_read() -> None:
    pdf = documents.publishable(records.pcd_1080())
    assert pdf.startswith(rendered(records.pcd_1080))
    assert sealing.verify(pdf).ok is True
    assert scan.findings(pdf) == ()


def test_publishable_refuses_what_nobody_signed() -> None:
    with pytest.raises(documents.RenderingError):
        documents.publishable(records.draft_of_pcd_1080())


def test_sealing_works_where_an_event_loop_is_running(base: bytes) -> None:
    async def inside() -> bool:
        return sealing.verify(sealing.seal(base)).ok

    assert asyncio.run(inside()) is True


def test_what_is_sealed_is_not_sealed_again(sealed: bytes) -> None:
    with pytest.raises(sealing.SealingError) as refusal:
        sealing.seal(sealed)
    assert refusal.value.sentence == (
        "This document carries a seal already, so it was not sealed again."
    )


def test_what_is_no_pdf_is_not_sealed() -> None:
    with pytest.raises(sealing.SealingError) as refusal:
        sealing.seal(b"no document")
    assert refusal.value.sentence == (
        "The document was not sealed because it is not a PDF that can be sealed. "
        "Make the document again."
    )


# Tampering. Each of these takes a sealed file and hands back a changed one.


def flip_in_page(pdf: bytes) -> bytes:
    at = pdf.index(b"stream\n") + 200
    return pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]


def flip_in_seal(pdf: bytes) -> bytes:
    at = pdf.rindex(b"/Contents <") + 400
    digit = b"1" if pdf[at : at + 1] != b"1" else b"2"
    return pdf[:at] + digit + pdf[at + 1 :]


def damage_end(pdf: bytes) -> bytes:
    at = pdf.rindex(b"%%EOF")
    return pdf[:at] + b"%%EOG" + pdf[at + 5 :]


def append(pdf: bytes) -> bytes:
    return pdf + b"\n% one more line\n"


def increment(change: Callable[[IncrementalPdfFileWriter], None]) -> Callable[[bytes], bytes]:
    """An increment that leaves every sealed byte as it is."""

    def tamper(pdf: bytes) -> bytes:
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        change(writer)
        output = BytesIO()
        writer.write(output)  # type: ignore[no-untyped-call] # untyped upstream
        assert output.getvalue().startswith(pdf)
        return output.getvalue()

    return tamper


def _replace_page(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    writer.update_container(page)


def _annotate(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    note = generic.DictionaryObject(  # type: ignore[no-untyped-call] # untyped upstream
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/Text"),
            generic.pdf_name("/Contents"): generic.pdf_string("Approved, really."),
        }
    )
    page["/Annots"] = generic.ArrayObject([writer.add_object(note)])
    writer.update_container(page)


def _replace_metadata(writer: IncrementalPdfFileWriter) -> None:
    stream = generic.StreamObject(stream_data=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
    writer.root["/Metadata"] = writer.add_object(stream)
    writer.update_root()  # type: ignore[no-untyped-call] # untyped upstream


def _nothing(writer: IncrementalPdfFileWriter) -> None:
    writer.update_root()  # type: ignore[no-untyped-call] # untyped upstream


def resave(pdf: bytes) -> bytes:
    output = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as opened:
        opened.save(output)
    return output.getvalue()


def cut(pdf: bytes) -> bytes:
    return pdf[: len(pdf) - 300]


@pytest.mark.parametrize(
    ("tamper", "sentences"),
    [
        (flip_in_page, {CHANGED}),
        # Each seal has its own bytes, and what a flipped digit hits decides how it fails.
        (flip_in_seal, {CHANGED, UNREADABLE, "The seal on this document is not ours."}),
        (damage_end, {UNREADABLE}),
        (append, {ADDED}),
        (increment(_replace_page), {ADDED}),
        (increment(_annotate), {ADDED}),
        (increment(_replace_metadata), {ADDED}),
        (increment(_nothing), {ADDED}),
        (resave, {ADDED}),
        (cut, {UNREADABLE}),
    ],
)
def test_tampering_is_found(
    sealed: bytes, tamper: Callable[[bytes], bytes], sentences: set[str]
) -> None:
    changed = tamper(sealed)
    assert changed != sealed
    verdict = sealing.verify(changed)
    assert (verdict.ok, verdict.signer, verdict.sealed_at) == (False, "", None)
    assert verdict.sentence in sentences


def test_padding_after_the_seal_is_not_covered_but_changes_the_digest(sealed: bytes) -> None:
    """By design of the format; the stored digest of the whole file is what catches it."""
    (found,) = PdfFileReader(BytesIO(sealed)).embedded_signatures
    after = int(found.byte_range[2])
    assert sealed[after - 9 : after] == b"00000000>"
    changed = sealed[: after - 2] + b"1>" + sealed[after:]
    assert len(changed) == len(sealed)
    assert sealing.verify(changed).ok is True
    assert hashlib.sha256(changed).digest() != hashlib.sha256(sealed).digest()


def _sign_elsewise(pdf: bytes, field: str, **options: Any) -> bytes:
    """A signature by our own key that is not made the way we seal."""
    metadata = PdfSignatureMetadata(
        field_name=field, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, **options
    )
    signer = PdfSigner(metadata, sealing._signer(keys.load()), new_field_spec=SigFieldSpec(field))
    output = signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)))
    return bytes(output.getbuffer())


def test_a_signature_that_allows_changes_is_not_our_seal(base: bytes) -> None:
    sentence = "The seal on this document would allow changes, which ours never does."
    assert sealing.verify(_sign_elsewise(base, "Seal")).sentence == sentence
    loose = _sign_elsewise(base, "Seal", certify=True, docmdp_permissions=MDPPerm.FILL_FORMS)
    assert sealing.verify(loose).sentence == sentence


def test_a_second_signature_is_refused_even_from_our_own_key(base: bytes) -> None:
    loose = _sign_elsewise(base, "Seal", certify=True, docmdp_permissions=MDPPerm.FILL_FORMS)
    twice = _sign_elsewise(loose, "Second")
    verdict = sealing.verify(twice)
    assert verdict.sentence == "This document carries more than the one seal that ours carry."
    assert verdict.ok is False


def test_a_document_without_a_seal_and_files_that_are_none_are_refused(base: bytes) -> None:
    assert sealing.verify(base).sentence == "This document carries no seal."
    assert [sealing.verify(file).sentence for file in (b"", b"no document", b"%PDF-1.7\n")] == [
        UNREADABLE,
        UNREADABLE,
        UNREADABLE,
    ]


def test_a_stranger_who_calls_himself_by_our_name_is_refused(
    settings: Settings, tmp_path: Path, base: bytes
) -> None:
    ours = (settings.SEAL_KEY_FILE, settings.SEAL_CERT_FILE)
    new_pair(settings, tmp_path / "stranger")
    strange = sealing.seal(base)
    assert sealing.verify(strange).ok is True
    settings.SEAL_KEY_FILE, settings.SEAL_CERT_FILE = ours
    verdict = sealing.verify(strange)
    assert (verdict.ok, verdict.sentence) == (False, "The seal on this document is not ours.")
