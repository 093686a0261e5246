"""Making and keeping the sealed documents: restricted until published, found by digest."""

from __future__ import annotations

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from accounts.models import User
from approvals import documents
from approvals.models import Edition, SealedDocument
from decisions.history import record


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


def publish_file(digest: str) -> None:
    """Copy a sealed document, unchanged, to where the public process may read it."""
    with storages["restricted"].open(f"{digest}.pdf") as kept:
        pdf = kept.read()
    if hashlib.sha256(pdf).hexdigest() != digest:
        raise ValueError(f"The document {digest} was changed after it was sealed.")
    _keep("published", digest, pdf)


def _keep(store: str, digest: str, pdf: bytes) -> None:
    storage, name = storages[store], f"{digest}.pdf"
    if not storage.exists(name):
        storage.save(name, ContentFile(pdf))
