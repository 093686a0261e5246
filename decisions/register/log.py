"""The public log as the public reads it: commitments, checkpoints, and proofs of both."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any, Final

from django.db import connection

from decisions.chain import merkle
from decisions.chain.notes import NotSigned, unproved
from decisions.register.signed_tree import LogOutOfOrder, SignedTree

PER_PAGE: Final = 1000


def newest() -> tuple[int, str] | None:
    """Size and text of the newest checkpoint, or None before the first."""
    found = _ask("SELECT size, note FROM pub.checkpoint ORDER BY seq DESC LIMIT 1")
    return (found[0][0], found[0][1]) if found else None


def entries(start: int) -> list[dict[str, Any]]:
    """A page of leaves from number `start` on; salt and text only of those that are opened."""
    last = start + PER_PAGE - 1
    found = _ask("SELECT number, salt, text FROM pub.opened_leaves(%s, %s)", start, last)
    opened = {number: (salt, text) for number, salt, text in found}
    return [
        {"number": number, "commitment": commitment, "salt": salt, "text": text}
        for number, commitment in _commitments(start - 1, last)
        for salt, text in [opened.get(number, (None, None))]
    ]


def proof(slug: str, size: int, note: str, earlier: int | None) -> dict[str, Any]:
    """That the leaves of a decision are in the log of `size` leaves, and the log in the earlier.

    Leaves that the checkpoint does not cover yet are left out: the next one covers them. Raises
    LogOutOfOrder when the log is not the one that the checkpoint states, so that a proof is right
    or there is none.
    """
    try:
        stated = unproved(note)
    except NotSigned as error:
        raise LogOutOfOrder(str(error)) from error
    own = _ask("SELECT number, salt, text FROM pub.opened_leaves(%s)", slug)
    with _tree.at(size, stated.root) as tree:
        answer: dict[str, Any] = {
            "checkpoint": note,
            "leaves": [
                {
                    "number": number,
                    "salt": salt,
                    "text": text,
                    "inclusion": _told(_inclusion(tree, number, size, salt, text)),
                }
                for number, salt, text in own
                if number <= size
            ],
        }
        if earlier is not None and 0 < earlier <= size:
            answer["consistency"] = {
                "from": earlier,
                "proof": _told(tree.consistency(earlier, size)),
            }
    return answer


def _inclusion(tree: merkle.Tree, number: int, size: int, salt: str, text: str) -> list[bytes]:
    try:
        commitment = hashlib.sha256(bytes.fromhex(salt) + text.encode()).digest()
    except ValueError:
        commitment = b""
    if merkle.leaf_hash(commitment) != tree.leaf(number - 1):
        raise LogOutOfOrder(f"Entry {number} of the public log is not the one that was signed.")
    return tree.inclusion(number - 1, size)


def _commitments(after: int, last: int) -> list[tuple[int, str]]:
    return _ask(
        "SELECT number, commitment FROM pub.log_entry WHERE number > %s AND number <= %s "
        "ORDER BY number",
        after,
        last,
    )


_tree: Final = SignedTree(_commitments)


def text_of(answer: dict[str, Any]) -> str:
    """An answer as JSON text."""
    return json.dumps(answer, ensure_ascii=False, indent=1) + "\n"


def _told(hashes: list[bytes]) -> list[str]:
    return [base64.b64encode(each).decode() for each in hashes]


def _ask(statement: str, *values: str | int) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall())
