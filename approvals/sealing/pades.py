"""The seal itself, by PAdES: over the whole file, certified so that nothing may change afterwards.

Level B-B needs a key alone. At level B-LT the revocation data goes into the very revision that
the seal covers, not after it as is usual, so that not one byte of the file stands outside.
"""

from __future__ import annotations

import asyncio
from io import BytesIO
from typing import TYPE_CHECKING, Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import (
    DSSContentSettings,
    SigDSSPlacementPreference,
    TimestampDSSContentSettings,
)
from pyhanko.stamp import StaticStampStyle

from approvals.sealing import certificates, evidence, field, signers
from approvals.sealing.refusal import SealingError

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer

#: Inside the revision that a time stamp or seal covers, and without an index to it.
INSIDE = TimestampDSSContentSettings(update_before_ts=True, include_vri=False)
_TOGETHER = DSSContentSettings(
    placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE,
    include_vri=False,
    next_ts_settings=INSIDE,
)
# What a person has to know of the signatures stands in the text: the field shows nothing.
_BLANK = StaticStampStyle(border_width=0, background=None)


def sealed(pdf: bytes, *, lasting: bool) -> bytes:
    """The bytes that came in, followed by their seal: B-LT where it shall last, else B-B.

    Starts an event loop of its own. Raises SealingError.
    """
    try:
        document = _open(pdf)
        with signers.signer() as signer:
            return asyncio.run(_lasting(document, signer) if lasting else _plain(document, signer))
    except (PdfError, SigningError, ValueError, OSError) as error:
        raise SealingError(
            "The document was not sealed because it is not a PDF that can be sealed. "
            "Make the document again."
        ) from error


def _open(pdf: bytes) -> IncrementalPdfFileWriter:
    document = IncrementalPdfFileWriter(BytesIO(pdf))
    if list(document.prev.embedded_signatures):
        raise SealingError("This document carries a seal already, so it was not sealed again.")
    if not field.is_there(document.prev):
        raise SealingError(
            "The document was not sealed because it has no field for the seal: it is a draft, or "
            "was not made here. Make the document again."
        )
    return document


async def _plain(document: IncrementalPdfFileWriter, signer: Signer) -> bytes:
    return await _sign(document, PdfSigner(_metadata(), signer, stamp_style=_BLANK))


async def _lasting(document: IncrementalPdfFileWriter, signer: Signer) -> bytes:
    chain = certificates.own()
    evidence.require_root(chain)
    async with evidence.gathering(chain=chain, what="Nothing was sealed") as found:
        metadata = _metadata(
            embed_validation_info=True, validation_context=found.context, dss_settings=_TOGETHER
        )
        made = PdfSigner(metadata, signer, timestamper=found.timestamper, stamp_style=_BLANK)
        return await _sign(document, made)


async def _sign(document: IncrementalPdfFileWriter, made: PdfSigner) -> bytes:
    output = await made.async_sign_pdf(document, existing_fields_only=True)
    sealed: bytes = output.getbuffer().tobytes()
    return sealed


def _metadata(**more: Any) -> PdfSignatureMetadata:
    return PdfSignatureMetadata(
        field_name=field.FIELD,
        md_algorithm=signers.DIGEST,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        subfilter=SigSeedSubFilter.PADES,
        **more,
    )
