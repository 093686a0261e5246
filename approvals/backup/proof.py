"""Whether a restored database is what was backed up: rights, guards, rows, chain, files.

Every finding is a sentence; none means that nothing is missing that this program knows of.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection

from approvals.backup import files, probes, rights
from approvals.backup.dumping import Manifest
from approvals.backup.programs import BackupError
from config import env
from config.guards import quiet_public, silent_log
from decisions.chain import rows
from decisions.chain.notes import NotSigned, opened, public_key
from decisions.chain.verify import verify_chain
from decisions.chain.witness import against, tree_of


def findings(manifest: Manifest, checkpoints: list[Path], witness: str) -> Iterator[str]:
    """Everything that is off. `witness` is the public line of the witness who signed."""
    yield from _chain(manifest, checkpoints, witness)
    with psycopg.connect(env.database_url(env.OWNER)) as owner:
        yield from rights.difference(manifest.guards, rights.guards(owner))
        yield from rights.difference(manifest.rights, rights.rights(owner))
        yield from (f"{line}. No login of the service may be." for line in rights.powers(owner))
        yield from _rows(manifest, rights.counts(owner))
        yield from files.findings(owner)
        tables = rights.tables(owner)
    yield from probes.breaches(manifest.rights, tables)
    for check in (quiet_public, silent_log):
        yield from (f"{warning.msg} {warning.hint}" for warning in check(None, ["default"]))


def _rows(manifest: Manifest, now: dict[str, int]) -> Iterator[str]:
    for table, count in manifest.rows.items():
        if now.get(table) != count:
            has = now.get(table, "no")
            yield f"The table {table} has {has} rows; when backed up, it had {count}."


def _chain(manifest: Manifest, checkpoints: list[Path], witness: str) -> Iterator[str]:
    found = rows.read(0)
    yield from verify_chain(found)
    last = found.events[-1] if found.events else None
    if (last.seq if last else 0, last.hash if last else "") != (
        manifest.last_event,
        manifest.last_hash,
    ):
        yield f"The chain does not end at event {manifest.last_event}, where the backup was taken."
    try:
        kept = [opened(file.read_text(), *_read(witness)) for file in checkpoints]
    except (OSError, NotSigned) as refusal:
        yield f"A checkpoint cannot be relied on: {refusal}"
        return
    yield from against(kept, tree_of(found))


def _read(line: str) -> tuple[str, Ed25519PublicKey]:
    """Origin and key of the witness's public line. Raises NotSigned."""
    try:
        return public_key(line)
    except ValueError as error:
        raise NotSigned("The public line of the witness is not one.") from error


def as_owner() -> None:
    """Refuse to go on under a login that sees less than everything. Raises BackupError."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT datdba = current_user::regrole FROM pg_database "
            "WHERE datname = current_database()"
        )
        if cursor.fetchone() != (True,):
            raise BackupError(
                "This runs as the owner of the database. Start it with --settings "
                "config.settings.owner and DATABASE_URL."
            )
