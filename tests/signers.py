"""Others who sign, and we ourselves with keys of all kinds: certificates made on the spot."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any, Final

from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.x509 import Certificate as Asn1Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfTimeStamper, SimpleSigner
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

STAMPING: Final = ExtendedKeyUsageOID.TIME_STAMPING
SEALING: Final = ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


@cache
def key(of: str) -> ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey:
    """A key for somebody, by any name."""
    if of == "clock":  # the library's own authority knows RSA alone
        return rsa.generate_private_key(65537, 2048)
    return ec.generate_private_key(ec.SECP256R1())


def _plain(of: str) -> bytes:
    return key(of).private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


@cache
def certificate(of: str, name: str, issuer: str = "", days: int = 10) -> x509.Certificate:
    """A certificate for somebody's key in this name; it ended if the days are less than none."""
    now = datetime.now(UTC)
    begin, end = sorted((now - timedelta(days=20), now + timedelta(days=days)))
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer or name)]))
        .public_key(key(of).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=of == "root", path_length=None), critical=True)
        .add_extension(_usage(ca=of == "root"), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([STAMPING if of == "clock" else SEALING]), of == "clock"
        )
        .sign(key("root" if issuer else of), hashes.SHA256())
    )


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=not ca,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


class _Earlier(PdfSigner):
    """Signs as if it were an earlier day."""

    days = 0

    def init_signing_session(self, *args: Any, **named: Any) -> Any:
        """A session whose clock is late."""
        session: Any = super().init_signing_session(*args, **named)
        session.system_time -= timedelta(days=self.days)
        return session


def signed(
    pdf: bytes,
    of: str,
    by: x509.Certificate,
    field: str = "Seal",
    *,
    days_ago: int = 0,
    **more: Any,
) -> bytes:
    """A document that somebody signed, certified unless told otherwise."""
    options: dict[str, Any] = {"certify": True, "docmdp_permissions": MDPPerm.NO_CHANGES} | more
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call] # untyped upstream
    signer = SimpleSigner(
        signing_cert=Asn1Certificate.load(der(by)),
        signing_key=PrivateKeyInfo.load(_plain(of)),
        cert_registry=store,
    )
    metadata = PdfSignatureMetadata(
        field_name=field, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, **options
    )
    made = _Earlier(metadata, signer, new_field_spec=SigFieldSpec(field))
    made.days = days_ago
    output = made.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)))
    return bytes(output.getbuffer())


def stamped(pdf: bytes, clock: x509.Certificate) -> bytes:
    """A document that an authority put a time stamp of its own on."""
    authority = Asn1Certificate.load(der(clock))
    stamper = DummyTimeStamper(tsa_cert=authority, tsa_key=PrivateKeyInfo.load(_plain("clock")))
    output: Any = PdfTimeStamper(stamper).timestamp_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)),
        "sha256",
        ValidationContext(trust_roots=[authority], allow_fetching=False),
    )
    return bytes(output.getvalue())
