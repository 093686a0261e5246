"""Whether the chain, what it speaks of, and the public log are as they were written.

A finding is a sentence. Every function here looks at rows alone and asks nobody.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any, Final

from decisions.chain.rows import EventRow, LeafRow, Rows

FIRST: Final = "0" * 64
LOGGED: Final = ("decide", "publish", "correct", "withdraw")


def event_hash(event: EventRow) -> str:
    """The hash of an event from its own fields, as the database's trigger computes it."""
    fields = (
        str(event.seq),
        event.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        event.db_role,
        "" if event.paper is None else str(event.paper),
        str(event.actor),
        event.verb,
        event.facts,
        event.prev,
    )
    encoded = (field.encode() for field in fields)
    text = b"\x00" + b"".join(len(part).to_bytes(4, "big") + part for part in encoded)
    return hashlib.sha256(text).hexdigest()


def verify_chain(rows: Rows) -> list[str]:
    """Every finding, in the order of the chain; none when all is as it was written."""
    return [*_links(rows), *_evidence(rows), *_log(rows)]


def _links(rows: Rows) -> Iterator[str]:
    before = None
    for place, event in enumerate(rows.events):
        wanted = (rows.start or 1) + place
        if event.seq != wanted:
            yield f"Event {wanted} is missing, or stands twice: event {event.seq} is in its place."
            return
        if event.hash != event_hash(event):
            yield f"Event {event.seq} ({event.verb}) was changed: its hash is not that of its text."
        if before is None and event.seq == 1 and event.prev != FIRST:
            yield "Event 1 is not the first of its chain."
        if before is not None and event.prev != before.hash:
            yield f"Event {event.seq} does not follow on event {before.seq}: the chain is broken."
        before = event


def _facts(event: EventRow) -> dict[str, Any]:
    try:
        found = json.loads(event.facts)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _told(event: EventRow) -> Iterator[tuple[str, object, object]]:
    """The evidence an event speaks of: its kind, its number, its digest."""
    facts = _facts(event)
    if event.verb == "version":
        yield "version", facts.get("number"), facts.get("digest")
    elif event.verb in {"endorse", "decide"}:
        yield "signature", facts.get("signature"), facts.get("digest")
    if event.verb == "decide":
        yield "edition", 1, facts.get("edition")
    elif event.verb == "correct":
        yield "edition", facts.get("edition"), facts.get("digest")
    elif event.verb == "publish":
        yield "placed", facts.get("edition"), facts.get("digest")
        yield "document", facts.get("edition"), facts.get("document")


def _evidence(rows: Rows) -> Iterator[str]:
    there: dict[tuple[str, int | None, object], set[object]] = {}
    for row in rows.evidence:
        there.setdefault((row.kind, row.paper, row.number), set()).add(row.digest)
        if row.digest != row.computed:
            yield f"{_name(row.kind, row.number)} of paper {row.paper} is not as its digest says."
    said = set()
    for event in rows.events:
        for kind, number, digest in _told(event):
            said.add((kind, event.paper, number, digest))
            if digest not in there.get((kind, event.paper, number), set()):
                yield (
                    f"{_name(kind, number)} of paper {event.paper} is gone or is not the one that "
                    f"event {event.seq} ({event.verb}) speaks of."
                )
    if rows.start:
        return
    for row in rows.evidence:
        if (row.kind, row.paper, row.number, row.digest) not in said:
            yield f"{_name(row.kind, row.number)} of paper {row.paper}: no event tells of it."


def _name(kind: str, number: object) -> str:
    if kind == "placed":
        return f"Edition {number} in the register"
    if kind == "document":
        return f"The document of edition {number} in the register"
    return f"{kind.capitalize()} {number}"


def commitment(leaf: LeafRow) -> str:
    """What stands in the tree for this leaf, from its salt and text. Raises ValueError."""
    return hashlib.sha256(bytes.fromhex(leaf.salt) + leaf.text.encode()).hexdigest()


def _log(rows: Rows) -> Iterator[str]:
    first = len(rows.commitments) - len(rows.leaves) + 1
    logged = {event.seq: event for event in rows.events if event.verb in LOGGED}
    for wanted, leaf in enumerate(rows.leaves, start=first):
        if leaf.number != wanted:
            yield f"Leaf {wanted} of the public log is missing."
            return
        event = logged.pop(leaf.event, None)
        if event is None:
            yield f"Leaf {leaf.number} of the public log stands for no event."
        elif not _stands_for(leaf, event):
            yield f"Leaf {leaf.number} of the public log does not say what event {event.seq} says."
    for seq, event in logged.items():
        yield f"Event {seq} ({event.verb}) has no leaf in the public log."


def _stands_for(leaf: LeafRow, event: EventRow) -> bool:
    try:
        said, whole = json.loads(leaf.text), commitment(leaf) == leaf.commitment
    except ValueError:
        return False
    facts = _facts(event)
    decided = event.verb == "decide"
    wanted = {
        "at": event.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "commitment": facts.get("commitment") or "",
        "document": facts.get("document") or "",
        "edition": 1 if decided else facts.get("edition"),
        "event": event.seq,
        "event_hash": event.hash,
        "kind": event.verb,
        "record": (facts.get("edition") if decided else facts.get("digest")) or "",
        "reference": leaf.slug,
    }
    return whole and said == wanted and leaf.edition == wanted["edition"]
