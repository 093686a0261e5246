"""Keys and certificates as an organisation has them, in the files that the settings name."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import (
        CertificateIssuerPrivateKeyTypes as IssuerKey,
    )
    from pytest_django import Settings

PASSPHRASE: Final = b"correct horse battery staple"


def certificate(
    key: IssuerKey,
    name: str = "Office of Decisions, electronic seal",
    *,
    issuer: str = "",
    issuer_key: IssuerKey | None = None,
    begins: timedelta = timedelta(days=-1),
    authority: bool = False,
    binding: bool = True,
) -> x509.Certificate:
    """A certificate as an organisation would have one."""
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=binding,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer or name)])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(named)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + begins)
        .not_valid_after(now + begins + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(
            issuer_key or key,
            None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256(),
        )
    )


def stretched(key: bytes, *how: str) -> bytes:
    """A key encrypted with OpenSSL, by scrypt where nothing else is said."""
    command = ["openssl", "pkcs8", "-topk8", "-passout", f"pass:{PASSPHRASE.decode()}"]
    done = subprocess.run(
        [*command, *(how or ("-scrypt",))], input=key, capture_output=True, check=True
    )
    return done.stdout


def passphrase_file(settings: Settings, content: bytes = PASSPHRASE) -> Path:
    """The file of the passphrase, and the setting that names it."""
    file = Path(settings.SEAL_KEY_FILE).parent.parent / "passphrase"
    file.write_bytes(content + b"\n")
    settings.SEAL_KEY_PASSPHRASE_FILE = str(file)
    return file


def write(
    settings: Settings,
    key: IssuerKey,
    *certificates: x509.Certificate,
    passphrase: bytes = b"",
    strong: bool = False,
) -> None:
    """Put a key and its certificates where the settings point to.

    `strong` encrypts an open key the way the manual tells an operator to, with his own tool.
    """
    folder = Path(settings.SEAL_KEY_FILE).parent
    folder.mkdir(exist_ok=True)
    encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        encryption = serialization.BestAvailableEncryption(passphrase)
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption
    )
    Path(settings.SEAL_KEY_FILE).write_bytes(stretched(text) if strong else text)
    Path(settings.SEAL_CERT_FILE).write_bytes(
        b"".join(one.public_bytes(serialization.Encoding.PEM) for one in certificates)
    )


def pkcs12_of(key: ec.EllipticCurvePrivateKey, own: x509.Certificate, rounds: int) -> bytes:
    """A key and its certificate in one PKCS#12 file, as OpenSSL writes it."""
    text = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ) + own.public_bytes(serialization.Encoding.PEM)
    command = ["openssl", "pkcs12", "-export", "-passout", f"pass:{PASSPHRASE.decode()}"]
    done = subprocess.run(
        [*command, "-iter", str(rounds)], input=text, capture_output=True, check=True
    )
    return done.stdout
