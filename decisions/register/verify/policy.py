"""What makes a sealed file genuine: our own policy over the whole file, never the library's
verdict alone, which says yes to bytes appended after the end and to replaced metadata.

Pure: bytes and certificates in, a verdict out. No setting, no database and no network.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, Literal

from cryptography.hazmat.primitives import serialization

from decisions.register.words import long_time

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

Kind = Literal["genuine", "altered", "not_ours", "unreadable"]

UNREADABLE: Final = "This file cannot be read as a sealed PDF document."


@dataclass(frozen=True)
class Verdict:
    """Whether a file is ours and unchanged since it was sealed, and the sentence that says so."""

    kind: Kind
    sentence: str
    signer: str = ""
    sealed_at: datetime | None = None

    @property
    def ok(self) -> bool:
        """Whether the seal is ours and holds over every byte of the file."""
        return self.kind == "genuine"


def judge(pdf: bytes, trust: tuple[Certificate, ...], tsa: tuple[Certificate, ...] = ()) -> Verdict:
    """Judge a file whole: exactly one seal, ours, certified against any change, over every byte.

    `trust` holds every certificate and root that ever sealed for us, `tsa` the roots of the
    timestamp authorities. Whatever upsets the parser is a verdict too, never "genuine".
    """
    try:
        return _alone(pdf, trust, tsa)
    except Exception:  # noqa: BLE001 - any way in which hostile bytes upset a parser is a "no"
        return Verdict("unreadable", UNREADABLE)


def _alone(pdf: bytes, trust: tuple[Certificate, ...], tsa: tuple[Certificate, ...]) -> Verdict:
    """Judge in a thread of its own: pyHanko starts an event loop, the caller may have one."""
    with ThreadPoolExecutor(max_workers=1) as one:
        return one.submit(_judge, pdf, trust, tsa).result()


def _judge(pdf: bytes, trust: tuple[Certificate, ...], tsa: tuple[Certificate, ...]) -> Verdict:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.fields import MDPPerm
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    reader = PdfFileReader(BytesIO(pdf))
    seals = list(reader.embedded_signatures)
    if not seals:
        return Verdict("not_ours", "This document carries no seal.")
    if len(seals) > 1 or seals[0].sig_object_type != "/Sig":
        return Verdict("altered", "This document carries more than the one seal that ours carry.")
    found = seals[0]
    # Asked first: otherwise the library would compare what was added with what was sealed, object
    # by object, which can take minutes and changes nothing for us.
    if found.evaluate_signature_coverage() != SignatureCoverageLevel.ENTIRE_FILE:
        return Verdict(
            "altered",
            "The seal does not cover the whole of this document: something was added after it was "
            "sealed, or the file was saved anew.",
        )
    # The roots are pinned to what we were given; the network is never asked.
    context = ValidationContext(
        trust_roots=[_asn1(one) for one in _roots(trust)],
        other_certs=[_asn1(one) for one in trust],
        allow_fetching=False,
    )
    status = validate_pdf_signature(found, signer_validation_context=context)
    if not status.intact:
        return Verdict("altered", "This document was changed after it was sealed.")
    if not status.valid or not status.trusted:
        return Verdict("not_ours", "The seal on this document is not ours.")
    if found.docmdp_level != MDPPerm.NO_CHANGES:
        return Verdict(
            "not_ours", "The seal on this document would allow changes, which ours never does."
        )
    if not status.bottom_line or status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        return Verdict("altered", "The seal on this document does not hold.")
    return _genuine(found)


def _roots(trust: tuple[Certificate, ...]) -> tuple[Certificate, ...]:
    """Those that nobody else in the list issued: each chain ends there."""
    subjects = {one.subject for one in trust}
    return tuple(one for one in trust if one.issuer == one.subject or one.issuer not in subjects)


def _asn1(certificate: Certificate) -> Any:
    from asn1crypto.x509 import Certificate as Asn1Certificate

    return Asn1Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def _genuine(found: EmbeddedPdfSignature) -> Verdict:
    signer = str(found.signer_cert.subject.native.get("common_name", ""))
    said = found.self_reported_timestamp
    at = said.astimezone(UTC) if said else None
    when = f" on {long_time(at)}" if at else ""
    return Verdict(
        "genuine",
        f"Nothing in this document has changed since it was sealed{when} by “{signer}”.",
        signer,
        at,
    )
