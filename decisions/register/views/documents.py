"""The sealed document of an edition, found through the view and never by a path of its own."""

from __future__ import annotations

import hashlib
import logging
from typing import TYPE_CHECKING

from django.core.files.storage import storages
from django.http import HttpResponse

from decisions.register.conditional import answer
from decisions.register.views.decision import editions_of, pick, to_slug
from decisions.register.views.errors import unavailable

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from decisions.register.models import Decision

logger = logging.getLogger(__name__)


def decision_pdf(request: HttpRequest, reference: str) -> HttpResponseBase:
    """The sealed document of the current edition."""
    return to_slug(reference, "decision_pdf") or _send(request, reference, None)


def edition_pdf(request: HttpRequest, reference: str, number: int) -> HttpResponseBase:
    """The sealed document of one edition."""
    return to_slug(reference, "edition_pdf", number) or _send(request, reference, number)


def _send(request: HttpRequest, reference: str, number: int | None) -> HttpResponseBase:
    row = pick(editions_of(reference), number)
    pdf = _read(row)
    if pdf is None:
        return unavailable(request)

    def build() -> HttpResponse:
        return HttpResponse(
            pdf,
            content_type="application/pdf",
            headers={
                "Content-Disposition": f'inline; filename="{_file_name(row)}"',
                "Accept-Ranges": "none",
            },
        )

    return answer(request, f'"{row.pdf_digest}"', build)


def _read(row: Decision) -> bytes | None:
    """The file's bytes, or None when it is missing or is not the one that was sealed."""
    try:
        with storages["published"].open(f"{row.pdf_digest}.pdf") as file:
            pdf: bytes = file.read()
    except OSError:
        logger.exception("The sealed document of %s cannot be read.", row)
        return None
    if hashlib.sha256(pdf).hexdigest() != row.pdf_digest:
        logger.critical("The sealed document of %s is not the one that was sealed.", row)
        return None
    return pdf


def _file_name(row: Decision) -> str:
    """A name to keep the file under: PCD-1828-decision.pdf, with the edition if it is a later one.

    Made from the slug, which holds letters, digits and hyphens alone.
    """
    edition = f"-edition-{row.edition}" if row.edition > 1 else ""
    return f"{row.slug.upper()}-decision{edition}.pdf"
