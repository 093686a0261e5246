"""What the witness reads: events, evidence by its digests, leaves. Never a word of a paper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from config.database.acting import acting_as


@dataclass(frozen=True)
class EventRow:
    """One row of the chain."""

    seq: int
    at: datetime
    db_role: str
    paper: int | None
    actor: int
    verb: str
    facts: str
    prev: str
    hash: str


@dataclass(frozen=True)
class EvidenceRow:
    """One frozen row by its digests: the one it states, and the one its text really has.

    `kind` says what is compared (version, edition, signature, placed and more, see the view
    chain_evidence); `number` is the version's or edition's number, or the signature's own key.
    Where a row states no digest, `digest` is a number, a moment or the name of a state.
    """

    kind: str
    paper: int | None
    number: int
    digest: str
    computed: str


@dataclass(frozen=True)
class LeafRow:
    """One leaf of the public log."""

    number: int
    event: int
    slug: str
    edition: int | None
    text: str
    salt: str
    commitment: str


@dataclass(frozen=True)
class Rows:
    """All that a verification looks at, read at one moment.

    `events` may begin after `start`, the last event of a checkpoint that was found in order; then
    `evidence` and `leaves` are those that these events speak of. `commitments` are all of the log.
    """

    events: tuple[EventRow, ...]
    evidence: tuple[EvidenceRow, ...]
    leaves: tuple[LeafRow, ...]
    commitments: tuple[str, ...]
    start: int = 0


def read(start: int = 0) -> Rows:
    """The rows after event `start`, in one snapshot of the database."""
    # Whoever reads the chain acts for nobody; so PostgreSQL is told nothing before this first word.
    with acting_as(None), transaction.atomic():
        _ask("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", rows=False)
        events = tuple(
            EventRow(*row)
            for row in _ask(
                "SELECT seq, at, db_role, paper_id, actor_id, verb, facts, prev, hash "
                "FROM decisions_event WHERE seq >= %s ORDER BY seq, id",
                start,
            )
        )
        papers = [event.paper for event in events if event.paper is not None]
        return Rows(
            events=events,
            evidence=tuple(
                EvidenceRow(*row)
                for row in _ask(
                    "SELECT kind, paper, number, digest, computed FROM chain_evidence "
                    "WHERE %s OR paper = ANY(%s)",
                    start == 0,
                    papers,
                )
            ),
            leaves=tuple(
                LeafRow(*row)
                for row in _ask(
                    "SELECT number, event, slug, edition, text, salt, commitment FROM chain_leaf "
                    "WHERE event >= %s ORDER BY number",
                    start,
                )
            ),
            commitments=tuple(
                row[0] for row in _ask("SELECT commitment FROM chain_leaf ORDER BY number")
            ),
            start=start,
        )


def hashes_at(numbers: Iterable[int]) -> dict[int, str]:
    """The hashes that the chain holds now at these events."""
    found = _ask("SELECT seq, hash FROM decisions_event WHERE seq = ANY(%s)", list(numbers))
    return dict(found)


def newest_event() -> int:
    """The number of the newest event; 0 before the first."""
    found: int = _ask("SELECT coalesce(max(seq), 0) FROM decisions_event")[0][0]
    return found


def _ask(statement: str, *values: int | list[int] | bool, rows: bool = True) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall()) if rows else []
