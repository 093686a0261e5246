"""The restricted document of a decided paper: made on request, handed over, kept nowhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from approvals.documents import RenderingError
from approvals.restricted import NotCleared, make_restricted_document
from approvals.sealing import SealingError
from approvals.views.verb import case_of


@require_POST
def restricted_document(request: HttpRequest, slug: str) -> HttpResponse:
    """Part 2 as it was signed, as a sealed file for the reader alone, or the sentence why not."""
    case = case_of(request, slug)
    try:
        pdf = make_restricted_document(case.paper, by=case.person)
    except NotCleared as refusal:
        context = {"paper": case.paper, "sentence": str(refusal)}
        return render(request, "part_two/not_cleared.html", context, status=403)
    except (RenderingError, SealingError) as refusal:
        context = {"paper": case.paper, "sentence": refusal.sentence}
        return render(request, "approvals/no_document.html", context, status=409)
    name = f"{case.paper.slug}-part-2-restricted.pdf"
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
