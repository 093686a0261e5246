"""What makes a sealed file genuine: our own policy over the whole file, never the library's
verdict alone, which says yes to bytes appended after the end and to replaced metadata.

Pure: bytes and certificates in, a verdict out. No setting, no database and no network.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from cryptography.hazmat.primitives import serialization

from decisions.register.verify import changes
from decisions.register.verify.verdict import Kind, Verdict, verdict

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography.x509 import Certificate
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
    from pyhanko.sign.validation.status import PdfSignatureStatus
    from pyhanko_certvalidator import ValidationContext

__all__ = ["Kind", "Verdict", "judge"]

# More pages than a paper will ever have, and few enough to be read within the limits.
MOST_PAGES: Final = 5000


def judge(pdf: bytes, trust: tuple[Certificate, ...], tsa: tuple[Certificate, ...] = ()) -> Verdict:
    """Judge a file whole: exactly one seal, ours, certified against any change, over every byte.

    `trust` holds every certificate that ever sealed for us and those that lead to its root. The
    sealing certificate itself must be among them: whoever else holds one of the same issuer is a
    stranger. `tsa` holds the roots of the authorities whose time stamps we trust; where it is
    empty, a time stamp proves nothing and is passed over. Whatever upsets the parser is a verdict
    too, and never "genuine".
    """
    try:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return _judge(pdf, trust, tsa)
        # pyHanko starts an event loop of its own, which a thread that has one cannot.
        with ThreadPoolExecutor(max_workers=1) as one:
            return one.submit(_judge, pdf, trust, tsa).result()
    except Exception:  # noqa: BLE001 - any way in which hostile bytes upset a parser is a "no"
        return verdict("damaged" if _carries_our_key(pdf, trust) else "unreadable")


def _judge(pdf: bytes, trust: tuple[Certificate, ...], tsa: tuple[Certificate, ...]) -> Verdict:
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(BytesIO(pdf))
    if int(reader.root["/Pages"].get("/Count", 0)) > MOST_PAGES:
        return verdict("too_much")
    signatures = list(reader.embedded_signatures)
    seals = [one for one in signatures if one.sig_object_type == "/Sig"]
    if not seals:
        return verdict("no_seal")
    found = seals[0]
    ours = _ours(found, trust)
    if ours is None:
        return verdict("stranger")
    start, before, after, rest = (int(number) for number in found.byte_range)
    # Nothing here compares what was added with what was sealed, object by object: with the
    # library's way a file can be made that takes minutes.
    status = _status(reader, found, trust, tsa)
    sealed = after + rest
    gap = pdf[before:after]
    # Not left to the library: it only adds up lengths, and in a gap that is wider than the seal,
    # other pages can be hidden behind a seal that holds.
    if start != 0 or after < before or not is_the_seal(gap, found.pkcs7_content):
        if _is_hexadecimal(gap):
            return verdict("seal")
        return verdict("hidden" if status.intact else "saved_anew")
    if not status.intact:
        return verdict("content" if sealed == len(pdf) else "saved_anew")
    if not status.valid:
        return verdict("seal")
    if not status.trusted or not _was_in_force(ours, _moment(found, trusted_time=bool(tsa))):
        return verdict("stranger")
    if sealed != len(pdf) or len(signatures) > 1:
        kind = changes.since(reader, found.signed_revision, pdf[sealed:], len(signatures))
        return verdict(kind, sealed_bytes=sealed)
    return _judge_whole(found, status, sealed, tsa)


def _judge_whole(
    found: EmbeddedPdfSignature,
    status: PdfSignatureStatus,
    sealed: int,
    tsa: tuple[Certificate, ...],
) -> Verdict:
    """The rest of the policy, for a file that one seal of ours covers from end to end."""
    from pyhanko.sign.fields import MDPPerm
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    if found.docmdp_level != MDPPerm.NO_CHANGES:
        return verdict("loose")
    if found.evaluate_signature_coverage() != SignatureCoverageLevel.ENTIRE_FILE:
        return verdict("update")
    stamps = len(_stamps(found))
    # Proof goes into a seal together with a time stamp, which the seal itself does not cover.
    if stamps > 1 or (stamps == 0 and "/DSS" in found.reader.root):
        return verdict("time")
    stamped = stamps == 1
    if stamped and not tsa:
        holds = status.seed_value_ok and bool(status.docmdp_ok)
    else:
        holds = bool(status.bottom_line)
    if not holds:
        return verdict("time" if stamped else "seal")
    return verdict(
        "whole",
        signer=str(found.signer_cert.subject.native.get("common_name", "")),
        sealed_at=_moment(found, trusted_time=bool(tsa)),
        sealed_bytes=sealed,
    )


def _status(
    reader: PdfFileReader,
    found: EmbeddedPdfSignature,
    trust: tuple[Certificate, ...],
    tsa: tuple[Certificate, ...],
) -> PdfSignatureStatus:
    """What the library says of the seal, as of the moment of sealing and without the network."""
    from pyhanko.sign.validation import validate_pdf_signature

    # A certificate that has run out since then does not undo what it sealed.
    sealed_at = _moment(found, trusted_time=bool(tsa))
    return validate_pdf_signature(
        found,
        signer_validation_context=context(reader, trust, sealed_at),
        ts_validation_context=context(reader, tsa, sealed_at),
        skip_diff=True,
    )


def context(
    reader: PdfFileReader, known: tuple[Certificate, ...], at: datetime | None
) -> ValidationContext:
    """Only these roots, only what the file itself brings along, and nothing fetched."""
    from pyhanko.sign.validation.dss import DocumentSecurityStore
    from pyhanko.sign.validation.errors import NoDSSFoundError
    from pyhanko_certvalidator import ValidationContext

    options: dict[str, Any] = {
        "trust_roots": [_asn1(one) for one in _roots(known)],
        "other_certs": [_asn1(one) for one in known],
        "allow_fetching": False,
        "moment": at,
        # What is stapled to a seal is fetched a moment after it is made.
        "retroactive_revinfo": True,
    }
    try:
        return DocumentSecurityStore.read_dss(reader).as_validation_context(options)
    except NoDSSFoundError:
        return ValidationContext(**options)


def _moment(found: EmbeddedPdfSignature, *, trusted_time: bool) -> datetime | None:
    """When it was sealed: by the time stamp where we trust it, else by our own clock as sealed."""
    stamps = _stamps(found) if trusted_time else []
    if stamps:
        said: datetime | None = stamps[0]["encap_content_info"]["content"].parsed["gen_time"].native
    else:
        said = found.self_reported_timestamp
    return said.astimezone(UTC) if said else None


def _stamps(found: EmbeddedPdfSignature) -> list[Any]:
    """The time stamps in the seal, which the seal itself does not cover."""
    from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

    return list(extract_tst_data_iter(found.signer_info, signed=False))


def _roots(known: tuple[Certificate, ...]) -> tuple[Certificate, ...]:
    """Those that nobody else in the list issued: each chain ends there."""
    subjects = {one.subject for one in known}
    return tuple(one for one in known if one.issuer == one.subject or one.issuer not in subjects)


def _asn1(certificate: Certificate) -> Any:
    from asn1crypto.x509 import Certificate as Asn1Certificate

    return Asn1Certificate.load(_der(certificate))


def _der(certificate: Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def _ours(found: EmbeddedPdfSignature, trust: tuple[Certificate, ...]) -> Certificate | None:
    """The one of our own certificates that the seal names; the rest of the policy tests it."""
    der = found.signer_cert.dump()
    return next((one for one in trust if der == _der(one)), None)


def _was_in_force(certificate: Certificate, at: datetime | None) -> bool:
    """Whether it was sealed within the certificate's dates, which the library asks of no root."""
    if at is None:
        return False
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def is_the_seal(gap: bytes, contents: bytes) -> bool:
    """Whether what the seal leaves out is the seal itself, written as we write it.

    Between the two ranges stands nothing but one string of hexadecimal digits, and after the seal
    in it nothing but zeros.
    """
    from asn1crypto.parser import parse

    if gap != b"<" + contents.hex().upper().encode() + b">":
        return False
    _, _, _, header, body, trailer = parse(contents)
    return not contents[len(header) + len(body) + len(trailer) :].strip(b"\0")


def _is_hexadecimal(gap: bytes) -> bool:
    return gap[:1] == b"<" and gap[-1:] == b">" and not gap[1:-1].strip(b"0123456789abcdefABCDEF")


def _carries_our_key(pdf: bytes, trust: tuple[Certificate, ...]) -> bool:
    """Whether a file that cannot be read has one of our public keys in it, as our seals do.

    Anybody can put it there: this tells a damaged document from a stranger's, and proves nothing.
    """
    text = pdf.lower()
    return any(
        one.public_key()
        .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        .hex()
        .encode()
        in text
        for one in trust
    )
