"""Level B-LT: a time stamp and proof inside the seal, from real authorities, or no seal at all."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from asn1crypto.cms import ContentInfo
from asn1crypto.ocsp import OCSPResponse
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import AuthorityInformationAccess
from cryptography.x509.ocsp import OCSPRequestBuilder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from werkzeug.wrappers import Response

from approvals import sealing
from approvals.sealing import certificates, keys, network, signers
from tests.seal_world import NAME, World, small

if TYPE_CHECKING:
    from pytest_django import Settings

AGAIN = "Try again later; if it goes on, tell whoever runs the service."


@pytest.fixture(autouse=True)
def world(authorities: World, settings: Settings) -> World:
    """The authorities, and settings with which they are used."""
    authorities.use(settings)
    authorities.asked.clear()
    return authorities


def refusal() -> str:
    """The sentence with which sealing a good document is refused."""
    with pytest.raises(sealing.SealingError) as refused:
        sealing.seal(small())
    return refused.value.sentence


def test_the_level_is_the_lasting_one_where_a_timestamp_authority_is_set(
    settings: Settings,
) -> None:
    assert sealing.level() == "B-LT"
    settings.SEAL_TSA_URL = ""
    assert sealing.level() == "B-B"


def test_a_lasting_seal_covers_the_whole_file_with_its_proof_in_one_revision() -> None:
    sealed = sealing.seal(small())
    assert sealed.startswith(small())
    reader = PdfFileReader(BytesIO(sealed))
    assert reader.xrefs.total_revisions == 2
    (found,) = reader.embedded_signatures
    assert found.docmdp_level == MDPPerm.NO_CHANGES
    assert str(found.sig_object["/SubFilter"]) == "/ETSI.CAdES.detached"
    start, _, after, rest = (int(number) for number in found.byte_range)
    assert (start, after + rest) == (0, len(sealed))
    store = DocumentSecurityStore.read_dss(reader)
    assert (len(store.ocsps), len(store.crls)) == (1, 1)
    names = {one.subject.native["common_name"] for one in store.load_certs()}
    assert {NAME, "Test between", "Test root", "Test stamps", "Test responder"} == names


def test_a_lasting_seal_is_judged_by_its_time_stamp_without_asking_anybody(world: World) -> None:
    before = datetime.now(UTC)
    sealed = sealing.seal(small())
    world.asked.clear()
    verdict = sealing.verify(sealed)
    assert (verdict.kind, verdict.signer) == ("genuine", NAME)
    assert verdict.sealed_at is not None
    assert before - timedelta(seconds=1) <= verdict.sealed_at <= datetime.now(UTC)
    assert world.asked == []


def test_nothing_is_asked_but_what_the_settings_and_certificates_name(world: World) -> None:
    sealing.seal(small())
    assert set(world.asked) == {
        "/sealing/tsa/stamps",
        "/sealing/ocsp/between",
        "/sealing/crls/root/latest.crl",
    }


def test_two_threads_make_lasting_seals_at_once() -> None:
    with ThreadPoolExecutor(max_workers=2) as two:
        made = list(two.map(sealing.seal, [small()] * 4))
    assert [sealing.verify(one).kind for one in made] == ["genuine"] * 4


def test_a_key_alone_asks_nobody(world: World, settings: Settings) -> None:
    world.use(settings, lasting=False)
    assert sealing.verify(sealing.seal(small())).ok is True
    assert world.asked == []


def test_a_revoked_certificate_seals_nothing(world: World, settings: Settings) -> None:
    world.use(settings, "revoked")
    assert refusal() == (
        "Nothing was sealed because the seal’s certificate was revoked by those who issued it. "
        "Tell whoever runs the service: it must not be relied on any more."
    )


def _fails(_: Any) -> Response:
    return Response("Out of order", status=503)


def _elsewhere(_: Any) -> Response:
    return Response(status=302, headers={"Location": "/elsewhere"})


def _rubbish(request: Any) -> Response:
    kinds = {"tsa": "application/timestamp-reply", "ocsp": "application/ocsp-response"}
    kind = next((kinds[one] for one in kinds if one in request.path), "application/pkix-crl")
    return Response(b"\x30\x03\x02\x01\x02 and so on", mimetype=kind)


def _endless(_: Any) -> Response:
    def pieces() -> Iterator[bytes]:
        while True:
            yield bytes(1024 * 1024)

    return Response(pieces(), mimetype="application/pkix-crl")


@pytest.mark.parametrize("answer", [_fails, _elsewhere, _rubbish])
def test_without_a_time_stamp_nothing_is_sealed(
    world: World, answer: Callable[[Any], Response]
) -> None:
    with world.answering("/tsa/", answer):
        assert refusal() == (
            "Nothing was sealed because the timestamp authority that SEAL_TSA_URL names gave no "
            f"time stamp. {AGAIN}"
        )
    assert "/elsewhere" not in world.asked


@pytest.mark.parametrize("part", ["/ocsp/", "/crls/"])
@pytest.mark.parametrize("answer", [_fails, _elsewhere])
def test_without_proof_that_nothing_was_revoked_nothing_is_sealed(
    world: World, part: str, answer: Callable[[Any], Response]
) -> None:
    with world.answering(part, answer):
        assert refusal() == (
            f"Nothing was sealed because {world.address} did not answer, and only there can be "
            f"asked whether a certificate was revoked. {AGAIN}"
        )
    assert "/elsewhere" not in world.asked


@pytest.mark.parametrize("part", ["/ocsp/", "/crls/"])
def test_proof_that_cannot_be_read_is_none(world: World, part: str) -> None:
    with world.answering(part, _rubbish):
        assert refusal().startswith("Nothing was sealed because ")


def test_an_answer_without_end_is_cut_off(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "MOST", 3 * 1024 * 1024)
    with world.answering("/crls/", _endless):
        assert refusal().startswith(f"Nothing was sealed because {world.address} did not answer")


def test_authorities_that_are_away_or_never_answer_are_not_waited_for(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "PATIENCE", 0.2)
    sentence = (
        "Nothing was sealed because the timestamp authority that SEAL_TSA_URL names gave no time "
        f"stamp. {AGAIN}"
    )
    with socket.create_server(("127.0.0.1", 0)) as silent:
        # It takes the call, and says nothing.
        settings.SEAL_TSA_URL = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        assert refusal() == sentence
    assert refusal() == sentence  # nobody takes the call any more


def test_time_stamps_of_an_authority_that_is_not_trusted_are_refused(
    world: World, settings: Settings
) -> None:
    settings.SEAL_TSA_CERTS_FILE = str(world.write("other.pem", [world.certificate("responder")]))
    # The authority's root is also the seal's: what is trusted for time stamps is asked apart.
    assert certificates.own()[-1] == world.certificate("root")
    assert refusal() == (
        "Nothing was sealed because the timestamp authority’s certificate could not be checked up "
        "to a root in SEAL_TSA_CERTS_FILE, with proof that it was not revoked. Make sure that the "
        "file holds the right root and those who issued the certificate answer."
    )


def test_settings_that_cannot_work_are_named(world: World, settings: Settings) -> None:
    settings.SEAL_TSA_CERTS_FILE = ""
    assert refusal() == (
        "Nothing was sealed because SEAL_TSA_URL names a timestamp authority and "
        "SEAL_TSA_CERTS_FILE does not say which certificates to trust in it. Set it to a file with "
        "its root."
    )
    settings.SEAL_TSA_URL = "ftp://stamps.example.org/"
    assert refusal() == (
        "Nothing was sealed because SEAL_TSA_URL is not the address of a timestamp authority. Set "
        "it to one that begins with http:// or https://."
    )
    world.use(settings)
    settings.SEAL_CERT_FILE = str(world.write("short.pem", world.chain()[:2]))
    assert refusal() == (
        "Nothing was sealed because SEAL_CERT_FILE does not hold the certificates up to the root, "
        "so that nobody could check the seal in later years. Add those that are missing."
    )


def test_whoever_holds_another_certificate_of_the_same_authority_is_a_stranger(
    world: World, settings: Settings
) -> None:
    world.use(settings, "elsewhere")
    strange = sealing.seal(small())
    assert sealing.verify(strange).ok is True
    world.use(settings)
    verdict = sealing.verify(strange)
    assert (verdict.kind, verdict.sentence) == (
        "not_ours",
        "The seal on this document is not ours.",
    )


def test_what_an_old_key_sealed_stays_genuine_as_long_as_its_certificate_is_kept(
    world: World, settings: Settings
) -> None:
    sealed = sealing.seal(small())
    world.use(settings, "elsewhere")
    assert sealing.verify(sealed).kind == "not_ours"
    settings.SEAL_TRUST_FILE = str(world.write("trust.pem", world.chain("seal")))
    assert (sealing.verify(sealed).kind, sealing.verify(sealed).signer) == ("genuine", NAME)
    assert sealing.verify(sealing.seal(small())).kind == "genuine"


def _sealed_by_hand(
    world: World, settings: Settings, name: str, writer: IncrementalPdfFileWriter, *, stamp: bool
) -> bytes:
    """A document sealed with a key that sealing itself would refuse today."""
    settings.SEAL_KEY_FILE = str(world.key_file(name))
    own, *chain = world.chain(name)
    pair = keys.Pair(keys.private_key(), own, tuple(chain))
    metadata = PdfSignatureMetadata(
        field_name=sealing.FIELD,
        md_algorithm="sha256",
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        subfilter=SigSeedSubFilter.PADES,
    )
    stamps = HTTPTimeStamper(world.stamps) if stamp else None
    signer = PdfSigner(metadata, signers.KeySigner(pair), timestamper=stamps)
    return bytes(signer.sign_pdf(writer).getbuffer())


def _sealed_with_the_old_key(world: World, settings: Settings, *, stamped_days_ago: int) -> bytes:
    """A document whose certificate has run out since, with a time stamp of that day, or none."""
    writer = IncrementalPdfFileWriter(BytesIO(small()))
    world.animator.fixed_time = datetime.now(UTC) - timedelta(days=stamped_days_ago)
    try:
        return _sealed_by_hand(world, settings, "old", writer, stamp=bool(stamped_days_ago))
    finally:
        world.animator.fixed_time = None


def _asked_about(world: World, name: str) -> OCSPResponse:
    """What the authorities answer when they are asked whether a certificate was revoked."""
    own, between, _ = world.chain(name)
    question = OCSPRequestBuilder().add_certificate(own, between, SHA256()).build()
    access = own.extensions.get_extension_for_class(AuthorityInformationAccess).value
    responder = urlsplit(access[0].access_location.value)
    asked = HTTPConnection(responder.netloc, timeout=10)
    said = {"Content-Type": "application/ocsp-request"}
    try:
        asked.request("POST", responder.path, question.public_bytes(Encoding.DER), said)
        return OCSPResponse.load(asked.getresponse().read())
    finally:
        asked.close()


@pytest.mark.parametrize(("name", "kind"), [("seal", "genuine"), ("revoked", "not_ours")])
def test_what_the_proof_in_the_file_says_of_its_certificate_decides(
    world: World, settings: Settings, name: str, kind: str
) -> None:
    """Sealed past our own refusal, with the authorities' answer inside the sealed revision."""
    answer = _asked_about(world, name)
    said = answer.basic_ocsp_response["tbs_response_data"]["responses"][0]["cert_status"].name
    assert said == {"genuine": "good", "not_ours": "revoked"}[kind]
    writer = IncrementalPdfFileWriter(BytesIO(small()))
    store: Any = DocumentSecurityStore
    store.supply_dss_in_writer(writer, None, ocsps=[answer])
    sealed = _sealed_by_hand(world, settings, name, writer, stamp=True)
    world.use(settings, name)
    assert sealing.verify(sealed).kind == kind


