"""Making and keeping the sealed documents: restricted until published, found by digest."""

from __future__ import annotations

import hashlib
import logging

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from accounts.models import User
from approvals import documents
from approvals.models import Edition, SealedDocument
from approvals.sealing import SealingError
from decisions.history import record

log = logging.getLogger(__name__)


class DocumentLost(Exception):
    """A sealed document cannot be read back as it was sealed; the message is a sentence."""


def make_document(edition: Edition, by: User) -> SealedDocument:
    """Render and seal an edition, keep the file, and write down its digest.

    Making it again returns the first. Raises SealingError or RenderingError with a sentence when
    it cannot be made; the decision itself stands.
    """
    made = SealedDocument.objects.filter(edition=edition).first()
    if made is not None:
        return made
    pdf = documents.publishable(edition.record)
    digest = hashlib.sha256(pdf).hexdigest()
    _keep("restricted", digest, pdf)
    document, new = SealedDocument.objects.get_or_create(
        edition=edition, defaults={"digest": digest, "size": len(pdf), "made_by": by}
    )
    if new:
        record(edition.paper, "seal", by, edition=edition.number, document=digest)
    return document


def try_to_make_document(edition: Edition, by: User) -> str:
    """Make the document of an edition that stands already; "" when it is made.

    Otherwise the sentence that says why not. Whatever goes wrong here, what was decided stays
    decided, and nobody may be shown a failure in its place; the secretariat makes it again.
    """
    try:
        make_document(edition, by)
    except (SealingError, documents.RenderingError) as refusal:
        return refusal.sentence
    except Exception:  # a signature that stands must not look as if it had failed
        log.exception("The document of %s could not be made", edition)
        return (
            f"The signed document of {edition.paper.reference} could not be made because the "
            "service failed. The decision stands. Try again; if it fails again, tell whoever "
            "runs the service."
        )
    return ""


def read_file(digest: str) -> bytes:
    """A sealed document as it was kept.

    Raises DocumentLost with a sentence when the file is missing or is not what was sealed.
    """
    try:
        with storages["restricted"].open(f"{digest}.pdf") as kept:
            pdf: bytes = kept.read()
    except OSError as error:
        raise DocumentLost(
            "The signed document is not among the files that were kept. "
            "Tell whoever runs the service."
        ) from error
    if hashlib.sha256(pdf).hexdigest() != digest:
        raise DocumentLost(
            "The file of the signed document was changed after it was sealed, so it is not shown. "
            "Tell whoever runs the service."
        )
    return pdf


def publish_file(digest: str) -> None:
    """Copy a sealed document, unchanged, to where the public process may read it.

    Raises DocumentLost with a sentence when the file is missing or is not what was sealed.
    """
    _keep("published", digest, read_file(digest))


def _keep(store: str, digest: str, pdf: bytes) -> None:
    storage, name = storages[store], f"{digest}.pdf"
    if not storage.exists(name):
        storage.save(name, ContentFile(pdf))
