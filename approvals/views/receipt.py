"""The receipt: what the reader signed last on a paper, when, and on which digest."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from approvals.jobs import progress_of
from approvals.models import Act, Signature
from approvals.views.verb import case_of


@require_safe
def receipt(request: HttpRequest, slug: str) -> HttpResponse:
    """The reader's newest signature on this paper, as it is kept."""
    case = case_of(request, slug)
    signature = (
        Signature.objects.filter(paper=case.paper, signer=case.person)
        .select_related("version", "office")
        .prefetch_related("outcomes")
        .order_by("-signed_at", "-pk")
        .first()
    )
    if signature is None:
        raise Http404(f"You have not signed {case.paper.reference}, so there is no receipt.")
    edition = signature.editions.filter(number=1).select_related("document").first()
    context = {
        "case": case,
        "paper": case.paper,
        "signature": signature,
        "decided": signature.act == Act.DECIDE,
        "outcomes": edition.record.recommendations if edition else (),
        "document": getattr(edition, "document", None),
        "progress": progress_of([edition.pk])[edition.pk] if edition else None,
    }
    return render(request, "approvals/receipt.html", context)
