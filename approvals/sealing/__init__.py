"""The seal: the service's own cryptographic signature over a PDF. Not to be mixed with a
person's signature, which is an act and stands in the text.

PAdES baseline B, certified so that nothing may change afterwards. The sealed file begins with
exactly the bytes that came in.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, TypeVar

from cryptography.hazmat.primitives import serialization

from approvals.sealing import keys
from approvals.sealing.refusal import SealingError
from decisions.register.verify import policy
from decisions.register.verify.policy import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from cryptography.x509 import Certificate

__all__ = ["SealingError", "Verdict", "seal", "verify"]

FIELD: Final = "Seal"
FIELD_NAME: Final = "Electronic seal of this decision"
_Result = TypeVar("_Result")


def seal(pdf: bytes) -> bytes:
    """Seal a PDF: the bytes that came in, followed by the seal. Raises SealingError."""
    return _alone(lambda: _seal(pdf))


def verify(pdf: bytes) -> Verdict:
    """Judge a file whole, by our own policy and not by the library's verdict alone.

    Whatever upsets it is a "no". Raises SealingError only when our own certificate
    cannot be read, so that nothing can be judged.
    """
    return policy.judge(pdf, keys.certificates())


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
