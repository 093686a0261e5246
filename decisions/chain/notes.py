"""Checkpoints as signed notes: the text that C2SP calls tlog-checkpoint, and its signature.

<origin>
<number of leaves>
<root hash, base64>
chain <number of the last event> <its hash>
time <UTC>

— <name of the key> <base64 of key id and Ed25519 signature>
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519: Final = b"\x01"
DASH: Final = "\u2014 "


class NotSigned(Exception):
    """The note is not one that this key signed. Its text is a sentence."""


@dataclass(frozen=True)
class Checkpoint:
    """What a checkpoint says: the log's size and root, the chain's last event, and when (UTC)."""

    origin: str
    size: int
    root: bytes
    seq: int
    hash: str
    at: datetime

    @property
    def text(self) -> str:
        """The lines that are signed."""
        return (
            f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"
            f"chain {self.seq} {self.hash}\ntime {self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}\n"
        )


def raw(key: Ed25519PublicKey) -> bytes:
    """The 32 bytes of a public key."""
    return key.public_bytes_raw()


def key_id(name: str, key: Ed25519PublicKey) -> bytes:
    """Four bytes that tell one key from another, as signed notes count them."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + raw(key)).digest()[:4]


def public_line(name: str, key: Ed25519PublicKey) -> str:
    """The public key in one line: name, key id and key."""
    encoded = base64.b64encode(ED25519 + raw(key)).decode()
    return f"{name}+{key_id(name, key).hex()}+{encoded}"


def public_key(line: str) -> tuple[str, Ed25519PublicKey]:
    """The name and the key that a public line tells. Raises ValueError."""
    name, _, rest = line.partition("+")
    identity, _, encoded = rest.partition("+")
    said = base64.b64decode(encoded, validate=True)
    key = Ed25519PublicKey.from_public_bytes(said[1:])
    if said[:1] != ED25519 or key_id(name, key).hex() != identity:
        raise ValueError("The line is not written as a witness writes its public key.")
    return name, key


def sign(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> str:
    """The whole note."""
    name, text = checkpoint.origin, checkpoint.text
    signature = key_id(name, key.public_key()) + key.sign(text.encode())
    return f"{text}\n{DASH}{name} {base64.b64encode(signature).decode()}\n"


def opened(note: str, origin: str, key: Ed25519PublicKey) -> Checkpoint:
    """What the note says, once its signature holds. Raises NotSigned."""
    text, blank, signed = note.partition("\n\n")
    prefix = f"{DASH}{origin} "
    line = next((part for part in signed.splitlines() if part.startswith(prefix)), "")
    try:
        signature = base64.b64decode(line.removeprefix(prefix), validate=True)
        if not blank or signature[:4] != key_id(origin, key):
            raise NotSigned("The checkpoint bears no signature of this witness's key.")
        key.verify(signature[4:], f"{text}\n".encode())
        return _read(f"{text}\n", origin)
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise NotSigned("The checkpoint is not as this witness's key signed it.") from error


def unproved(note: str) -> Checkpoint:
    """What the note says, whoever wrote it: its signature is not looked at. Raises NotSigned."""
    text = note.partition("\n\n")[0]
    try:
        return _read(f"{text}\n", text.partition("\n")[0])
    except ValueError as error:
        raise NotSigned("The checkpoint is written otherwise than a checkpoint is.") from error


def _read(text: str, origin: str) -> Checkpoint:
    named, size, head, chain, time = text.splitlines()
    word, seq, last = chain.split(" ")
    found = Checkpoint(
        origin=named,
        size=int(size),
        root=base64.b64decode(head, validate=True),
        seq=int(seq),
        hash=last,
        at=datetime.strptime(time, "time %Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC),
    )
    if named != origin or word != "chain" or found.text != text:
        raise ValueError("The checkpoint is written otherwise than a checkpoint is.")
    return found
