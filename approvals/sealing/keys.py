"""The seal's key and certificate: read from files, checked before use, never guessed.

A development pair is made on the spot, says so in its certificate, and is refused in production.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from django.conf import settings

from approvals.sealing.refusal import SealingError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

DEVELOPMENT_NAME: Final = "Countersign development key – not for real decisions"
_DEVELOPMENT_LIFE: Final = timedelta(days=3650)
_HOW: Final = (
    "On a developer’s machine run “manage.py make_seal_key”; elsewhere give the service its key "
    "in {variable}."
)


@dataclass(frozen=True)
class Pair:
    """A private key, its certificate, and the certificates that lead from it to the root."""

    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]


def load() -> Pair:
    """The pair to seal with today. Raises SealingError when it is missing, wrong or not allowed."""
    chain = certificates()
    certificate = chain[0]
    _refuse_development_in_production(certificate)
    _refuse_outside_its_dates(certificate)
    key = _private_key()
    if key.public_key() != certificate.public_key():
        raise SealingError(
            "Nothing was sealed because the seal’s key and certificate do not belong together. "
            "Set SEAL_KEY_FILE and SEAL_CERT_FILE to a pair."
        )
    return Pair(key=key, certificate=certificate, chain=chain[1:])


def certificates() -> tuple[x509.Certificate, ...]:
    """The certificates in SEAL_CERT_FILE: the seal's own first, then those up to its root."""
    text = _read(settings.SEAL_CERT_FILE, "SEAL_CERT_FILE", "certificate")
    try:
        return tuple(x509.load_pem_x509_certificates(text))
    except ValueError as error:
        raise SealingError(
            "Nothing was sealed because the file in SEAL_CERT_FILE holds no certificate in PEM "
            "form. Set it to a file that does."
        ) from error


def is_development(certificate: x509.Certificate) -> bool:
    """Whether a certificate calls itself a development key."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return any("development key" in str(name.value) for name in names)


def make_development_pair() -> bool:
    """Make what is missing of the development pair. False when it was all there.

    An existing key is never replaced: a lost certificate is issued anew for it. Two processes that
    do this at once end with one pair. Raises SealingError in production.
    """
    if settings.ENVIRONMENT == "production":
        raise SealingError(
            "No key was made: a development key cannot seal real decisions. Give the service its "
            "own key in SEAL_KEY_FILE and certificate in SEAL_CERT_FILE."
        )
    key_file, certificate_file = Path(settings.SEAL_KEY_FILE), Path(settings.SEAL_CERT_FILE)
    if key_file.exists() and certificate_file.exists():
        load()
        return False
    if not key_file.exists():
        _keep(key_file, _new_key())
    _keep(certificate_file, _self_signed(_private_key()))
    load()
    return True


def _private_key() -> ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey:
    """The private key in SEAL_KEY_FILE, opened with the passphrase where it needs one."""
    text = _read(settings.SEAL_KEY_FILE, "SEAL_KEY_FILE", "key")
    key = _open_key(text, _passphrase())
    if not isinstance(key, (ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey)):
        raise SealingError(
            "Nothing was sealed because the key in SEAL_KEY_FILE is of a kind that readers of PDF "
            "do not know. Use an elliptic-curve key (P-256) or RSA."
        )
    return key


def _open_key(text: bytes, passphrase: bytes | None) -> PrivateKeyTypes:
    encrypted = b"ENCRYPTED" in text
    if encrypted and passphrase is None:
        raise SealingError(
            "Nothing was sealed because the seal’s key is encrypted and no passphrase was given. "
            "Set SEAL_KEY_PASSPHRASE_FILE to the file that holds it."
        )
    try:
        return serialization.load_pem_private_key(text, passphrase if encrypted else None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        what = (
            "the passphrase in SEAL_KEY_PASSPHRASE_FILE does not open the seal’s key. "
            "Put the right one into that file."
            if encrypted
            else "the file in SEAL_KEY_FILE holds no private key in PEM form. Set it to one that "
            "does."
        )
        raise SealingError(f"Nothing was sealed because {what}") from error


def _passphrase() -> bytes | None:
    """The passphrase without the line end that editors add; None where no file is named."""
    if not settings.SEAL_KEY_PASSPHRASE_FILE:
        return None
    file = settings.SEAL_KEY_PASSPHRASE_FILE
    return _read(file, "SEAL_KEY_PASSPHRASE_FILE", "passphrase").rstrip(b"\r\n")


def _read(file: str, variable: str, what: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise SealingError(
            f"Nothing was sealed because the seal’s {what} cannot be read. "
            + _HOW.format(variable=variable)
        ) from error


def _refuse_development_in_production(certificate: x509.Certificate) -> None:
    if settings.ENVIRONMENT == "production" and is_development(certificate):
        raise SealingError(
            "Nothing was sealed because the seal’s certificate is that of a development key. Give "
            "the service its own key in SEAL_KEY_FILE and certificate in SEAL_CERT_FILE."
        )


def _refuse_outside_its_dates(certificate: x509.Certificate) -> None:
    now = datetime.now(UTC)
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise SealingError(
            "Nothing was sealed because the seal’s certificate is not valid today: it runs from "
            f"{certificate.not_valid_before_utc:%d/%m/%Y} to "
            f"{certificate.not_valid_after_utc:%d/%m/%Y}. Put a current one into SEAL_CERT_FILE."
        )


def _new_key() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _self_signed(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    """A certificate for the development key that nobody can take for a real one."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, DEVELOPMENT_NAME)])
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _DEVELOPMENT_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM)


def _keep(file: Path, content: bytes) -> None:
    """Write a file that only we can read, whole or not at all; an existing one stays."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
