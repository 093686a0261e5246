"""Check a document: hand in a PDF, or give a reference and a digest.

The only address of the public process that takes anything in. It keeps nothing and logs nothing
of what it was given.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from cryptography.hazmat.primitives import serialization
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from decisions.register.conditional import NEVER, answer, entity_tag
from decisions.register.verify import answers, upload
from decisions.register.verify.apart import LARGEST
from decisions.register.verify.trust import CannotJudge, trusted
from decisions.register.views.errors import NotThere

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

# What a person types or a code holds; anything longer is neither a reference nor a digest.
LONGEST: Final = 300


def verify(request: HttpRequest) -> HttpResponse:
    """The page, with its answer when a document was handed in or a digest was asked about."""
    if request.method == "POST":
        return _hand_in(request)
    question = answers.Question(
        reference=request.GET.get("reference", "").strip()[:LONGEST],
        digest=request.GET.get("digest", "").strip()[:LONGEST],
    )
    if not question.is_asked:
        return _page(request, question=question)
    if question.faults:
        return _page(
            request, question=question, faults=question.faults, status=HTTPStatus.BAD_REQUEST
        )
    return _page(request, question=question, answer=answers.for_digest(question))


def certificates(request: HttpRequest) -> HttpResponseBase:
    """The certificates of the seal, so that anybody can check a document without this service."""
    try:
        found = trusted().seals
    except CannotJudge:
        raise NotThere("The certificates of the seal cannot be given out at the moment.") from None
    pem = b"".join(one.public_bytes(serialization.Encoding.PEM) for one in found)

    def build() -> HttpResponse:
        return HttpResponse(
            pem,
            content_type="application/x-pem-file",
            headers={"Content-Disposition": 'attachment; filename="seal-certificates.pem"'},
        )

    return answer(request, entity_tag("certificates", pem.decode()), build)


def _hand_in(request: HttpRequest) -> HttpResponse:
    try:
        with upload.place():
            pdf = upload.take(request)
            with upload.turn():
                said = answers.for_file(pdf)
    except upload.NotTaken as refusal:
        response = _page(request, faults={upload.FIELD: refusal.sentence}, status=refusal.status)
        if refusal.status == HTTPStatus.SERVICE_UNAVAILABLE:
            response["Retry-After"] = "60"
        return response
    return _page(request, answer=said)


def _page(
    request: HttpRequest,
    *,
    question: answers.Question | None = None,
    answer: answers.Answer | None = None,
    faults: dict[str, str] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    sample = answer.row.sample if answer and answer.row else settings.SAMPLE_DATA
    context: dict[str, Any] = {
        "question": question or answers.Question(),
        "answer": answer,
        "by_file": request.method == "POST",
        "faults": faults or {},
        "largest": LARGEST,
        "register": settings.PUBLIC_URL,
        "sample_data": sample,
    }
    response = render(request, "register/verify.html", context, status=status)
    response["Cache-Control"] = NEVER
    return response
