"""Make a backup: what pg_dump writes, and beside it what a restored database must be equal to."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import psycopg

from approvals.backup import rights
from approvals.backup.programs import BackupError, run
from config import env

DUMP: Final = "countersign.dump"
MANIFEST: Final = "manifest.json"
FORMAT: Final = 1


@dataclass(frozen=True)
class Manifest:
    """What the database was at the moment of the backup."""

    taken_at: str
    dump_sha256: str
    last_event: int
    last_hash: str
    rows: dict[str, int]
    rights: list[str]
    guards: list[str]
    format: int = FORMAT


def back_up(folder: Path) -> Manifest:
    """Write a dump and its manifest into a new folder, both of one and the same moment.

    Raises BackupError; then there is no such folder. Where a policy would hide a row from the
    owner, nothing is written rather than a part of the rows.
    """
    if folder.exists():
        raise BackupError(
            f"{folder} is there already. A backup never replaces another: name a new one."
        )
    draft = folder.with_name(f".{folder.name}.unfinished")
    try:
        draft.mkdir(parents=True, mode=0o700)
    except OSError as error:
        raise BackupError(f"{draft} cannot be made: {error.strerror}.") from error
    address = env.database_url(env.OWNER)
    try:
        manifest = _dump(address, draft)
        draft.rename(folder)
    except psycopg.Error as error:
        raise BackupError(f"The database refused: {error.diag.message_primary or error}") from error
    finally:
        for left in draft.glob("*") if draft.exists() else ():
            left.unlink()
        if draft.exists():
            draft.rmdir()
    return manifest


def _dump(address: str, folder: Path) -> Manifest:
    with psycopg.connect(address) as owner:
        owner.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        snapshot = rights.one(owner, "SELECT pg_export_snapshot()")
        # Without --enable-row-security, pg_dump fails where a policy would hide a row from it.
        run(
            "pg_dump",
            *("--format=custom", f"--snapshot={snapshot}", "--no-password"),
            *("--file", folder / DUMP, "--dbname", address),
        )
        last = owner.execute(
            "SELECT seq, hash FROM decisions_event ORDER BY seq DESC LIMIT 1"
        ).fetchone() or (0, "")
        manifest = Manifest(
            taken_at=datetime.now(UTC).isoformat(timespec="seconds"),
            dump_sha256=sha256_of(folder / DUMP),
            last_event=last[0],
            last_hash=last[1],
            rows=rights.counts(owner),
            rights=rights.rights(owner),
            guards=rights.guards(owner),
        )
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1))
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup whose dump is as it was written. Raises BackupError."""
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text()))
        digest = sha256_of(folder / DUMP)
    except (OSError, ValueError, TypeError) as error:
        raise BackupError(f"{folder} is no backup that can be read: {error}") from error
    if manifest.format != FORMAT:
        raise BackupError(f"{folder} is a backup of another version of Countersign.")
    if digest != manifest.dump_sha256:
        raise BackupError(f"{folder / DUMP} is not as it was written. Take another backup.")
    return manifest


def sha256_of(file: Path) -> str:
    """The SHA-256 digest of a file, in hexadecimal. Raises OSError."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
