"""Whether the chain, what it speaks of, and the public log are as they were written.

A finding is a sentence. Every function here looks at rows alone and asks nobody.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from decisions.chain.rows import EventRow, LeafRow, Rows

Told = Iterator[tuple[str, object, object]]
FIRST: Final = "0" * 64
LOGGED: Final = ("decide", "publish", "correct", "withdraw")
# The logins that tell of nothing but these; PostgreSQL refuses it too (event_is_of_its_login).
OWN: Final[dict[str, tuple[str, ...]]] = {
    "countersign_renderer": ("seal",),
    "countersign_mailer": (),
    "countersign_witness": (),
    "countersign_public": (),
}
# What no event tells of one by one, or none did in former times: it is compared where one does.
UNTOLD: Final = frozenset(
    {"shown", "moment", "signed", "commitment", "contributor", "state", "assertion", "placing"}
)


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
    return [
        *_links(rows),
        *_logins(rows),
        *_evidence(rows),
        *_placings(rows),
        *_states(rows),
        *_log(rows),
    ]


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


def _logins(rows: Rows) -> Iterator[str]:
    for event in rows.events:
        if event.verb not in OWN.get(event.db_role, (event.verb,)):
            yield f"Event {event.seq} ({event.verb}) was written by {event.db_role}, which may not."


def _facts(event: EventRow) -> dict[str, Any]:
    try:
        found = json.loads(event.facts)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _told(event: EventRow) -> Told:
    """The evidence an event speaks of: its kind, its number, its digest."""
    facts = _facts(event)
    if event.verb == "version":
        yield "version", facts.get("number"), facts.get("digest")
        yield "taker", facts.get("number"), str(event.actor)
    elif event.verb in {"endorse", "decide"}:
        yield from _told_of_signature(event, facts)
    elif event.verb in {"begin", "save"} and event.paper is not None:
        yield "contributor", event.actor, ""
    else:
        yield from _told_of_edition(event, facts)
    if event.verb in {"version", "endorse", "decide"} and "commitment" in facts:
        yield "commitment", facts.get("number"), facts["commitment"]


def _told_of_signature(event: EventRow, facts: dict[str, Any]) -> Told:
    signature = facts.get("signature")
    yield "signature", signature, facts.get("digest")
    yield "signer", signature, str(event.actor)
    for kind in ("signed", "assertion"):
        if kind in facts:
            yield kind, signature, facts[kind]
    if event.verb == "decide":
        yield "edition", 1, facts.get("edition")


def _told_of_edition(event: EventRow, facts: dict[str, Any]) -> Told:
    edition = facts.get("edition")
    if event.verb == "seal":
        yield "sealed", edition, facts.get("document")
    elif event.verb == "correct":
        yield "edition", edition, facts.get("digest")
    elif event.verb == "publish":
        yield "placed", edition, facts.get("digest")
        yield "document", edition, facts.get("document")
        yield "publication", edition, f"{event.actor} {_moment(facts)}"
        if "begins" in facts:
            yield "moment", edition, facts["begins"]


def _moment(facts: dict[str, Any]) -> str:
    """The moment set for a publication, as the evidence writes it; "" where there is none."""
    try:
        moment = datetime.fromisoformat(facts["not_before"])
    except (KeyError, TypeError, ValueError):
        return ""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


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
        told = row.kind in UNTOLD or (row.kind, row.paper, row.number, row.digest) in said
        if not told:
            yield f"{_name(row.kind, row.number)} of paper {row.paper}: no event tells of it."


def _placings(rows: Rows) -> Iterator[str]:
    """The register holds what was placed, as often as that was told, and in that order.

    Of an event that does not say from when on, the edition is compared.
    """
    told: dict[int | None, list[tuple[object, str]]] = {}
    for event in rows.events:
        if event.verb == "publish":
            facts = _facts(event)
            moment = facts.get("begins") or _moment(facts)
            told.setdefault(event.paper, []).append((facts.get("edition"), moment))
    placed: dict[int | None, list[tuple[object, str]]] = {paper: [] for paper in told}
    for row in sorted(rows.evidence, key=lambda row: row.digest):
        if row.kind == "placing" and (row.paper in told or not rows.start):
            # After the moment of placing, which orders them, the one from which on it is public.
            placed.setdefault(row.paper, []).append((row.number, row.digest.partition(" ")[2]))
    for paper, there in placed.items():
        said = told.get(paper, [])
        last = there[-len(said) :] if rows.start else there
        if len(last) != len(said) or any(
            edition != row_edition or (moment and moment != row_moment)
            for (edition, moment), (row_edition, row_moment) in zip(said, last, strict=True)
        ):
            yield f"What waits or is public of paper {paper} is not what was placed, in its order."


def _states(rows: Rows) -> Iterator[str]:
    """Each paper is in the state, and in the round, that its last act brought it to."""
    last: dict[int | None, str] = {}
    for event in rows.events:
        facts = _facts(event)
        if "state" in facts:
            last[event.paper] = f"{facts['state']}:{facts.get('round')}"
    for row in rows.evidence:
        if row.kind == "state" and (row.paper in last or not rows.start):
            wanted = last.get(row.paper, "draft:1")
            if row.digest != wanted:
                yield f"Paper {row.paper} is {row.digest}, and its events say {wanted}."


_NAMES: Final = {
    "placed": "Edition {} in the register",
    "document": "The document of edition {} in the register",
    "shown": "What the register shows of edition {}",
    "moment": "The moment of edition {} in the register",
    "publication": "The publication of edition {}",
    "sealed": "The sealed document of edition {}",
    "signer": "The signer of signature {}",
    "signed": "What signature {} says",
    "assertion": "What the passkey returned for signature {}",
    "commitment": "Part 2 of version {}",
    "taker": "Who took version {}",
    "contributor": "Contributor {}",
}


def _name(kind: str, number: object) -> str:
    return _NAMES[kind].format(number) if kind in _NAMES else f"{kind.capitalize()} {number}"


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
