"""Archive copies, level B-LTA: renewed with real time stamps, and judged to the last object."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from pyhanko.pdf_utils import generic as typed_generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfTimeStamper
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper
from pyhanko.sign.validation.ades import simulate_future_ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from werkzeug.wrappers import Response

from approvals import sealing
from approvals.sealing import archive, certificates
from tests import records
from tests.pdfs import rendered, text
from tests.seal_world import NAME, World, small

if TYPE_CHECKING:
    from pytest_django import Settings

Change = Callable[[Any], None]
generic: Any = typed_generic  # most of it has no types


@pytest.fixture(autouse=True)
def world(authorities: World, settings: Settings) -> World:
    """The authorities, and settings with which they are used."""
    authorities.use(settings)
    return authorities


@pytest.fixture
def published() -> bytes:
    """A sealed decision, as it is published."""
    return sealing.seal(rendered(records.pcd_1080))


def stamps(pdf: bytes) -> list[str]:
    """The names of the fields of the time stamps for the archive."""
    return [
        str(one.sig_field["/TU"])
        for one in PdfFileReader(BytesIO(pdf)).embedded_signatures
        if one.sig_object_type == "/DocTimeStamp"
    ]


def refusal(pdf: bytes) -> str:
    """The sentence with which a file is not renewed."""
    with pytest.raises(sealing.SealingError) as refused:
        archive.renew(pdf)
    return refused.value.sentence


def test_an_archive_copy_begins_with_the_published_file_and_is_covered_whole(
    published: bytes,
) -> None:
    copy = archive.renew(published)
    assert copy.startswith(published)
    assert text(copy) == text(published)
    assert stamps(copy) == ["Time stamp for the archive"]
    last = list(PdfFileReader(BytesIO(copy)).embedded_signatures)[-1]
    start, _, after, rest = (int(number) for number in last.byte_range)
    assert (start, after + rest) == (0, len(copy))
    assert archive.verify(copy) == sealing.verify(published)
    assert (archive.verify(copy).kind, archive.verify(copy).signer) == ("genuine", NAME)


def test_a_copy_is_renewed_again_on_top_of_the_one_before(published: bytes) -> None:
    first = archive.renew(published)
    second = archive.renew(first)
    assert second.startswith(first)
    assert stamps(second) == ["Time stamp for the archive"] * 2
    assert archive.verify(second).kind == "genuine"


def test_a_document_sealed_by_a_key_alone_can_be_kept_too(world: World, settings: Settings) -> None:
    world.use(settings, lasting=False)
    sealed = sealing.seal(small())
    assert refusal(sealed) == (
        "The archive copy was not renewed because no timestamp authority is set. Set SEAL_TSA_URL "
        "to one, and SEAL_TSA_CERTS_FILE to its root."
    )
    world.use(settings)
    assert archive.verify(archive.renew(sealed)).kind == "genuine"


def test_the_public_check_does_not_take_an_archive_copy_for_the_published_file(
    published: bytes,
) -> None:
    assert sealing.verify(archive.renew(published)).kind == "altered"
    assert archive.verify(published).kind == "altered"  # no time stamp for the archive


def test_what_is_not_genuine_is_not_renewed(published: bytes) -> None:
    changed = published.replace(b"/MediaBox", b"/MediaBux", 1)
    assert changed != published
    assert refusal(changed).startswith(
        "The archive copy was not renewed because what it is made of is not genuine. "
    )
    assert refusal(archive.renew(published) + b"\n").startswith("The archive copy was not renewed")
    assert refusal(b"no document").startswith("The archive copy was not renewed")


def test_a_copy_is_renewed_although_the_key_was_withdrawn_since(world: World) -> None:
    """The proof that it was good when it sealed stands in the file, and is kept."""
    sealed = sealing.seal(small())
    with world.revoking("seal"):
        with pytest.raises(sealing.SealingError, match="the seal’s certificate was revoked"):
            sealing.seal(small())
        assert archive.verify(archive.renew(sealed)).kind == "genuine"


def test_without_an_authority_nothing_is_renewed(world: World, published: bytes) -> None:
    for part, words in {"/tsa/": "gave no time stamp", "/crls/": "did not answer"}.items():
        with world.answering(part, lambda _: Response(status=503)):
            assert words in refusal(published)


# What somebody could add to a copy, with a good time stamp over it.


def stamped(pdf: bytes, change: Change, world: World) -> bytes:
    """A file with a change in it, and a real time stamp of our own authority over all of it."""
    writer: Any = IncrementalPdfFileWriter(BytesIO(pdf))
    change(writer)
    changed = BytesIO()
    writer.write(changed)
    again = IncrementalPdfFileWriter(changed)
    output = PdfTimeStamper(HTTPTimeStamper(world.stamps)).timestamp_pdf(again, "sha256")
    return bytes(output.getbuffer())


def first_page(writer: Any) -> Any:
    return writer.root["/Pages"]["/Kids"][0]


def replaces_a_page(writer: Any) -> None:
    content = generic.StreamObject(stream_data=b"BT ET")
    first_page(writer)[generic.NameObject("/Contents")] = writer.add_object(content)
    writer.update_container(first_page(writer))


def rewrites_the_content(writer: Any) -> None:
    content = first_page(writer)["/Contents"]
    content._data = b"BT ET"
    content._encoded_data = None
    writer.update_container(content)


def adds_a_note(writer: Any) -> None:
    note = generic.DictionaryObject(
        {
            generic.NameObject("/Type"): generic.NameObject("/Annot"),
            generic.NameObject("/Subtype"): generic.NameObject("/Text"),
            generic.NameObject("/Rect"): generic.ArrayObject(
                generic.NumberObject(side) for side in (10, 10, 60, 60)
            ),
            generic.NameObject("/Contents"): generic.TextStringObject("Not so."),
        }
    )
    page = first_page(writer)
    if "/Annots" not in page:
        page[generic.NameObject("/Annots")] = generic.ArrayObject()
    page["/Annots"].append(writer.add_object(note))
    writer.update_container(page)
    writer.update_container(page["/Annots"])


def changes_the_metadata(writer: Any) -> None:
    old = writer.root["/Metadata"].data
    assert b"DMPC" in old
    stream = generic.StreamObject(stream_data=old.replace(b"DMPC", b"DCPM"))
    stream[generic.NameObject("/Type")] = generic.NameObject("/Metadata")
    stream[generic.NameObject("/Subtype")] = generic.NameObject("/XML")
    writer.root[generic.NameObject("/Metadata")] = writer.add_object(stream)
    writer.update_root()


def changes_the_title(writer: Any) -> None:
    info = writer.prev.trailer["/Info"]
    info[generic.NameObject("/Title")] = generic.TextStringObject("Another")
    writer.update_container(info)


def adds_an_action(writer: Any) -> None:
    writer.root[generic.NameObject("/OpenAction")] = generic.DictionaryObject(
        {generic.NameObject("/S"): generic.NameObject("/JavaScript")}
    )
    writer.update_root()


@pytest.mark.parametrize(
    "change",
    [
        replaces_a_page,
        rewrites_the_content,
        adds_a_note,
        changes_the_metadata,
        changes_the_title,
        adds_an_action,
    ],
)
def test_a_change_under_a_good_time_stamp_is_found(
    world: World, published: bytes, change: Change
) -> None:
    verdict = archive.verify(stamped(published, change, world))
    assert (verdict.kind, verdict.reason) == ("altered", "update")


def test_a_copy_that_another_program_stamped_without_a_change_is_good(
    world: World, published: bytes
) -> None:
    def nothing(_: Any) -> None:
        """No change."""

    assert archive.verify(stamped(published, nothing, world)).kind == "genuine"


def test_a_time_stamp_of_nobody_whom_we_trust_is_none(
    world: World, settings: Settings, published: bytes
) -> None:
    copy = archive.renew(published)
    settings.SEAL_TSA_CERTS_FILE = str(world.write("other.pem", [world.certificate("responder")]))
    assert archive.verify(copy).kind == "altered"


def test_what_stands_behind_the_last_time_stamp_or_is_cut_off_is_found(published: bytes) -> None:
    copy = archive.renew(published)
    assert archive.verify(copy + b"\n").kind == "altered"
    assert archive.verify(copy[:-40]).ok is False
    at = copy.rindex(b"/Contents <") + 400
    flipped = copy[:at] + (b"1" if copy[at : at + 1] != b"1" else b"2") + copy[at + 1 :]
    assert archive.verify(flipped).ok is False


@pytest.mark.parametrize("years", [5, 10])
def test_a_copy_that_is_kept_up_can_be_checked_by_others_after_certificates_ran_out(
    world: World, published: bytes, years: int
) -> None:
    """Another's procedure, for the norm EN 319 102-1: no network, certificates long run out."""
    then = datetime.now(UTC) + timedelta(days=365 * years)
    assert world.certificate("seal").not_valid_after_utc < then
    assert world.certificate("stamps").not_valid_after_utc < then
    results = {}
    for name, pdf in {"kept up": archive.renew(published), "as published": published}.items():
        found = PdfFileReader(BytesIO(pdf)).embedded_signatures[0]
        result = asyncio.run(simulate_future_ades_lta_validation(found, _strict(world), then))
        results[name] = str(result.ades_subindic)
    assert results == {"kept up": "AdESPassed.OK", "as published": "AdESPassed.OK"}


def test_a_seal_by_a_key_alone_could_not_be_checked_by_others_then(
    world: World, settings: Settings
) -> None:
    world.use(settings, lasting=False)
    found = PdfFileReader(BytesIO(sealing.seal(small()))).embedded_signatures[0]
    then = datetime.now(UTC) + timedelta(days=365 * 5)
    result = asyncio.run(simulate_future_ades_lta_validation(found, _strict(world), then))
    assert str(result.ades_subindic) != "AdESPassed.OK"


def _strict(world: World) -> PdfSignatureValidationSpec:
    """The root trusted, revocation proved for each certificate, and nobody asked."""
    roots = certificates.asn1([world.certificate("root")])
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=roots),
        revinfo_policy=CertRevTrustPolicy(RevocationCheckingPolicy.from_legacy("require")),
    )
    return PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=policy,
            revinfo_gathering_policy=RevocationInfoGatheringSpec(
                online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY
            ),
        )
    )
