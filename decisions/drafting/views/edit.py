"""Draft one subject of a paper on one page."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from decisions.drafting.forms.base import TOKEN, SubjectForm
from decisions.drafting.forms.subjects import form_for
from decisions.drafting.save import Conflict, NotEditable, saving, token_of, why_not_editable
from decisions.drafting.subjects import BY_CODE, PART_TWO, SECTION, Subject
from decisions.drafting.tasks import with_parts
from decisions.drafting.views import rows
from decisions.drafting.views.answers import conflict, kept_theirs, refused, saved
from decisions.lookup import StaffRequest, paper_or_404
from decisions.models import Paper
from decisions.register.prose import blocks
from decisions.wording import PUBLIC_ACCESS


@require_http_methods(["GET", "HEAD", "POST"])
def save(request: StaffRequest, slug: str, subject: str) -> HttpResponse:
    """The page of one subject: its form, or the list of its rows."""
    paper = paper_or_404(slug, request.user)
    known = subject_or_404(paper, subject)
    if known.code in rows.KINDS:
        return rows.listing(request, paper, known)
    refusal = why_not_editable(paper, request.user)
    if request.method != "POST":
        return refused(request, paper, refusal) if refusal else _blank_page(request, paper, known)
    return kept_theirs(request, paper.get_absolute_url()) or _save(request, paper, known)


def subject_or_404(paper: Paper, code: str) -> Subject:
    """The subject that an address names. Raises Http404 with a sentence for any other."""
    subject = BY_CODE.get(code)
    if subject is None or code == PART_TWO:
        raise Http404(
            f"The form of {paper.reference} has no part “{code[:40]}”. Open the paper and choose "
            "a part from its list."
        )
    return subject


def _blank_page(request: StaffRequest, paper: Paper, subject: Subject) -> HttpResponse:
    token = token_of(paper, subject.code)  # before the text is read, never after
    values = form_for(paper, subject.code).values(paper)
    return _page(request, paper, subject, _unbound(paper, subject, token, values))


def _unbound(paper: Paper, subject: Subject, token: str, values: dict[str, Any]) -> SubjectForm:
    form = form_for(paper, subject.code)
    form.initial = {**values, TOKEN: token}
    return form


def _save(request: StaffRequest, paper: Paper, subject: Subject) -> HttpResponse:
    form = form_for(paper, subject.code, request.POST)
    refusal = why_not_editable(paper, request.user)
    if refusal:
        return refused(request, paper, refusal, form.passages(form.typed()))
    if not form.is_valid():
        return _page(request, paper, subject, form)
    token = form.cleaned_data[TOKEN]
    try:
        with saving(paper.pk, subject.code, by=request.user, token=token) as held:
            form.write(held)
    except NotEditable as refusal_now:
        return refused(request, paper, str(refusal_now), form.passages(form.cleaned_data))
    except Conflict as clash:
        return _conflict(request, slug=paper.slug, subject=subject, form=form, clash=clash)
    return saved(request, held, subject)


def _conflict(
    request: StaffRequest, *, slug: str, subject: Subject, form: SubjectForm, clash: Conflict
) -> HttpResponse:
    """Both texts side by side; but a second click of the same button was already saved."""
    paper = paper_or_404(slug, request.user)
    theirs = form.passages(form.values(paper))
    mine = form.passages(form.cleaned_data)
    if theirs == mine:
        return saved(request, paper, subject)
    combined = _unbound(paper, subject, clash.token, form.cleaned_data)
    return conflict(
        request, paper, clash, label=subject.label, theirs=theirs, mine=mine, form=combined
    )


def _page(request: StaffRequest, paper: Paper, subject: Subject, form: SubjectForm) -> HttpResponse:
    context = {
        "paper": paper,
        "subject": subject,
        "form": form,
        "public_access": PUBLIC_ACCESS if subject.code == "deferral" else "",
        **(_section(paper, subject.code) if subject.code.startswith(SECTION) else {}),
    }
    return render(request, f"decisions/{form.template}", context)


def _section(paper: Paper, code: str) -> dict[str, Any]:
    """The section as it is saved, with the numbers that its paragraphs have now."""
    included = [row for row in with_parts(paper).sections.all() if row.included]
    for number, row in enumerate(included, start=1):
        if row.kind == code.removeprefix(SECTION):
            return {
                "section": row,
                "number": number,
                "blocks": blocks(row.body, section=number),
            }
    return {"section": None, "number": 0, "blocks": []}
