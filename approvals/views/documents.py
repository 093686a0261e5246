"""The documents of a paper: the draft, the signed one, and making the signed one again."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from accounts.models import DutyKind
from approvals import documents
from approvals.jobs import ask_for_document
from approvals.library import DocumentLost, read_file
from approvals.models import Edition
from approvals.views.verb import case_of
from decisions.drafting.versions import record_of


@require_safe
@xframe_options_sameorigin
def preview_document(request: HttpRequest, slug: str) -> HttpResponse:
    """The paper as it stands now, as a document marked as a draft."""
    case = case_of(request, slug)
    record = case.edition.record if case.edition else record_of(case.paper)
    try:
        pdf = documents.render(record, draft=True)
    except documents.RenderingError as refusal:
        context = {"paper": case.paper, "sentence": refusal.sentence}
        return render(request, "approvals/no_document.html", context, status=409)
    return _pdf(pdf, f"{case.paper.slug}-draft.pdf")


@require_safe
@xframe_options_sameorigin
def signed_document(request: HttpRequest, slug: str) -> HttpResponse:
    """The sealed document of the newest edition, or of the edition that `?edition=` names."""
    case = case_of(request, slug)
    editions = Edition.objects.filter(paper=case.paper, document__isnull=False)
    wanted = request.GET.get("edition", "")
    if wanted.isdecimal():
        editions = editions.filter(number=int(wanted[:9]))
    edition = editions.select_related("document").order_by("-number").first()
    if edition is None:
        raise Http404(
            f"There is no signed document of {case.paper.reference} here. It is made when the "
            "paper is decided."
        )
    try:
        pdf = read_file(edition.document.digest)
    except DocumentLost as lost:
        context = {"paper": case.paper, "sentence": str(lost)}
        return render(request, "approvals/no_document.html", context, status=500)
    return _pdf(pdf, f"{case.paper.slug}-edition-{edition.number}.pdf", "download" in request.GET)


@require_POST
def document(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for the signed document of the newest edition where it is still missing."""
    case = case_of(request, slug)
    if DutyKind.SECRETARIAT not in case.person.duties():
        messages.warning(request, "Only the secretariat makes signed documents. Nothing was done.")
    elif case.edition is None:
        messages.warning(request, f"{case.paper.reference} is not decided. Nothing was done.")
    elif hasattr(case.edition, "document"):
        messages.success(request, f"The signed document of {case.paper.reference} is made.")
    else:
        ask_for_document(case.edition, case.person)
        messages.success(request, f"The signed document of {case.paper.reference} is being made.")
    return redirect("paper", slug=slug)


def _pdf(pdf: bytes, name: str, download: bool = False) -> HttpResponse:  # noqa: FBT001, FBT002 - one caller, named there
    kind = "attachment" if download else "inline"
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'{kind}; filename="{name}"'},
    )
