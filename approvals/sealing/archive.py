"""Copies for the archive, renewed before the proof in them runs out: level B-LTA.

A time stamp is good as long as its authority's certificate is. Before that ends, a newer time
stamp is put over the whole file, with fresh proof of what it covers. The published file never
changes: the copy begins with it.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko_certvalidator import CertificateValidator
from pyhanko_certvalidator import errors as validation

from approvals.sealing import evidence, pades, signers
from approvals.sealing.refusal import SealingError
from decisions.register.verify import archive as policy
from decisions.register.verify.policy import judge
from decisions.register.verify.trust import CannotJudge, Trust, trusted

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
    from pyhanko_certvalidator.path import ValidationPath

    from decisions.register.verify.verdict import Verdict

WHAT: Final = "The archive copy was not renewed"


def renew(pdf: bytes) -> bytes:
    """A copy for the archive: the file that came in, followed by fresh proof and a time stamp.

    Takes the published file, or an archive copy made of it before. Raises SealingError when the
    file is not good as it is, or when an authority does not answer; nothing is half made.
    """
    with ThreadPoolExecutor(max_workers=1) as one:  # pyHanko starts an event loop
        return one.submit(_renew, pdf).result()


def verify(pdf: bytes) -> Verdict:
    """Judge an archive copy. Raises SealingError when our own certificates cannot be read."""
    known = _trusted()
    with ThreadPoolExecutor(max_workers=1) as one:
        return one.submit(policy.judge_archived, pdf, known.seals, known.tsa).result()


def _renew(pdf: bytes) -> bytes:
    if not settings.SEAL_TSA_URL:
        raise SealingError(
            f"{WHAT} because no timestamp authority is set. Set SEAL_TSA_URL to one, and "
            "SEAL_TSA_CERTS_FILE to its root."
        )
    known = _trusted()
    verdict = judge(pdf, known.seals, known.tsa)
    if not verdict.ok:
        verdict = policy.judge_archived(pdf, known.seals, known.tsa)
    if not verdict.ok:
        raise SealingError(f"{WHAT} because what it is made of is not genuine. {verdict.sentence}")
    renewed = asyncio.run(_stamp(pdf, known))
    verdict = policy.judge_archived(renewed, known.seals, known.tsa)
    if not verdict.ok or not renewed.startswith(pdf):
        raise SealingError(f"{WHAT} because the new time stamp does not hold. {verdict.sentence}")
    return renewed


async def _stamp(pdf: bytes, known: Trust) -> bytes:
    document = IncrementalPdfFileWriter(BytesIO(pdf))
    async with evidence.gathering(chain=known.seals, what=WHAT) as found:
        output = await PdfTimeStamper(
            found.timestamper, readable_field_name="Time stamp for the archive"
        ).async_timestamp_pdf(
            document,
            signers.DIGEST,
            validation_context=found.context,
            validation_paths=await _paths(document.prev, found),
            dss_settings=pades.INSIDE,
        )
        renewed: bytes = output.getbuffer().tobytes()
        return renewed


async def _paths(reader: PdfFileReader, found: evidence.Evidence) -> list[ValidationPath]:
    """Fresh proof for what the new time stamp will cover: the last one before it, and the seal."""
    seal, *stamps = list(reader.embedded_signatures)
    last = stamps[-1].signed_data if stamps else _stamp_in(seal)
    paths = []
    if last is not None:
        if _has_run_out(extract_certificate_info(last).signer_cert):
            raise SealingError(
                f"{WHAT} because it is too late: the certificate of its last time stamp has run "
                "out. The published file and its digest in the register still stand."
            )
        paths.append(await _path(last, found, usage=set(), extended={"time_stamping"}))
    try:
        paths.append(await _path(seal.signed_data, found, usage={"non_repudiation"}))
    except (validation.RevokedError, validation.ExpiredError):
        # It was good when it sealed: that proof stands in the file, and the new time stamp keeps
        # it. There is no fresh one to be had.
        return paths
    return paths


async def _path(
    signed: Any, found: evidence.Evidence, *, usage: set[str], extended: set[str] | None = None
) -> ValidationPath:
    """The way from whoever signed to a root, with fresh proof for each certificate on it."""
    certificates = extract_certificate_info(signed)
    validator = CertificateValidator(
        certificates.signer_cert,
        intermediate_certs=certificates.other_certs,
        validation_context=found.context,
    )
    path: ValidationPath = await validator.async_validate_usage(usage, extended)  # type: ignore[no-untyped-call] # untyped upstream
    return path


def _stamp_in(seal: EmbeddedPdfSignature) -> Any:
    """The time stamp in the seal itself, or None at level B-B."""
    return next(iter(extract_tst_data_iter(seal.signer_info, signed=False)), None)


def _has_run_out(certificate: Any) -> bool:
    ends: datetime = certificate.not_valid_after
    return ends < datetime.now(UTC)


def _trusted() -> Trust:
    try:
        return trusted()
    except CannotJudge as refusal:
        raise SealingError(refusal.sentence) from refusal
