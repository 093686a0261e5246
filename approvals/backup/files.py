"""The files beside the rows: every one that a row names, compared with its digest, and copied."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import psycopg
from django.core.files.storage import storages

from approvals.backup.programs import BackupError
from approvals.models import ArchivedDocument, Publication, SealedDocument
from config import env

FILES: Final = "files"
_UPLOADED: Final = """
SELECT paper_id, digest, 'pdf' FROM decisions_supportingfile
UNION SELECT paper_id, public_digest, 'pdf' FROM decisions_supportingfile
UNION SELECT paper_id, digest, kind FROM conf.part_two_file
"""


def findings(owner: psycopg.Connection[Any]) -> Iterator[str]:
    """A sentence for each file that a row names and that is missing, or not as it was kept."""
    for store, name, digest in _named(owner):
        found = _kept(store, name, digest)
        if isinstance(found, str):
            yield found


def copy_files(folder: Path) -> tuple[int, list[str]]:
    """Copy every file that a row names into a backup's folder, by stores.

    How many there were, and a sentence for each that is missing or not as it was kept. To be called
    after the rows were written, so that no file is missing that they name. Raises BackupError where
    one cannot be written.
    """
    missing: list[str] = []
    copied = 0
    with psycopg.connect(env.database_url(env.OWNER)) as owner:
        for store, name, digest in _named(owner):
            found = _kept(store, name, digest)
            if isinstance(found, str):
                missing.append(found)
                continue
            place = folder / FILES / store / name
            try:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(found)
            except OSError as error:
                raise BackupError(f"{place} cannot be written: {error.strerror}.") from error
            copied += 1
    return copied, missing


def _kept(store: str, name: str, digest: str) -> bytes | str:
    """A file as it was kept, or a sentence that says what is wrong with it."""
    try:
        with storages[store].open(name) as opened:
            content: bytes = opened.read()
    except FileNotFoundError:
        return f"The file {name} is missing in the store {store}."
    except OSError as error:
        return f"The file {name} in the store {store} cannot be read: {error.strerror}."
    if hashlib.sha256(content).hexdigest() != digest:
        return f"The file {name} in the store {store} is not as it was kept."
    return content


def _named(owner: psycopg.Connection[Any]) -> list[tuple[str, str, str]]:
    """Every file that a row names: the store, the name there, and the digest it must have."""
    return sorted({*_documents(), *_uploads(owner)})


def _documents() -> Iterator[tuple[str, str, str]]:
    for (digest,) in SealedDocument.objects.values_list("digest"):
        yield "restricted", f"{digest}.pdf", digest
    for (digest,) in ArchivedDocument.objects.values_list("digest"):
        yield "archive", f"{digest}.pdf", digest
    for published in Publication.objects.select_related("edition__document"):
        for digest in (
            published.edition.document.digest,
            *(file.digest for file in published.edition.record.files),
        ):
            yield "published", f"{digest}.pdf", digest


def _uploads(owner: psycopg.Connection[Any]) -> Iterator[tuple[str, str, str]]:
    # By their tables, because the confidential room lets no other program in.
    for paper, digest, ending in owner.execute(_UPLOADED).fetchall():
        yield "restricted", f"{digest}-{paper}.{ending}", digest
