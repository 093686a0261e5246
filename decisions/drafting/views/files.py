"""The files of a paper: see them, add one, open one, take one away."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import DutyKind
from decisions.drafting import files as papers_files
from decisions.drafting.forms.files import CONFIDENTIAL, FileForm
from decisions.drafting.save import NotEditable, why_not_editable
from decisions.drafting.subjects import FILES, after
from decisions.drafting.views.answers import refused
from decisions.lookup import StaffRequest, paper_or_404
from decisions.models import Paper, SupportingFile
from decisions.part_two import room
from decisions.uploads import Unfit, store
from decisions.uploads.apart import NotLookedInto
from decisions.uploads.store import NotKept

_TYPES: Final = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# What is opened from here runs nothing, fetches nothing and knows of no sign-in.
_SANDBOX: Final = "sandbox; default-src 'none'"


@require_safe
def files(request: StaffRequest, slug: str) -> HttpResponse:
    """The files for the public, with how far each is, for everybody who may see the paper."""
    paper = paper_or_404(slug, request.user)
    rows = list(paper.files.select_related("added_by", "paper"))
    following = after(paper, FILES)
    looks = bool(request.user.duties() & {DutyKind.SECRETARIAT, DutyKind.HEAD_OF_SERVICE})
    context = {
        "paper": paper,
        "files": [
            (
                row,
                list(papers_files.approvals_of(row)),
                looks and request.user.pk not in {row.added_by_id, paper.officer_id},
            )
            for row in rows
        ],
        "editable": why_not_editable(paper, request.user) is None,
        "cleared": bool(paper.has_part_two) and room.is_cleared(paper, request.user),
        "following": following.address(paper) if following else "",
    }
    return render(request, "decisions/files.html", context)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def file_add(request: StaffRequest, slug: str) -> HttpResponse:
    """Add one file. A refusal stands beside the field, and what was typed stays."""
    paper = paper_or_404(slug, request.user)
    known: dict[str, Any] = {"paper": paper, "cleared": room.is_cleared(paper, request.user)}
    form = FileForm(**known)
    if request.method == "POST":
        form = FileForm(request.POST, request.FILES, **known)
    refusal = why_not_editable(paper, request.user)
    if refusal:
        return refused(request, paper, refusal, [("Title", request.POST.get("title", "").strip())])
    if request.method == "POST" and form.is_valid():
        try:
            _add(paper, form, request)
        except NotEditable as refusal_now:
            title = form.cleaned_data["title"]
            return refused(request, paper, str(refusal_now), [("Title", title)])
        except (Unfit, papers_files.Unwanted, NotLookedInto, NotKept) as no:
            form.add_error("file", str(no))
        else:
            confidential = form.cleaned_data["audience"] == CONFIDENTIAL
            messages.success(request, "The file was uploaded.")
            return redirect("part_two" if confidential else "files", paper.slug)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "decisions/file_add.html", {"paper": paper, "form": form}, status=status)


def _add(paper: Paper, form: FileForm, request: StaffRequest) -> None:
    said = form.cleaned_data
    handed_in: UploadedFile[bytes] = said["file"]
    add = (
        papers_files.add_confidential_file
        if said["audience"] == CONFIDENTIAL
        else papers_files.add_public_file
    )
    name = handed_in.name or ""
    add(paper, title=said["title"], name=name, file=handed_in.read(), by=request.user)


@require_safe
def file(request: StaffRequest, slug: str, pk: int) -> HttpResponse:
    """A file as it was handed in."""
    row = _row(paper_or_404(slug, request.user), pk)
    return _send(request, row.paper, row.digest, row.name)


@require_safe
def file_public(request: StaffRequest, slug: str, pk: int) -> HttpResponse:
    """The same as the public would have it."""
    row = _row(paper_or_404(slug, request.user), pk)
    return _send(request, row.paper, row.public_digest, f"{row.paper.slug}-{row.pk}-public.pdf")


@require_http_methods(["GET", "HEAD", "POST"])
def file_remove(request: StaffRequest, slug: str, pk: int) -> HttpResponse:
    """Ask first, then take the file away."""
    paper = paper_or_404(slug, request.user)
    refusal = why_not_editable(paper, request.user)
    if refusal:
        return refused(request, paper, refusal)
    row = _row(paper, pk)
    if request.method == "POST":
        try:
            papers_files.remove_public_file(paper, pk, by=request.user)
        except NotEditable as refusal_now:
            return refused(request, paper, str(refusal_now))
        messages.success(request, f"“{row.title}” was removed.")
        return redirect("files", paper.slug)
    context = {"paper": paper, "file": row, "back": "files"}
    return render(request, "decisions/file_remove.html", context)


@never_cache
@require_safe
def part_two_file(request: StaffRequest, slug: str, pk: int) -> HttpResponse:
    """A confidential file, for who is cleared. That it was opened is recorded."""
    paper = paper_or_404(slug, request.user)
    try:
        row = room.open_file(paper, pk, by=request.user)
    except room.NotCleared as refusal:
        return _not_cleared(request, paper, refusal)
    if row is None:
        raise Http404(f"There is no such file on {paper.reference}.")
    return _send(request, paper, row.digest, row.name)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def part_two_file_remove(request: StaffRequest, slug: str, pk: int) -> HttpResponse:
    """Ask first, then take a confidential file away."""
    paper = paper_or_404(slug, request.user)
    try:
        rows = {row.pk: row for row in room.files(paper, by=request.user)}
    except room.NotCleared as refusal:
        return _not_cleared(request, paper, refusal)
    refusal_here = why_not_editable(paper, request.user)
    if refusal_here:
        return refused(request, paper, refusal_here)
    if pk not in rows:
        raise Http404(f"There is no such file on {paper.reference}.")
    if request.method == "POST":
        try:
            papers_files.remove_confidential_file(paper, pk, by=request.user)
        except NotEditable as refusal_now:
            return refused(request, paper, str(refusal_now))
        messages.success(request, "The file was removed.")
        return redirect("part_two", paper.slug)
    context = {"paper": paper, "file": rows[pk], "back": "part_two"}
    return render(request, "decisions/file_remove.html", context)


def _row(paper: Paper, pk: int) -> SupportingFile:
    row = paper.files.select_related("paper").filter(pk=pk).first()
    if row is None:
        raise Http404(
            f"There is no such file on {paper.reference}. Open the paper to see which there are."
        )
    return row


def _not_cleared(request: StaffRequest, paper: Paper, refusal: room.NotCleared) -> HttpResponse:
    context = {"paper": paper, "sentence": str(refusal)}
    return render(request, "part_two/not_cleared.html", context, status=HTTPStatus.FORBIDDEN)


def _send(request: StaffRequest, paper: Paper, digest: str, name: str) -> HttpResponse:
    """A file to save, never to show: whoever gets here may have it, and nobody has a copy of it."""
    ending = name.rpartition(".")[2]
    try:
        content = store.read(paper.pk, digest, ending)
    except NotKept as lost:
        context = {"paper": paper, "sentence": str(lost)}
        return render(request, "decisions/file_lost.html", context, status=500)
    return HttpResponse(
        content,
        content_type=_TYPES[ending],
        headers={
            "Content-Disposition": content_disposition_header(as_attachment=True, filename=name)
            or "attachment",
            "Content-Security-Policy": _SANDBOX,
            "X-Content-Type-Options": "nosniff",
        },
    )
