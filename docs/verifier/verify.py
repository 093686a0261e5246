"""Check, offline, that a decision stands in the public log. Needs Python and `cryptography` alone.

python verify.py KEY proof.json [--record decision.json] [--document decision.pdf]
                 [--checkpoint checkpoint] [--earlier kept-checkpoint]
KEY is the witness's public line, or a file with it. For --earlier fetch the proof with ?from=SIZE,
SIZE being the second line of the checkpoint kept. Ends with 0 when everything holds, else with 1.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def sha(*parts: bytes) -> bytes:
    """SHA-256 of the parts, one after the other."""
    return hashlib.sha256(b"".join(parts)).digest()


def opened(note: str, line: str) -> tuple[int, bytes]:
    """Size and root of a checkpoint, once the witness's signature on it holds."""
    name, key_id, key = line.strip().split("+", 2)
    raw = base64.b64decode(key)
    if raw[:1] != b"\x01" or sha(name.encode(), b"\n", raw)[:4].hex() != key_id:
        raise ValueError("The public key is not written as it should be.")
    text, _, signed = note.partition("\n\n")
    for each in signed.splitlines():
        if each.startswith(f"\u2014 {name} ") and text.startswith(f"{name}\n"):
            signature = base64.b64decode(each.rsplit(" ", 1)[1])
            Ed25519PublicKey.from_public_bytes(raw[1:]).verify(signature[4:], f"{text}\n".encode())
            size, root = text.split("\n")[1:3]
            return int(size), base64.b64decode(root)
    raise ValueError("The checkpoint is not signed by this witness.")


def climb(
    at: int, size: int, proof: list[bytes], earlier: bytes, later: bytes, *, both: bool
) -> tuple[bytes, bytes]:
    """Roots that a proof leads to, from two hashes at once (RFC 9162, 2.1.3.2 and 2.1.4.2)."""
    last = size - 1
    if both:
        while at & 1:
            at, last = at >> 1, last >> 1
    for other in proof:
        if last == 0:
            raise ValueError("A proof is too long.")
        if at & 1 or at == last:
            earlier, later = sha(b"\x01", other, earlier), sha(b"\x01", other, later)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            later = sha(b"\x01", later, other)
        at, last = at >> 1, last >> 1
    if last:
        raise ValueError("A proof is too short.")
    return earlier, later


def check_growth(size: int, root: bytes, now: int, head: bytes, told: Any) -> None:
    """Raises ValueError unless the log of today begins with the whole earlier one."""
    proof = [base64.b64decode(each) for each in told["proof"]]
    path = proof if size & (size - 1) else [root, *proof]
    if size == now and (proof or root != head):
        raise ValueError("Two checkpoints of the same size differ.")
    if size == 0 and (proof or root != sha(b"")):
        raise ValueError("An empty log has another root.")
    if size not in {0, now}:  # every log begins with the empty one
        if told["from"] != size or size > now or not path:
            raise ValueError("The proof is not about the earlier checkpoint.")
        if climb(size - 1, now, path[1:], path[0], path[0], both=True) != (root, head):
            raise ValueError("The log was changed since the earlier checkpoint.")


def check(asked: argparse.Namespace) -> None:
    """Every check, in turn; raises ValueError or InvalidSignature at the first that fails."""
    line = Path(asked.key).read_text() if Path(asked.key).is_file() else asked.key
    told = json.loads(Path(asked.proof).read_text())
    size, root = opened(told["checkpoint"], line)
    if asked.checkpoint and Path(asked.checkpoint).read_text() != told["checkpoint"]:
        raise ValueError("The proof is about another checkpoint. Fetch both anew.")
    said = []
    for leaf in told["leaves"]:
        commitment = sha(bytes.fromhex(leaf["salt"]), leaf["text"].encode())
        proof = [base64.b64decode(each) for each in leaf["inclusion"]]
        first, hashed = leaf["number"] - 1, sha(b"\x00", commitment)
        if not 0 <= first < size or climb(first, size, proof, b"", hashed, both=False)[1] != root:
            raise ValueError(f"Entry {leaf['number']} is not in the log.")
        said.append(json.loads(leaf["text"]))
    if not said:
        raise ValueError("The proof holds no entry of this decision.")
    for name, file in (("record", asked.record), ("document", asked.document)):
        if file and sha(Path(file).read_bytes()).hex() not in [each[name] for each in said]:
            raise ValueError(f"{file} is not what the log says of this decision.")
    if asked.earlier:
        before, head = opened(Path(asked.earlier).read_text(), line)
        check_growth(before, head, size, root, told.get("consistency", {"from": 0, "proof": []}))
    for each in said:
        print(f"{each['at']}  {each['reference']}  {each['kind']}  edition {each['edition']}")


def main() -> None:
    """Say what holds and end with 0, or say what does not and end with 1."""
    words = argparse.ArgumentParser(description="Check a decision in the public log, offline.")
    for name in ("key", "proof", "--record", "--document", "--checkpoint", "--earlier"):
        words.add_argument(name)
    try:
        check(words.parse_args())
    except (ValueError, KeyError, OSError, InvalidSignature) as fault:
        why = str(fault) or "the signature is not that of the witness"
        raise SystemExit(f"DOES NOT HOLD: {why}") from None
    print("Everything holds.")


if __name__ == "__main__":
    main()
