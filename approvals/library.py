"""Making and keeping the sealed documents: restricted until published, found by digest."""

from __future__ import annotations

import errno
import hashlib
from typing import Final

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import transaction

from accounts.models import User
from approvals import documents
from approvals.models import Edition, SealedDocument
from decisions.history import record
from decisions.models import Paper

# What a disk, or a limit on files, says when nothing more fits.
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class DocumentLost(Exception):
    """A sealed document cannot be read back as it was sealed; the message is a sentence."""


class StoreError(Exception):
    """A document was not kept. `sentence` says what happened, why, and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def make_document(edition: Edition, by: User) -> SealedDocument:
    """Render and seal an edition, keep the file, and write down its digest.

    Making it again returns the first. Raises SealingError, RenderingError or StoreError with a
    sentence when it cannot be made; the decision itself stands.
    """
    there = SealedDocument.objects.filter(edition=edition).first()
    if there is not None:
        return there
    made = documents.publishable(edition.record)
    digest = hashlib.sha256(made.pdf).hexdigest()
    keep_file("restricted", digest, made.pdf)
    facts = {
        "digest": digest,
        "size": len(made.pdf),
        "base_size": made.base_size,
        "base_digest": hashlib.sha256(made.pdf[: made.base_size]).hexdigest(),
        "level": made.level,
        "made_with": made.made_with,
        "made_by": by,
    }
    with transaction.atomic():
        document, new = SealedDocument.objects.get_or_create(edition=edition, defaults=facts)
        if new:
            # Named, not read: the worker may read editions and no papers.
            paper = Paper(pk=edition.paper_id)
            record(paper, "seal", by, edition=edition.number, document=digest)
    if not new:  # somebody else made it meanwhile; two seals of one document are never the same
        storages["restricted"].delete(_name(digest))
    return document


def read_file(digest: str) -> bytes:
    """A sealed document as it was kept.

    Raises DocumentLost with a sentence when the file is missing or is not what was sealed.
    """
    try:
        with storages["restricted"].open(_name(digest)) as kept:
            pdf: bytes = kept.read()
    except FileNotFoundError as error:
        raise DocumentLost(
            "The signed document is not among the files that were kept. "
            "Tell whoever runs the service."
        ) from error
    except OSError as error:
        raise DocumentLost(
            "The place where documents are kept did not hand the signed document over. Try again; "
            "if it fails again, tell whoever runs the service."
        ) from error
    if hashlib.sha256(pdf).hexdigest() != digest:
        raise DocumentLost(
            "The file of the signed document was changed after it was sealed, so it is not shown. "
            "Tell whoever runs the service."
        )
    return pdf


def publish_file(digest: str) -> None:
    """Copy a sealed document, unchanged, to where the public process may read it.

    Raises DocumentLost when the file is missing or is not what was sealed, StoreError when the
    copy cannot be kept; each with a sentence.
    """
    keep_file("published", digest, read_file(digest))


def keep_file(store: str, digest: str, pdf: bytes) -> None:
    """Keep a document under its digest, whole or not at all, and read it back to be sure.

    A file of that name that holds something else is half a file of former times and is replaced.
    Raises StoreError with a sentence.
    """
    storage = storages[store]
    try:
        if _holds(storage, digest):
            return
        storage.save(_name(digest), ContentFile(pdf))
        kept = _holds(storage, digest)
    except OSError as error:
        why = (
            "because there is no room left where documents are kept. Whoever runs the service has "
            "to make room."
            if error.errno in _FULL
            else "because the place where documents are kept refused it or did not answer. Tell "
            "whoever runs the service."
        )
        raise StoreError(f"The document was made but not kept, {why}") from error
    if not kept:
        raise StoreError(
            "The document was made, but what was kept of it reads otherwise than what was made. "
            "Tell whoever runs the service: a disk may be failing."
        )


def _holds(storage: Storage, digest: str) -> bool:
    """Whether the store has the document of this digest, read from there. Raises OSError."""
    if not storage.exists(_name(digest)):
        return False
    with storage.open(_name(digest)) as kept:
        return hashlib.sha256(kept.read()).hexdigest() == digest


def _name(digest: str) -> str:
    return f"{digest}.pdf"
