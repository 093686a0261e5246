"""The seal's private key in a file: opened once for each process, checked before use, never shown.

A key that is read from a file has its numbers checked, and its passphrase stretched, which takes
longer than to seal. The opened key is therefore kept, and opened anew when the file, or the file
of its passphrase, holds something else.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from approvals.sealing import certificates, stretching
from approvals.sealing.refusal import SealingError

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

_HOW: Final = "docs/keys.md says how to make one that is."
_lock: Final = Lock()
_opened: dict[str, Key] = {}  # at most one: the digest of what it was opened from, and the key


@dataclass(frozen=True)
class Pair:
    """A private key, its certificate, and the certificates that lead from it to the root."""

    key: Key = field(repr=False)
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]


def load() -> Pair:
    """The pair to seal with today. Raises SealingError when it is missing, wrong or not allowed."""
    certificate, *chain = certificates.current()
    key = private_key()
    if key.public_key() != certificate.public_key():
        raise not_a_pair("SEAL_KEY_FILE and SEAL_CERT_FILE")
    return Pair(key=key, certificate=certificate, chain=tuple(chain))


def not_a_pair(settings_named: str) -> SealingError:
    """The refusal when a key and the certificate do not belong together."""
    return SealingError(
        "Nothing was sealed because the seal’s key and certificate do not belong together. "
        f"Set {settings_named} to a pair."
    )


@sensitive_variables()
def private_key() -> Key:
    """The private key in SEAL_KEY_FILE, opened with the passphrase where it needs one."""
    content = certificates.read(settings.SEAL_KEY_FILE, "SEAL_KEY_FILE", "key")
    passphrase = _passphrase()
    # Not the content itself: what is kept here for long must not be worth stealing.
    seen = hashlib.sha256(hashlib.sha256(content).digest() + (passphrase or b"")).hexdigest()
    with _lock:
        if seen not in _opened:
            key = _open(content, passphrase)
            _opened.clear()
            _opened[seen] = key
        key = _opened[seen]
    _refuse_unprotected_in_production(content)
    return key


@sensitive_variables()
def _open(content: bytes, passphrase: bytes | None) -> Key:
    key = _open_pem(content, passphrase) if _is_pem(content) else _open_pkcs12(content, passphrase)
    if not isinstance(key, (ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey)):
        raise SealingError(
            "Nothing was sealed because the key in SEAL_KEY_FILE is of a kind that readers of PDF "
            "do not know. Use an elliptic-curve key (P-256) or RSA."
        )
    return key


@sensitive_variables()
def _open_pem(content: bytes, passphrase: bytes | None) -> PrivateKeyTypes:
    encrypted = b"ENCRYPTED" in content
    if encrypted and passphrase is None:
        raise _no_passphrase()
    try:
        return serialization.load_pem_private_key(content, passphrase if encrypted else None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise (_wrong_passphrase() if encrypted else _no_key()) from None


@sensitive_variables()
def _open_pkcs12(content: bytes, passphrase: bytes | None) -> PrivateKeyTypes:
    if not stretching.is_pkcs12(content):
        raise _no_key()
    if passphrase is None:
        raise _no_passphrase()
    try:
        key, _, _ = pkcs12.load_key_and_certificates(content, passphrase)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _wrong_passphrase() from None
    if key is None:
        raise _no_key()
    return key


def _is_pem(content: bytes) -> bool:
    return b"-----BEGIN " in content


def _refuse_unprotected_in_production(content: bytes) -> None:
    """Raise SealingError where whoever copies the file could use it, or soon guess how."""
    if settings.ENVIRONMENT != "production":
        return
    if _is_pem(content) and b"ENCRYPTED" not in content:
        raise SealingError(
            "Nothing was sealed because the seal’s key is not encrypted. Encrypt it, and put its "
            f"passphrase into the file that SEAL_KEY_PASSPHRASE_FILE names; {_HOW}"
        )
    if not stretching.is_strong(content):
        raise SealingError(
            "Nothing was sealed because the seal’s key is encrypted in a way that lets a "
            f"passphrase be guessed fast. Encrypt it anew with scrypt or 600,000 rounds; {_HOW}"
        )


def _no_passphrase() -> SealingError:
    return SealingError(
        "Nothing was sealed because the seal’s key is encrypted and no passphrase was given. "
        "Set SEAL_KEY_PASSPHRASE_FILE to the file that holds it."
    )


def _wrong_passphrase() -> SealingError:
    return SealingError(
        "Nothing was sealed because the passphrase in SEAL_KEY_PASSPHRASE_FILE does not open the "
        "seal’s key. Put the right one into that file."
    )


def _no_key() -> SealingError:
    return SealingError(
        "Nothing was sealed because the file in SEAL_KEY_FILE holds no private key in PEM or "
        "PKCS#12 form. Set it to one that does."
    )


@sensitive_variables()
def _passphrase() -> bytes | None:
    """The passphrase without the line end that editors add; None where no file is named."""
    if not settings.SEAL_KEY_PASSPHRASE_FILE:
        return None
    file = settings.SEAL_KEY_PASSPHRASE_FILE
    return certificates.read(file, "SEAL_KEY_PASSPHRASE_FILE", "passphrase").rstrip(b"\r\n")
