"""A database with a witness's checkpoints, and copies of it for who rewrites history as its owner.

The owner switches off every guard first and puts it back afterwards: what is tried here is what no
guard of the database can prevent.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from accounts.models import today
from approvals.sealing import development
from config import env
from decisions.chain.keeping import OwnCopy
from decisions.chain.rows import EventRow
from decisions.chain.verify import event_hash
from decisions.chain.witness import Looked, Witness
from tests import database, stages
from tests.cast import Cast, assemble

ORIGIN = "decisions.example/log"
EVERY_EVENT = (
    "SELECT seq, at, db_role, paper_id, actor_id, verb, facts, prev, hash, id "
    "FROM decisions_event ORDER BY seq, id"
)
Owner = psycopg.Connection[Any]


@dataclass(frozen=True)
class History:
    """A database in order, the same one at its first checkpoint, and what the witness keeps."""

    name: str
    earlier: str
    folder: Path
    key: Ed25519PrivateKey
    cast: Cast

    def witness(self, folder: Path | None = None) -> Witness:
        """The witness with its own copy, or with that of another folder."""
        return Witness(ORIGIN, self.key, OwnCopy(folder or self.folder))

    @contextmanager
    def copy(self, name: str, *, of: str | None = None) -> Iterator[str]:
        """A copy of the database to tamper with."""
        copied = f"{name}_copy"
        database.create(copied, template=of or self.name)
        try:
            yield copied
        finally:
            database.connect("default", env.STAFF, self.name)
            database.drop(copied)

    def look(self, name: str, folder: Path, *, whole: bool = True) -> Looked:
        """What the witness says of a copy, with its own copy as it was before the tampering."""
        shutil.copytree(self.folder, folder)
        database.connect("default", env.WITNESS, name, "public")
        return self.witness(folder).look(whole=whole)


def make_history(name: str, folder: Path) -> History:
    """A decision published, then corrected, which waits; a checkpoint; a draft; another one."""
    development.make_pair()
    database.connect("default", env.STAFF, name)
    cast = assemble()
    paper = stages.published(cast, part_two=True)
    stages.correct(paper, cast.saba)
    stages.seal(paper, cast.saba)
    day = today() + timedelta(days=30)
    for until in (day, day + timedelta(days=7)):
        stages.publish(paper, cast.saba, until=until, reason="A launch.", owner=cast.olu)
    history = History(name, f"{name}_earlier", folder, Ed25519PrivateKey.generate(), cast)
    _sign(history)
    database.create(history.earlier, template=name)
    database.connect("default", env.STAFF, name)
    stages.withdrawn(cast)
    _sign(history)
    return history


def _sign(history: History) -> None:
    database.connect("default", env.WITNESS, history.name, "public")
    looked = history.witness().look(whole=True)
    assert looked.findings == ()
    assert looked.signed is not None
    database.connect("default", env.STAFF, history.name)


@contextmanager
def unguarded(name: str) -> Iterator[Owner]:
    """The owner, with every trigger of ours off, and on again at the end."""
    with database.owner_of(name) as owner:
        triggers = owner.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal "
            "AND tgenabled = 'A'",
        ).fetchall()
        for table, trigger in triggers:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        yield owner
        for table, trigger in triggers:
            owner.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")


def event(owner: Owner, verb: str) -> int:
    """The number of the first event of that verb."""
    found = owner.execute("SELECT min(seq) FROM decisions_event WHERE verb = %s", [verb])
    row = found.fetchone()
    assert row is not None
    number: int = row[0]
    return number


def rehash(owner: Owner) -> None:
    """Write the whole chain anew, numbers too, and the leaves: a forger who forgets nothing."""
    before = "0" * 64
    rows = owner.execute(EVERY_EVENT).fetchall()
    owner.execute("UPDATE decisions_event SET seq = -seq")
    for number, (*fields, key) in enumerate(rows, start=1):
        old = EventRow(*fields)
        made = EventRow(
            number,
            old.at,
            old.db_role,
            old.paper,
            old.actor,
            old.verb,
            old.facts,
            before,
            "",
        )
        before = event_hash(made)
        owner.execute(
            "UPDATE decisions_event SET seq = %s, prev = %s, hash = %s WHERE id = %s",
            [number, made.prev, before, key],
        )
    owner.execute("DELETE FROM chain_leaf")
    owner.execute(
        "DO $$ DECLARE e decisions_event; BEGIN FOR e IN SELECT * FROM decisions_event WHERE verb "
        "IN ('decide', 'publish', 'correct', 'withdraw') ORDER BY seq LOOP "
        "PERFORM leaf_of_event(e); END LOOP; END $$"
    )


def digest(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
