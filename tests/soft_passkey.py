"""A passkey in software: it does what a device does, so that the service's questions are answered.

The keys, signatures and structures are real (WebAuthn level 2); there is no device and no finger.
"""

from __future__ import annotations

import base64
import hashlib
import os
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

ORIGIN = "http://localhost"
FLAG = AuthenticatorData.FLAG


def text(raw: bytes) -> str:
    """Bytes as they travel in JSON."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(text: str) -> bytes:
    """The bytes that travelled in JSON."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class SoftPasskey:
    """One passkey; `origin` is the page that the browser says it is on."""

    def __init__(self, origin: str = ORIGIN, *, finger: bool = True) -> None:
        self.origin = origin
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(32)
        self.flags = FLAG.UP | FLAG.UV if finger else FLAG.UP
        self.owner = ""

    def made(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to "set up a passkey"."""
        asked = options["publicKey"]
        self.owner = asked["user"]["id"]
        public = ES256.from_cryptography_key(self.key.public_key())  # type: ignore[no-untyped-call]
        data = AuthenticatorData.create(
            self._service(asked["rp"]["id"]),
            self.flags | FLAG.AT,
            0,
            AttestedCredentialData.create(b"\0" * 16, self.id, public),
        )
        said = self._said(CollectedClientData.TYPE.CREATE, asked["challenge"])
        attestation = AttestationObject.create("none", data, {})
        response = {"clientDataJSON": text(said), "attestationObject": text(attestation)}
        return self._credential(response)

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to "show that it is you"."""
        asked = options["publicKey"]
        data = AuthenticatorData.create(self._service(asked["rpId"]), self.flags, 0)
        said = self._said(CollectedClientData.TYPE.GET, asked["challenge"])
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": text(said),
            "authenticatorData": text(data),
            "signature": text(signature),
            "userHandle": self.owner,
        }
        return self._credential(response)

    def _service(self, rp_id: str) -> bytes:
        return hashlib.sha256(rp_id.encode()).digest()

    def _said(self, kind: str, challenge: str) -> CollectedClientData:
        return CollectedClientData.create(kind, raw(challenge), self.origin)

    def _credential(self, response: dict[str, str]) -> dict[str, Any]:
        return {
            "id": text(self.id),
            "rawId": text(self.id),
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
        }
