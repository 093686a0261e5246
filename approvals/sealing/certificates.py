"""Certificates of the seal that is used today, and of the timestamp authorities. None is secret.

Which ones are trusted when a document is judged, old ones included, says the register's own
`verify.trust`, which the public process shares.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID
from django.conf import settings

from approvals.sealing.refusal import SealingError

if TYPE_CHECKING:
    from collections.abc import Iterable

_HOW: Final = (
    "On a developer’s machine run “manage.py make_seal_key”; elsewhere give the service its key "
    "in {variable}."
)


def own() -> tuple[x509.Certificate, ...]:
    """The certificates in SEAL_CERT_FILE: the seal's own first, then those up to its root."""
    return _load(settings.SEAL_CERT_FILE, "SEAL_CERT_FILE")


def current() -> tuple[x509.Certificate, ...]:
    """Those in SEAL_CERT_FILE, where the first may seal today. Raises SealingError."""
    chain = own()
    if settings.ENVIRONMENT == "production" and is_development(chain[0]):
        raise SealingError(
            "Nothing was sealed because the seal’s certificate is that of a development key. Give "
            "the service its own key in SEAL_KEY_FILE and certificate in SEAL_CERT_FILE."
        )
    _refuse_outside_its_dates(chain[0])
    _refuse_other_use(chain[0])
    return chain


def timestamp_roots() -> tuple[x509.Certificate, ...]:
    """The roots of every timestamp authority that we ever used; () where none is set."""
    if not settings.SEAL_TSA_CERTS_FILE:
        return ()
    return _load(settings.SEAL_TSA_CERTS_FILE, "SEAL_TSA_CERTS_FILE")


def is_development(certificate: x509.Certificate) -> bool:
    """Whether a certificate calls itself a development key."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return any("development key" in str(name.value) for name in names)


def asn1(certificates: Iterable[x509.Certificate]) -> list[Any]:
    """Certificates as pyHanko wants them."""
    from asn1crypto.x509 import Certificate

    return [Certificate.load(one.public_bytes(serialization.Encoding.DER)) for one in certificates]


def read(file: str, variable: str, what: str) -> bytes:
    """A file that a setting names. Raises SealingError with a sentence."""
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise SealingError(
            f"Nothing was sealed because the seal’s {what} cannot be read. "
            + _HOW.format(variable=variable)
        ) from error


def _load(file: str, variable: str) -> tuple[x509.Certificate, ...]:
    text = read(file, variable, "certificate")
    try:
        return tuple(x509.load_pem_x509_certificates(text))
    except ValueError as error:
        raise SealingError(
            f"Nothing was sealed because the file in {variable} holds no certificate in PEM "
            "form. Set it to a file that does."
        ) from error


def _refuse_outside_its_dates(certificate: x509.Certificate) -> None:
    now = datetime.now(UTC)
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise SealingError(
            "Nothing was sealed because the seal’s certificate is not valid today: it runs from "
            f"{certificate.not_valid_before_utc:%d/%m/%Y} to "
            f"{certificate.not_valid_after_utc:%d/%m/%Y}. Put a current one into SEAL_CERT_FILE."
        )


def _refuse_other_use(certificate: x509.Certificate) -> None:
    """Raise SealingError for a certificate that may not make seals that bind (as one for TLS)."""
    try:
        use = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not use.content_commitment:
        raise SealingError(
            "Nothing was sealed because the certificate in SEAL_CERT_FILE was issued for another "
            "use: its key usage does not name non-repudiation. Ask for one that may make seals."
        )
