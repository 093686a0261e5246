"""How hard an encrypted key makes it to guess its passphrase: read from the file, without opening.

The number of rounds stands openly in the file. 100,000 is the least that we take in production;
docs/keys.md asks for 600,000, or for scrypt, whose cost lies in memory.
"""

from __future__ import annotations

from typing import Any, Final

LEAST_ROUNDS: Final = 100_000
_SCRYPT: Final = "1.3.6.1.4.1.11591.4.11"  # RFC 7914, section 7
_LEAST_SCRYPT_COST: Final = 16_384


def is_pkcs12(content: bytes) -> bool:
    """Whether a file is a PKCS#12 file, in whose form keys are handed over with certificates."""
    from asn1crypto.pkcs12 import Pfx

    try:
        return str(Pfx.load(content)["version"].native) == "v3"
    except (ValueError, TypeError):
        return False


def is_strong(content: bytes) -> bool:
    """Whether an encrypted key in PEM or PKCS#12 form makes guessing its passphrase slow.

    What cannot be read is taken as weak.
    """
    try:
        if b"-----BEGIN " in content:
            return _is_strong_pem(content)
        return _is_strong_pkcs12(content)
    except (ValueError, TypeError, KeyError):
        return False


def _is_strong_pem(content: bytes) -> bool:
    from asn1crypto import pem
    from asn1crypto.keys import EncryptedPrivateKeyInfo

    name, _, der = pem.unarmor(content)
    if name != "ENCRYPTED PRIVATE KEY":
        return False  # the old form of OpenSSL: one round of MD5
    return _is_strong_algorithm(EncryptedPrivateKeyInfo.load(der)["encryption_algorithm"])


def _is_strong_pkcs12(content: bytes) -> bool:
    """Both count: the passphrase can be tried on the key, and on the sum that guards the file."""
    from asn1crypto.pkcs12 import Pfx, SafeContents

    file = Pfx.load(content)
    if int(file["mac_data"]["iterations"].native) < LEAST_ROUNDS:
        return False
    bags = [
        bag
        for part in file.authenticated_safe
        if part["content_type"].native == "data"
        for bag in SafeContents.load(part["content"].native)
        if bag["bag_id"].native in {"key_bag", "pkcs8_shrouded_key_bag"}
    ]
    return bool(bags) and all(
        bag["bag_id"].native == "pkcs8_shrouded_key_bag"
        and _is_strong_algorithm(bag["bag_value"]["encryption_algorithm"])
        for bag in bags
    )


def _is_strong_algorithm(algorithm: Any) -> bool:
    if algorithm["algorithm"].native != "pbes2":
        return False
    derivation = algorithm["parameters"]["key_derivation_func"]
    if derivation["algorithm"].native == _SCRYPT:
        return int(derivation["parameters"].native["1"]) >= _LEAST_SCRYPT_COST
    return derivation["algorithm"].native == "pbkdf2" and (
        int(derivation["parameters"]["iteration_count"].native) >= LEAST_ROUNDS
    )
