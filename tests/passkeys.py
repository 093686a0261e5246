"""A passkey in software, with real keys: it signs as an authenticator does, and errs on demand.

    mine = Authenticator.of(cast.dominic)            # set up on the service, as sign-in keeps it
    mine.sign(options, origin="https://elsewhere")   # what the browser would hand to the page
    Authenticator.new().made(options)                # one that no service knows yet is set up

The keys, signatures and structures are real (WebAuthn Level 2); there is no device and no finger.
Every field of what is signed can be bent, so that each check of the service meets its own lie.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any, Final

from allauth.mfa import models
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from fido2 import cbor
from fido2.cose import CoseKey

from accounts.models import User
from approvals.ceremony import place

PRESENT: Final = 0x01
VERIFIED: Final = 0x04
ATTESTED: Final = 0x40
# Where the tests of signing in open the service.
HERE: Final = "http://localhost"
Key = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


def coded(data: bytes) -> str:
    """Base64url without padding, as browsers write bytes."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """The bytes of base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Authenticator:
    """One passkey: its key, its id, and how often it has signed (None: it does not count)."""

    key: Key
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    counter: int | None = 1
    row: models.Authenticator | None = None
    # The page that the browser says it is on (None: this service), and whose passkey it says it is.
    origin: str | None = None
    flags: int = PRESENT | VERIFIED
    owner: str = ""

    @classmethod
    def new(cls, origin: str = HERE, *, finger: bool = True) -> Authenticator:
        """A passkey that nobody has set up yet; without a finger it does not ask who holds it."""
        flags = PRESENT | VERIFIED if finger else PRESENT
        key = ec.generate_private_key(ec.SECP256R1())
        return cls(key, counter=None, origin=origin, flags=flags)

    @classmethod
    def of(
        cls, person: User, *, algorithm: str = "ES256", counter: int | None = 1
    ) -> Authenticator:
        """A new passkey of this person, set up on the service."""
        key: Key = ed25519.Ed25519PrivateKey.generate()
        if algorithm == "ES256":
            key = ec.generate_private_key(ec.SECP256R1())
        made = cls(key, counter=counter)
        made.row = models.Authenticator.objects.create(
            user=person,
            type=models.Authenticator.Type.WEBAUTHN,
            data={"name": "A passkey of the tests", "credential": made.made(_asked())},
        )
        return made

    @property
    def pkcs8(self) -> bytes:
        """The private key, as a browser's virtual authenticator takes it."""
        return self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())

    def made(self, options: dict[str, Any]) -> dict[str, Any]:
        """The browser's JSON of the answer to "set up a passkey"."""
        asked = options["publicKey"]
        self.owner = asked["user"]["id"]
        data = self._data(
            party=asked["rp"]["id"],
            flags=self.flags | ATTESTED,
            counter=self.counter or 0,
            more=self._attested(),
        )
        client = {
            "type": "webauthn.create",
            "challenge": asked["challenge"],
            "origin": self._here(),
            "crossOrigin": False,
        }
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        return {
            "id": coded(self.id),
            "rawId": coded(self.id),
            "type": "public-key",
            "response": {
                "clientDataJSON": coded(json.dumps(client).encode()),
                "attestationObject": coded(attestation),
            },
            "clientExtensionResults": {},
        }

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        """The browser's JSON of the answer to "show that it is you", at sign-in."""
        credential = self.sign(options["publicKey"])
        credential["response"]["userHandle"] = self.owner
        return credential | {"clientExtensionResults": {}}

    def sign(self, options: dict[str, Any], **bent: Any) -> dict[str, Any]:
        """The browser's JSON of what this passkey signs when asked so.

        Bend `challenge`, `origin`, `kind`, `crossed`, `party`, `flags`, `counter` or `id`.
        """
        if self.counter is not None:
            self.counter += 1
        client = {
            "type": bent.get("kind", "webauthn.get"),
            "challenge": bent.get("challenge", options["challenge"]),
            "origin": bent.get("origin", self._here()),
            "crossOrigin": bent.get("crossed", False),
        }
        client_data = json.dumps(client, separators=(",", ":")).encode()
        data = self._data(
            party=bent.get("party", options["rpId"]),
            flags=bent.get("flags", self.flags),
            counter=bent.get("counter", self.counter or 0),
        )
        signature = self._signature(data + hashlib.sha256(client_data).digest())
        identity = coded(bent.get("id", self.id))
        return {
            "id": identity,
            "rawId": identity,
            "type": "public-key",
            "response": {
                "clientDataJSON": coded(client_data),
                "authenticatorData": coded(data),
                "signature": coded(signature),
            },
        }

    def _here(self) -> str:
        return place.origin() if self.origin is None else self.origin

    def _signature(self, message: bytes) -> bytes:
        if isinstance(self.key, ed25519.Ed25519PrivateKey):
            return self.key.sign(message)
        return self.key.sign(message, ec.ECDSA(hashes.SHA256()))

    def _data(self, *, party: str, flags: int, counter: int, more: bytes = b"") -> bytes:
        hashed = hashlib.sha256(party.encode()).digest()
        return hashed + bytes([flags]) + counter.to_bytes(4, "big") + more

    def _attested(self) -> bytes:
        algorithm = -8 if isinstance(self.key, ed25519.Ed25519PrivateKey) else -7
        public = CoseKey.for_alg(algorithm).from_cryptography_key(self.key.public_key())
        return bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor.encode(dict(public))


def _asked() -> dict[str, Any]:
    """What this service asks of a browser that sets up a passkey, as far as it matters here."""
    return {
        "publicKey": {
            "rp": {"id": place.relying_party()},
            "user": {"id": ""},
            "challenge": coded(secrets.token_bytes(32)),
        }
    }
