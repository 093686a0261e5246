"""Keeping uploads: in the restricted store, by digest and paper, where no web server looks.

Each paper has its own copy, so that what is taken from one paper is never missing on another.
"""

from __future__ import annotations

import contextlib
import hashlib
from typing import Final

from django.core.files.base import ContentFile
from django.core.files.storage import storages

_STORE: Final = "restricted"
_NOT_KEPT: Final = (
    "The file could not be kept, because the place where documents are kept is full, refused it or "
    "did not answer. Nothing was changed. Tell whoever runs the service."
)


class NotKept(Exception):
    """A file was not kept, or cannot be read back; the message says why and what to do."""


def keep(paper_id: int, digest: str, ending: str, file: bytes) -> None:
    """Keep a file whole, and read it back to be sure. Raises NotKept with a sentence."""
    name, storage = _name(paper_id, digest, ending), storages[_STORE]
    try:
        if not _holds(name, digest):
            storage.save(name, ContentFile(file))
        kept = _holds(name, digest)
    except OSError as error:
        raise NotKept(_NOT_KEPT) from error
    if not kept:
        raise NotKept(_NOT_KEPT)


def read(paper_id: int, digest: str, ending: str) -> bytes:
    """A file as it was kept. Raises NotKept with a sentence when it is lost or was changed."""
    try:
        with storages[_STORE].open(_name(paper_id, digest, ending)) as kept:
            file: bytes = kept.read()
    except OSError as error:
        raise NotKept(
            "The file is not among those that were kept, or the place where they are kept did not "
            "hand it over. Try again; if it fails again, tell whoever runs the service."
        ) from error
    if hashlib.sha256(file).hexdigest() != digest:
        raise NotKept(
            "The file was changed after it was uploaded, so it is not shown. Tell whoever runs the "
            "service."
        )
    return file


def forget(paper_id: int, digest: str, ending: str) -> None:
    """Take a file away that nothing names any more. A store that refuses keeps it."""
    with contextlib.suppress(OSError):
        storages[_STORE].delete(_name(paper_id, digest, ending))


def _holds(name: str, digest: str) -> bool:
    if not storages[_STORE].exists(name):
        return False
    with storages[_STORE].open(name) as kept:
        return hashlib.sha256(kept.read()).hexdigest() == digest


def _name(paper_id: int, digest: str, ending: str) -> str:
    return f"{digest}-{paper_id}.{ending}"
