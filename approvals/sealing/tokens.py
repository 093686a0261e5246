"""A key that never leaves its token: PKCS#11, for a hardware module or a smart card."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from django.conf import settings
from django.views.decorators.debug import sensitive_variables
from pkcs11 import exceptions as token_errors
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.general import SigningError
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

from approvals.sealing import certificates, keys
from approvals.sealing.refusal import SealingError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cryptography.x509 import Certificate
    from pkcs11 import Session

# By digest, with the token's name: a PIN that was refused is not tried again by this process. A
# token locks itself after a few wrong ones, and the worker tries what failed five times.
_refused: Final[set[str]] = set()
# A token knows one sign-in for the whole process: two at once would sign each other out.
_one_at_a_time: Final = Lock()


class TokenSigner(PKCS11Signer):
    """Signs in the token, and makes sure that the certificate belongs to what signed."""

    def __init__(self, session: Session, certificate: Certificate, chain: list[Certificate]):
        super().__init__(
            session,
            signing_cert=certificates.asn1([certificate])[0],
            ca_chain=certificates.asn1(chain),
            key_label=settings.SEAL_PKCS11_KEY,
            # Not every token hashes by itself for elliptic curves; all sign what was hashed.
            use_raw_mechanism=isinstance(certificate.public_key(), ec.EllipticCurvePublicKey),
        )
        self._public = certificate.public_key()

    async def async_sign_raw(
        self,
        data: bytes,
        digest_algorithm: str,
        dry_run: bool = False,  # noqa: FBT001, FBT002 - the library's own signature
    ) -> bytes:
        """Sign in the token. Raises SealingError when certificate and key are no pair."""
        signature: bytes = await super().async_sign_raw(data, digest_algorithm, dry_run)
        if dry_run:
            return signature
        try:
            if isinstance(self._public, ec.EllipticCurvePublicKey):
                self._public.verify(signature, data, ec.ECDSA(hashes.SHA256()))
            elif isinstance(self._public, rsa.RSAPublicKey):
                self._public.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            raise keys.not_a_pair("SEAL_PKCS11_KEY and SEAL_CERT_FILE") from None
        return signature


@contextmanager
def signer() -> Iterator[TokenSigner]:
    """The key in the token, for as long as it is held. Raises SealingError with a sentence."""
    certificate, *chain = certificates.current()
    with _one_at_a_time:
        session = _session()
        try:
            found = TokenSigner(session, certificate, chain)
            _find_key(found)
            yield found
        except token_errors.PKCS11Error:
            raise SealingError(
                "Nothing was sealed because the token that SEAL_PKCS11_TOKEN names stopped "
                "answering. Make sure that it is connected, and try again."
            ) from None
        finally:
            session.close()


@sensitive_variables()
def _session() -> Session:
    pin = certificates.read(settings.SEAL_PKCS11_PIN_FILE, "SEAL_PKCS11_PIN_FILE", "PIN")
    if not Path(settings.SEAL_PKCS11_LIB).is_file():
        raise SealingError(
            "Nothing was sealed because the file in SEAL_PKCS11_LIB cannot be read. Set it to the "
            "library that came with the token."
        )
    known = hashlib.sha256(settings.SEAL_PKCS11_TOKEN.encode() + b"\0" + pin).hexdigest()
    if known in _refused:
        raise _wrong_pin()
    try:
        return open_pkcs11_session(
            settings.SEAL_PKCS11_LIB,
            token_criteria=TokenCriteria(label=settings.SEAL_PKCS11_TOKEN),
            user_pin=pin.rstrip(b"\r\n").decode(),
        )
    except (token_errors.PinIncorrect, token_errors.PinLenRange, token_errors.PinInvalid):
        _refused.add(known)
        raise _wrong_pin() from None
    except token_errors.PinLocked:
        raise SealingError(
            "Nothing was sealed because the token has locked itself after wrong PINs. Unlock it "
            "with its own software, and put the right PIN into SEAL_PKCS11_PIN_FILE."
        ) from None
    except (token_errors.PKCS11Error, SigningError, RuntimeError, UnicodeDecodeError, OSError):
        raise SealingError(
            "Nothing was sealed because no token with the name in SEAL_PKCS11_TOKEN could be "
            "opened with the library in SEAL_PKCS11_LIB. Connect the token, or mend the settings."
        ) from None


def _wrong_pin() -> SealingError:
    return SealingError(
        "Nothing was sealed because the PIN in SEAL_PKCS11_PIN_FILE does not open the token. Put "
        "the right one into that file; the wrong one is not tried again, lest the token lock "
        "itself."
    )


def _find_key(found: TokenSigner) -> None:
    try:
        found.signing_cert  # noqa: B018 - looks up the key, which is otherwise done half way
    except (token_errors.PKCS11Error, SigningError):
        raise SealingError(
            "Nothing was sealed because the token holds no key that may sign with the name in "
            "SEAL_PKCS11_KEY. Set it to the label of the seal’s key."
        ) from None
