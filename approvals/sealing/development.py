"""The development pair: made on the spot, says so in its certificate, refused in production.

Its certificates are kept in the trust file, so that documents stay genuine when the key is
replaced by a new one.
"""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

from approvals.sealing import certificates, keys
from approvals.sealing.refusal import SealingError
from decisions.register.verify.trust import trusted

DEVELOPMENT_NAME: Final = "Countersign development key – not for real decisions"
_LIFE: Final = timedelta(days=3650)


def make_pair() -> bool:
    """Make what is missing of the development pair. False when it was all there.

    An existing key is never replaced: a lost certificate is issued anew for it. Two processes that
    do this at once end with one pair. Raises SealingError in production.
    """
    _refuse_production()
    key_file, certificate_file = Path(settings.SEAL_KEY_FILE), Path(settings.SEAL_CERT_FILE)
    if key_file.exists() and certificate_file.exists():
        keys.load()
        return False
    if not key_file.exists():
        _keep(key_file, _new_key())
    _keep(certificate_file, _self_signed(keys.private_key()))
    keys.load()
    return True


def roll_over() -> None:
    """Replace the development pair by a new one, and keep the old certificate in the trust file.

    The old certificate is kept first: whatever fails after that, no document loses its seal.
    Raises SealingError in production, where the pair is not ours to replace, or without a trust
    file.
    """
    _refuse_production()
    old = certificates.own()
    if not certificates.is_development(old[0]):
        raise SealingError(
            "No key was made: the certificate in SEAL_CERT_FILE is not that of a development key. "
            "docs/keys.md says how to replace a key of your own."
        )
    if not settings.SEAL_TRUST_FILE:
        raise SealingError(
            "No key was made: there is no file in which the old certificate could be kept. Set "
            "SEAL_TRUST_FILE to one."
        )
    trust = tuple(dict.fromkeys((*trusted().seals, *old)))
    _replace(Path(settings.SEAL_TRUST_FILE), b"".join(map(_pem, trust)))
    key = _new_key()
    loaded = serialization.load_pem_private_key(key, None)
    if not isinstance(loaded, ec.EllipticCurvePrivateKey):
        raise TypeError("A new key is one of an elliptic curve.")
    _replace(Path(settings.SEAL_KEY_FILE), key)
    _replace(Path(settings.SEAL_CERT_FILE), _self_signed(loaded))
    keys.load()


def _refuse_production() -> None:
    if settings.ENVIRONMENT == "production":
        raise SealingError(
            "No key was made: a development key cannot seal real decisions. Give the service its "
            "own key in SEAL_KEY_FILE and certificate in SEAL_CERT_FILE."
        )


def _new_key() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _self_signed(key: keys.Key) -> bytes:
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
        .not_valid_after(now + _LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return _pem(certificate)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _draft(file: Path, content: bytes) -> Path:
    """A file beside another that only we can read, whole on disk."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    return draft


def _keep(file: Path, content: bytes) -> None:
    """Write a file that only we can read, whole or not at all; an existing one stays."""
    draft = _draft(file, content)
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _replace(file: Path, content: bytes) -> None:
    """Write a file that only we can read, whole or not at all, in place of an existing one."""
    _draft(file, content).replace(file)
