"""Look at a file as the public would have it, and let it be published."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from approvals.actions import Refused
from approvals.actions.approve_file import approve_file as approve
from approvals.forms.approve_file import ApproveFileForm
from approvals.public_files import why_cannot_approve
from approvals.views.verb import case_of
from decisions.models import SupportingFile


@require_http_methods(["GET", "HEAD", "POST"])
def approve_file(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The rewritten file, what was taken out, and one question."""
    case = case_of(request, slug)
    file = case.paper.files.select_related("paper", "added_by").filter(pk=pk).first()
    if file is None:
        raise Http404(
            f"There is no such file on {case.paper.reference}. Open the paper to see which there "
            "are."
        )
    refusal = why_cannot_approve(file, case.person)
    if refusal:
        return _page(request, file, status=403, closed=refusal)
    form = ApproveFileForm(request.POST if request.method == "POST" else None, file=file)
    if not form.is_bound:
        return _page(request, file, form=form)
    if not form.is_valid():
        return _page(request, file, status=422, form=form)
    try:
        approve(case.paper.pk, file.pk, by=case.person, digest=form.cleaned_data["digest"])
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return _page(request, file, status=409, form=form)
    messages.success(request, f"“{file.title}” may be published with the decision.")
    return redirect("files", slug)


def _page(
    request: HttpRequest, file: SupportingFile, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"paper": file.paper, "file": file, "form": None, "closed": "", **more}
    return render(request, "approvals/approve_file.html", context, status=status)
