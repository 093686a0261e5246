"""What signs: the key of a file, or that of a token. pyHanko is loaded only with this module."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from django.conf import settings
from pyhanko.sign.signers import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from approvals.sealing import certificates, keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cryptography.x509 import Certificate

DIGEST: Final = "sha256"


class KeySigner(Signer):
    """Signs with a key that is open already.

    The library's own signer opens the key anew for every signature, which for RSA takes longer
    than all the rest.
    """

    def __init__(self, pair: keys.Pair) -> None:
        super().__init__(
            signing_cert=certificates.asn1([pair.certificate])[0],
            cert_registry=store(pair.chain),
        )
        self._key = pair.key

    async def async_sign_raw(
        self,
        data: bytes,
        digest_algorithm: str,
        dry_run: bool = False,  # noqa: FBT001, FBT002 - the library's own signature
    ) -> bytes:
        """Sign, or for a trial as many bytes as a signature may have. Raises ValueError."""
        if digest_algorithm != DIGEST:
            raise ValueError("The seal is made over SHA-256 only.")
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            if dry_run:
                # Two numbers as long as the key, in the two lists and lengths around them.
                return bytes(2 * (self._key.key_size // 8 + 1) + 16)
            return self._key.sign(data, ec.ECDSA(hashes.SHA256()))
        if dry_run:
            return bytes(self._key.key_size // 8)
        return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())


@contextmanager
def signer() -> Iterator[Signer]:
    """What seals today, from the settings, for as long as it is held. Raises SealingError."""
    if settings.SEAL_PKCS11_LIB:
        from approvals.sealing import tokens

        with tokens.signer() as found:
            yield found
    else:
        yield KeySigner(keys.load())


def store(chain: Iterable[Certificate]) -> SimpleCertificateStore:
    """The certificates that go into the seal beside its own."""
    kept = SimpleCertificateStore()  # type: ignore[no-untyped-call] # its maker left out "-> None"
    kept.register_multiple(certificates.asn1(chain))
    return kept
