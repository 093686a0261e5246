"""The seal: the service's own cryptographic signature over a PDF. Not to be mixed with a
person's signature, which is an act and stands in the text.

PAdES baseline B, certified so that nothing may change afterwards. The sealed file begins with
exactly the bytes that came in.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, TypeVar

from cryptography.hazmat.primitives import serialization

from approvals.sealing import keys
from approvals.sealing.refusal import SealingError
from decisions.register.words import long_time

if TYPE_CHECKING:
    from collections.abc import Callable

    from cryptography.x509 import Certificate
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

__all__ = ["SealingError", "Verdict", "seal", "verify"]

FIELD: Final = "Seal"
FIELD_NAME: Final = "Electronic seal of this decision"
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Verdict:
    """Whether a file is ours and unchanged since it was sealed, and the sentence that says so."""

    ok: bool
    sentence: str
    signer: str = ""
    sealed_at: datetime | None = None


def seal(pdf: bytes) -> bytes:
    """Seal a PDF: the bytes that came in, followed by the seal. Raises SealingError."""
    return _alone(lambda: _seal(pdf))


def verify(pdf: bytes) -> Verdict:
    """Judge a file whole, by our own policy and not by the library's verdict alone.

    Exactly one seal, made with our certificate, certified against any change, over every byte of
    the file. Whatever else happens is a "no". Raises SealingError only when our own certificate
    cannot be read, so that nothing can be judged.
    """
    trusted = keys.certificates()
    try:
        return _alone(lambda: _verify(pdf, trusted))
    except Exception:  # noqa: BLE001 - any way in which hostile bytes upset a parser is a "no"
        return Verdict(ok=False, sentence="This file cannot be read as a sealed PDF document.")


def _alone(work: Callable[[], _Result]) -> _Result:
    """Do the work in a thread of its own: pyHanko starts an event loop, the caller may have one."""
    with ThreadPoolExecutor(max_workers=1) as one:
        return one.submit(work).result()


def _seal(pdf: bytes) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign import PdfSignatureMetadata, PdfSigner
    from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
    from pyhanko.sign.general import SigningError

    signer = _signer(keys.load())
    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        subfilter=SigSeedSubFilter.PADES,
    )
    # Without a box the field is invisible, which is valid in an accessible document; what a person
    # has to know of the signatures stands in the text.
    field = SigFieldSpec(FIELD, readable_field_name=FIELD_NAME)
    try:
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        if list(writer.prev.embedded_signatures):
            raise SealingError("This document carries a seal already, so it was not sealed again.")
        output = PdfSigner(metadata, signer, new_field_spec=field).sign_pdf(writer)
    except (PdfError, SigningError, ValueError, OSError) as error:
        raise SealingError(
            "The document was not sealed because it is not a PDF that can be sealed. "
            "Make the document again."
        ) from error
    sealed: bytes = output.getbuffer().tobytes()
    return sealed


def _signer(pair: keys.Pair) -> Any:
    """pyHanko's signer for a pair that was loaded and checked by us."""
    from asn1crypto.keys import PrivateKeyInfo
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    store = SimpleCertificateStore()  # type: ignore[no-untyped-call] # its maker left out "-> None"
    store.register_multiple(_asn1(one) for one in pair.chain)
    key = pair.key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return SimpleSigner(
        signing_cert=_asn1(pair.certificate),
        signing_key=PrivateKeyInfo.load(key),
        cert_registry=store,
    )


def _asn1(certificate: Certificate) -> Any:
    from asn1crypto.x509 import Certificate as Asn1Certificate

    return Asn1Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def _verify(pdf: bytes, ours: tuple[Certificate, ...]) -> Verdict:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.fields import MDPPerm
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    reader = PdfFileReader(BytesIO(pdf))
    seals = list(reader.embedded_signatures)
    if not seals:
        return _no("This document carries no seal.")
    if len(seals) > 1 or seals[0].sig_object_type != "/Sig":
        return _no("This document carries more than the one seal that ours carry.")
    found = seals[0]
    # Asked first: otherwise the library would compare what was added with what was sealed, object
    # by object, which can take minutes and changes nothing for us.
    if found.evaluate_signature_coverage() != SignatureCoverageLevel.ENTIRE_FILE:
        return _no(
            "The seal does not cover the whole of this document: something was added after it was "
            "sealed, or the file was saved anew."
        )
    # The root is pinned to what we were given; the network is never asked.
    context = ValidationContext(
        trust_roots=[_asn1(ours[-1])],
        other_certs=[_asn1(one) for one in ours],
        allow_fetching=False,
    )
    status = validate_pdf_signature(found, signer_validation_context=context)
    if not status.intact:
        return _no("This document was changed after it was sealed.")
    if not status.valid or not status.trusted:
        return _no("The seal on this document is not ours.")
    if found.docmdp_level != MDPPerm.NO_CHANGES:
        return _no("The seal on this document would allow changes, which ours never does.")
    if not status.bottom_line or status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        return _no("The seal on this document does not hold.")
    return _yes(found)


def _no(sentence: str) -> Verdict:
    return Verdict(ok=False, sentence=sentence)


def _yes(found: EmbeddedPdfSignature) -> Verdict:
    signer = str(found.signer_cert.subject.native.get("common_name", ""))
    said = found.self_reported_timestamp
    at = said.astimezone(UTC) if said else None
    when = f" on {long_time(at)}" if at else ""
    return Verdict(
        ok=True,
        sentence=f"Nothing in this document has changed since it was sealed{when} by “{signer}”.",
        signer=signer,
        sealed_at=at,
    )
