"""The public log as the public reads it: commitments, checkpoints, and proofs of both."""

from __future__ import annotations

import base64
import json
from typing import Any, Final

from django.db import connection

from decisions.chain import merkle

PER_PAGE: Final = 1000


def newest() -> tuple[int, str] | None:
    """Size and text of the newest checkpoint, or None before the first."""
    found = _ask("SELECT size, note FROM pub.checkpoint ORDER BY seq DESC LIMIT 1")
    return (found[0][0], found[0][1]) if found else None


def entries(start: int) -> list[dict[str, Any]]:
    """A page of leaves from number `start` on; salt and text only of those that are opened."""
    found = _ask(
        "SELECT number, commitment, salt, text FROM pub.log_entry WHERE number >= %s "
        "ORDER BY number LIMIT %s",
        start,
        PER_PAGE,
    )
    return [
        {"number": number, "commitment": commitment, "salt": salt, "text": text}
        for number, commitment, salt, text in found
    ]


def proof(slug: str, size: int, note: str, earlier: int | None) -> dict[str, Any]:
    """That the leaves of a decision are in the log of `size` leaves, and the log in the earlier.

    Leaves that the checkpoint does not cover yet are left out: the next one covers them.
    """
    found = _ask("SELECT commitment FROM pub.log_entry WHERE number <= %s ORDER BY number", size)
    leaves = [merkle.leaf_hash(bytes.fromhex(row[0])) for row in found]
    own = _ask(
        "SELECT number, salt, text FROM pub.log_entry WHERE slug = %s AND number <= %s "
        "ORDER BY number",
        slug,
        size,
    )
    answer: dict[str, Any] = {
        "checkpoint": note,
        "leaves": [
            {
                "number": number,
                "salt": salt,
                "text": text,
                "inclusion": _told(merkle.inclusion(number - 1, leaves)),
            }
            for number, salt, text in own
        ],
    }
    if earlier is not None and 0 < earlier <= size:
        answer["consistency"] = {
            "from": earlier,
            "proof": _told(merkle.consistency(earlier, leaves)),
        }
    return answer


def text_of(answer: dict[str, Any]) -> str:
    """An answer as JSON text."""
    return json.dumps(answer, ensure_ascii=False, indent=1) + "\n"


def _told(hashes: list[bytes]) -> list[str]:
    return [base64.b64encode(each).decode() for each in hashes]


def _ask(statement: str, *values: str | int) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall())
