"""The sealed document of an edition, found through the view and never by a path of its own."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.urls import reverse

from decisions.register.conditional import NEVER, answer
from decisions.register.ranges import NotSatisfiable, Reading, wanted
from decisions.register.record import Record
from decisions.register.stored import CHUNK, open_published
from decisions.register.views.decision import content_of, editions_of, pick, to_slug
from decisions.register.views.errors import NotThere, unavailable

if TYPE_CHECKING:
    from typing import IO

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from decisions.register.models import Decision


@dataclass(frozen=True)
class _Pdf:
    """A published file: SHA-256 in hexadecimal, bytes, and a name to keep it under."""

    digest: str
    size: int
    name: str


def decision_pdf(request: HttpRequest, reference: str) -> HttpResponseBase:
    """The sealed document of the current edition."""
    return to_slug(reference, "decision_pdf") or _send(request, reference, None)


def edition_pdf(request: HttpRequest, reference: str, number: int) -> HttpResponseBase:
    """The sealed document of one edition."""
    return to_slug(reference, "edition_pdf", number) or _send(request, reference, number)


def _send(request: HttpRequest, reference: str, number: int | None) -> HttpResponseBase:
    row = pick(editions_of(reference), number)
    wanted_file = _Pdf(digest=row.pdf_digest, size=row.pdf_size, name=_file_name(row))
    return _send_file(request, wanted_file)


def supporting_file(request: HttpRequest, reference: str, digest: str) -> HttpResponseBase:
    """A file that an edition which is due names among its supporting documents."""
    moved = to_slug(reference, "supporting_file", digest)
    return moved or _send_file(request, _supporting(reference, digest))


def _supporting(reference: str, digest: str) -> _Pdf:
    """The file of that digest. Raises NotThere unless an edition that is due names it."""
    editions = editions_of(reference)
    for row in editions:
        for file in Record.from_json(content_of(row)).files:
            if file.digest == digest:
                name = f"{row.slug.upper()}-{digest[:8]}.pdf"
                return _Pdf(digest=digest, size=file.size, name=name)
    raise NotThere(
        f"{editions[0].reference} has no such document in this register.",
        link=reverse("decision", args=(editions[0].slug,)),
        link_text=f"Read {editions[0].reference}",
        words=editions[0].reference,
    )


def _send_file(request: HttpRequest, pdf: _Pdf) -> HttpResponseBase:
    file = open_published(pdf.digest)
    if file is None:
        return unavailable(request)
    tag = f'"{pdf.digest}"'
    sent: list[HttpResponseBase] = []

    def build() -> HttpResponseBase:
        sent.append(_part_or_whole(request, pdf, tag, file))
        return sent[0]

    response = answer(request, tag, build)
    if response not in sent:
        file.close()
    if response.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        # A shared cache must not hand it to somebody who asks for the whole document.
        response["Cache-Control"] = NEVER
    return response


def _part_or_whole(request: HttpRequest, pdf: _Pdf, tag: str, file: IO[bytes]) -> HttpResponseBase:
    headers = {"Accept-Ranges": "bytes"}
    try:
        part = wanted(request, tag, pdf.size)
    except NotSatisfiable:
        file.close()
        return HttpResponse(
            "The document is shorter than that.\n",
            content_type="text/plain; charset=utf-8",
            status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
            headers={"Accept-Ranges": "bytes", "Content-Range": f"bytes */{pdf.size}"},
        )
    if part is None:
        headers["Content-Length"] = str(pdf.size)
        return FileResponse(
            file, filename=pdf.name, content_type="application/pdf", headers=headers
        )
    headers |= {
        "Content-Disposition": f'inline; filename="{pdf.name}"',
        "Content-Length": str(part.length),
        "Content-Range": part.header,
    }
    return StreamingHttpResponse(
        Reading(file, part, CHUNK),
        content_type="application/pdf",
        status=HTTPStatus.PARTIAL_CONTENT,
        headers=headers,
    )


def _file_name(row: Decision) -> str:
    """A name to keep the file under: PCD-1828-decision.pdf, with the edition if it is a later one.

    Made from the slug, which holds letters, digits and hyphens alone.
    """
    edition = f"-edition-{row.edition}" if row.edition > 1 else ""
    return f"{row.slug.upper()}-decision{edition}.pdf"
