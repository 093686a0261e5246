"""What of a passkey's signature is published with the decision, so that anyone can check it again.

Nothing of it is about the person but the public key, which they use on this service alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fido2.utils import websafe_encode

from approvals.ceremony.assertions import key_in
from approvals.ceremony.text import Declared, OutcomeGiven, Signed
from approvals.models import Assertion, Outcome, Signature
from decisions.register.record import Passkey

# What the numbers of a COSE key mean: RFC 9052, section 7, and RFC 9053.
_KIND, _ALGORITHM, _X, _Y, _MODULUS, _EXPONENT = 1, 3, -2, -3, -1, -2
_OKP, _EC2 = 1, 2


def signed_by(signature: Signature, outcomes: Iterable[Outcome | OutcomeGiven]) -> Signed:
    """What a signature with these outcomes signs, from its rows."""
    given = tuple(OutcomeGiven(each.number, each.kind, each.words) for each in outcomes)
    return Signed(
        reference=signature.paper.reference,
        office=signature.office.code,
        act=signature.act,
        number=signature.version.number,
        digest=signature.digest,
        commitment=signature.part_two_commitment,
        declared=Declared(signature.statement, signature.interests, given),
    )


def published(kept: Assertion, what: Signed) -> Passkey:
    """What is published of a passkey's answer."""
    key = key_in(bytes(kept.public_key))
    return Passkey(
        signed=what.parts(bytes(kept.nonce)),
        declared=what.declared.json(),
        authenticator_data=websafe_encode(bytes(kept.authenticator_data)),
        client_data=websafe_encode(bytes(kept.client_data)),
        signature=websafe_encode(bytes(kept.signature_bytes)),
        public_key=websafe_encode(_subject_public_key(key)),
        algorithm=key[_ALGORITHM],
        credential=hashlib.sha256(bytes(kept.credential_id)).hexdigest(),
    )


def _subject_public_key(key: dict[int, Any]) -> bytes:
    """A COSE key, of one of the kinds that sign here, as every other program reads it."""
    found: ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | rsa.RSAPublicKey
    if key[_KIND] == _EC2:
        point = ec.EllipticCurvePublicNumbers(_number(key[_X]), _number(key[_Y]), ec.SECP256R1())
        found = point.public_key()
    elif key[_KIND] == _OKP:
        found = ed25519.Ed25519PublicKey.from_public_bytes(key[_X])
    else:
        numbers = rsa.RSAPublicNumbers(_number(key[_EXPONENT]), _number(key[_MODULUS]))
        found = numbers.public_key()
    return found.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _number(value: bytes) -> int:
    return int.from_bytes(value, "big")
