"""The sealed document of an edition, found through the view and never by a path of its own."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import FileResponse, HttpResponse, StreamingHttpResponse

from decisions.register.conditional import NEVER, answer
from decisions.register.ranges import NotSatisfiable, Reading, wanted
from decisions.register.stored import CHUNK, open_published
from decisions.register.views.decision import editions_of, pick, to_slug
from decisions.register.views.errors import unavailable

if TYPE_CHECKING:
    from typing import IO

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from decisions.register.models import Decision


def decision_pdf(request: HttpRequest, reference: str) -> HttpResponseBase:
    """The sealed document of the current edition."""
    return to_slug(reference, "decision_pdf") or _send(request, reference, None)


def edition_pdf(request: HttpRequest, reference: str, number: int) -> HttpResponseBase:
    """The sealed document of one edition."""
    return to_slug(reference, "edition_pdf", number) or _send(request, reference, number)


def _send(request: HttpRequest, reference: str, number: int | None) -> HttpResponseBase:
    row = pick(editions_of(reference), number)
    file = open_published(row.pdf_digest)
    if file is None:
        return unavailable(request)
    tag = f'"{row.pdf_digest}"'
    sent: list[HttpResponseBase] = []

    def build() -> HttpResponseBase:
        sent.append(_part_or_whole(request, row, tag, file))
        return sent[0]

    response = answer(request, tag, build)
    if response not in sent:
        file.close()
    if response.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        # A shared cache must not hand it to somebody who asks for the whole document.
        response["Cache-Control"] = NEVER
    return response


def _part_or_whole(
    request: HttpRequest, row: Decision, tag: str, file: IO[bytes]
) -> HttpResponseBase:
    headers = {"Accept-Ranges": "bytes"}
    try:
        part = wanted(request, tag, row.pdf_size)
    except NotSatisfiable:
        file.close()
        return HttpResponse(
            "The document is shorter than that.\n",
            content_type="text/plain; charset=utf-8",
            status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
            headers={"Accept-Ranges": "bytes", "Content-Range": f"bytes */{row.pdf_size}"},
        )
    if part is None:
        headers["Content-Length"] = str(row.pdf_size)
        return FileResponse(
            file, filename=_file_name(row), content_type="application/pdf", headers=headers
        )
    headers |= {
        "Content-Disposition": f'inline; filename="{_file_name(row)}"',
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
