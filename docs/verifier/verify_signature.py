"""Check, offline, the passkeys that signed a published decision. Needs Python and `cryptography`.

python verify_signature.py decision.json [--site https://staff.example] [--key FINGERPRINT]
decision.json is the first edition's data, as the register gives it. --site is the address at which
the office signs; --key the fingerprint of a key that the office, or an earlier decision, gave you.
Ends with 0 when every signature by passkey holds, else with 1. A signature without a passkey is
named as such: nothing in it can be checked but the office's word.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

ACTS = {"chief_executive": "endorse", "decision": "decide"}
PRESENT, VERIFIED = 1, 4


def sha(data: bytes) -> bytes:
    """SHA-256."""
    return hashlib.sha256(data).digest()


def plain(text: str) -> bytes:
    """The bytes of base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def canonical(thing: Any) -> bytes:
    """JSON with keys in order and no white space."""
    text = json.dumps(thing, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def same(one: object, other: object, what: str) -> None:
    """Raises ValueError unless both are the same."""
    if one != other:
        raise ValueError(f"{what} is not what was signed.")


def part_one(record: dict[str, Any]) -> str:
    """The digest of Part 1 as it was signed: before outcomes, signatures and who advised."""
    if record["edition"] != 1:
        raise ValueError("This is a later edition. Take the data of edition 1, which was signed.")
    before: dict[str, Any] = {
        name: record[name] for name in record if name != "signed_declarations"
    }
    before |= {"chief_executive": None, "decision": None, "signed_digest": ""}
    before |= {"decision_maker": "", "declarations": record["signed_declarations"]}
    before["recommendations"] = [
        each | {"outcome": "", "outcome_words": ""} for each in record["recommendations"]
    ]
    return sha(canonical(before)).hex()


def declared(record: dict[str, Any], place: str) -> bytes:
    """What was declared and decided, by what the decision says today."""
    outcomes = [
        {"kind": each["outcome"], "number": each["number"], "words": each["outcome_words"]}
        for each in sorted(record["recommendations"], key=lambda each: int(each["number"]))
    ]
    said = record[place]
    return canonical(
        {
            "interests": said["interests"],
            "outcomes": outcomes if place == "decision" else [],
            "statement": said["statement"],
        }
    )


def check_text(record: dict[str, Any], place: str) -> bytes:
    """The challenge that the decision's own words give, once they are those that were signed."""
    approval, parts = record[place], record[place]["passkey"]["signed"]
    form, reference, _office, act, _number, digest, _part_two, stated, _nonce = parts
    same(form, "countersign-sign-1", "The form of the text")
    same(reference, record["reference"], "The reference")
    same(act, ACTS[place], "The act")
    same(digest, approval["digest"], "The digest of Part 1")
    same(digest, record["signed_digest"], "The digest of Part 1")
    same(digest, part_one(record), "Part 1")
    same(stated, sha(declared(record, place)).hex(), "What was declared and decided")
    same(canonical(json.loads(approval["passkey"]["declared"])), declared(record, place), "That")
    text = [part.encode() for part in parts]
    return sha(b"".join(len(part).to_bytes(4, "big") + part for part in text))


def check_key(passkey: dict[str, Any], message: bytes) -> str:
    """The key's fingerprint, once its signature over the message holds."""
    der, signature = plain(passkey["public_key"]), plain(passkey["signature"])
    key = load_der_public_key(der)
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, message, ec.ECDSA(hashes.SHA256()))
    elif isinstance(key, ed25519.Ed25519PublicKey):
        key.verify(signature, message)
    elif isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
    else:
        raise ValueError("This kind of key is not known here.")  # noqa: TRY004 - the file is wrong
    return sha(der).hex()


def check(record: dict[str, Any], place: str, site: str, fingerprint: str) -> str:
    """One signature; a line that says what holds. Raises ValueError or InvalidSignature."""
    approval = record[place]
    who = f"{approval['name']}, {approval['office']}"
    if "passkey" not in approval:
        return f"{who}: signed without a passkey ({approval['identity']}), so nothing to check."
    passkey = approval["passkey"]
    client, data = plain(passkey["client_data"]), plain(passkey["authenticator_data"])
    said = json.loads(client)
    same(said["type"], "webauthn.get", "The kind of what the passkey signed")
    same(plain(said["challenge"]), check_text(record, place), "The challenge")
    same(bool(said.get("crossOrigin")), 0, "The page that asked")
    same(data[:32], sha(str(urlsplit(said["origin"]).hostname).encode()), "The service")
    same(data[32] & (PRESENT | VERIFIED), PRESENT | VERIFIED, "That the person was verified")
    if site:
        same(said["origin"], site.rstrip("/"), "The address of the service")
    found = check_key(passkey, data + sha(client))
    if fingerprint:
        same(found, fingerprint.lower(), "The key")
    return f"{who}: holds. Signed at {said['origin']} with the key {found}."


def main() -> None:
    """Say what holds and end with 0, or say what does not and end with 1."""
    words = argparse.ArgumentParser(description="Check a decision's passkeys, offline.")
    for name in ("record", "--site", "--key"):
        words.add_argument(name, default="")
    asked = words.parse_args()
    try:
        record = json.loads(Path(asked.record).read_text(encoding="utf-8"))
        for place in ACTS:
            key = asked.key if place == "decision" else ""
            print(check(record, place, asked.site, key))
    except (ValueError, LookupError, TypeError, OSError, InvalidSignature) as fault:
        why = str(fault) or "the signature is not that of the key"
        raise SystemExit(f"DOES NOT HOLD: {why}") from None


if __name__ == "__main__":
    main()