def test_a_seal_is_judged_as_of_its_time_stamp_although_its_certificate_has_run_out_since(
    world: World, settings: Settings
) -> None:
    in_time = _sealed_with_the_old_key(world, settings, stamped_days_ago=60)
    too_late = _sealed_with_the_old_key(world, settings, stamped_days_ago=10)
    unstamped = _sealed_with_the_old_key(world, settings, stamped_days_ago=0)
    world.use(settings)
    settings.SEAL_TRUST_FILE = str(world.write("trust.pem", world.chain("old")))
    assert world.certificate("old").not_valid_after_utc < datetime.now(UTC)
    verdict = sealing.verify(in_time)
    assert verdict.kind == "genuine"
    assert verdict.sealed_at is not None
    assert (datetime.now(UTC) - verdict.sealed_at).days == 60
    assert [sealing.verify(one).kind for one in (too_late, unstamped)] == ["not_ours", "not_ours"]


def test_a_time_stamp_that_was_taken_out_of_the_seal_is_missed() -> None:
    """The seal covers everything but itself, and the time stamp stands within it."""
    sealed = sealing.seal(small())
    (found,) = PdfFileReader(BytesIO(sealed)).embedded_signatures
    _, before, after, _ = (int(number) for number in found.byte_range)
    seal = ContentInfo.load(found.pkcs7_content)
    (info,) = seal["content"]["signer_infos"]
    assert [one["type"].native for one in info["unsigned_attrs"]] == ["signature_time_stamp_token"]
    info["unsigned_attrs"] = None
    bare = seal.dump(force=True).hex().upper().encode()
    padded = b"<" + bare + b"0" * (after - before - 2 - len(bare)) + b">"
    verdict = sealing.verify(sealed[:before] + padded + sealed[after:])
    assert (verdict.kind, verdict.reason) == ("altered", "time")
