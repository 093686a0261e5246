"""Whether what a passkey returned holds: the checks of WebAuthn, each with a sentence of its own.

Nothing here knows a paper or a person; who calls says which challenge was asked, where, of which
key. WebAuthn Level 2, section 7.2.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from fido2 import cbor
from fido2.cose import CoseKey
from fido2.utils import websafe_decode
from fido2.webauthn import AuthenticatorData

from approvals.ceremony.proofs import NotProved

PRESS_AGAIN: Final = "Press “Sign with your passkey” again."
UNREADABLE: Final = f"Your browser did not hand over what your passkey signed. {PRESS_AGAIN}"
OTHER_TEXT: Final = (
    "What your passkey signed is not what this form says now, so nothing was signed. Read the page "
    f"again. {PRESS_AGAIN}"
)
OTHER_SITE: Final = (
    "Your passkey was asked by another site than this one, so nothing was signed. Somebody may be "
    "imitating this service: tell the secretariat at once."
)
NOT_VERIFIED: Final = (
    "Your passkey did not check that it is you, so nothing was signed. Use one that asks for your "
    "finger, your face or a PIN."
)
NOT_HELD: Final = (
    f"What your passkey signed was changed on its way, so nothing was signed. {PRESS_AGAIN}"
)
COPIED: Final = (
    "Your passkey has counted backwards, which happens when somebody has a copy of it. Nothing was "
    "signed. Use another passkey, remove this one, and tell the secretariat at once."
)


# What reading a browser's words can raise, whatever somebody sends in their place.
MALFORMED: Final = (
    LookupError, TypeError, ValueError, AttributeError, RecursionError, struct.error,
)  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What a passkey returned, as bytes."""

    credential_id: bytes
    client_data: bytes
    authenticator_data: bytes
    signature: bytes

    @property
    def counter(self) -> int:
        """How often the authenticator has signed, or 0 where it does not count."""
        return AuthenticatorData(self.authenticator_data).counter


@dataclass(frozen=True)
class Asked:
    """What was asked for: this challenge, at this origin, for this relying party."""

    challenge: bytes
    origin: str
    relying_party: str


def read(credential: Mapping[str, Any]) -> Answer:
    """The browser's JSON of a public key credential, decoded. Raises NotProved."""
    try:
        response = credential["response"]
        answer = Answer(
            credential_id=websafe_decode(credential["rawId"]),
            client_data=websafe_decode(response["clientDataJSON"]),
            authenticator_data=websafe_decode(response["authenticatorData"]),
            signature=websafe_decode(response["signature"]),
        )
        AuthenticatorData(answer.authenticator_data)
        answer.client_data.decode()
    except MALFORMED as error:
        raise NotProved(UNREADABLE) from error
    return answer


def require(answer: Answer, asked: Asked, public_key: bytes, counted: int) -> None:
    """Ask everything. `public_key` is the credential's, as COSE; `counted` its last count.

    Raises NotProved, with the sentence for the first thing that does not hold.
    """
    _require_client(answer, asked)
    data = AuthenticatorData(answer.authenticator_data)
    expected = hashlib.sha256(asked.relying_party.encode()).digest()
    if not hmac.compare_digest(data.rp_id_hash, expected):
        raise NotProved(OTHER_SITE)
    if not data.is_user_present() or not data.is_user_verified():
        raise NotProved(NOT_VERIFIED)
    _require_signature(answer, public_key)
    if (data.counter or counted) and data.counter <= counted:
        raise NotProved(COPIED)


def _require_client(answer: Answer, asked: Asked) -> None:
    try:
        said = json.loads(answer.client_data)
        kind, origin = said["type"], said["origin"]
        challenge = websafe_decode(said["challenge"])
        crossed = said.get("crossOrigin", False) is not False or "topOrigin" in said
    except MALFORMED as error:
        raise NotProved(UNREADABLE) from error
    if kind != "webauthn.get":
        raise NotProved(UNREADABLE)
    if origin != asked.origin or crossed:
        raise NotProved(OTHER_SITE)
    if not hmac.compare_digest(challenge, asked.challenge):
        raise NotProved(OTHER_TEXT)


def _require_signature(answer: Answer, public_key: bytes) -> None:
    message = answer.authenticator_data + hashlib.sha256(answer.client_data).digest()
    try:
        CoseKey.parse(key_in(public_key)).verify(message, answer.signature)
    except (InvalidSignature, *MALFORMED) as error:
        raise NotProved(NOT_HELD) from error


def key_in(public_key: bytes) -> dict[int, Any]:
    """The map that a COSE key is. Raises ValueError for anything else."""
    key = cbor.decode(public_key)
    if not isinstance(key, Mapping):
        raise ValueError("A COSE key is a map.")  # noqa: TRY004 - what is wrong is what was kept
    return dict(key)
