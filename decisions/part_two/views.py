"""The pages of the confidential room. Every look inside is recorded by `room.read`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.models import DutyKind
from decisions.drafting.forms.base import TOKEN
from decisions.drafting.save import Conflict, NotEditable, saving, token_of, why_not_editable
from decisions.drafting.subjects import BY_CODE, PART_TWO
from decisions.drafting.versions import newest_version
from decisions.drafting.views.answers import conflict, kept_theirs, refused, saved
from decisions.lookup import StaffRequest, paper_or_404
from decisions.models import Paper, Reader, Version
from decisions.part_two import room
from decisions.part_two.exemptions import BY_NUMBER
from decisions.part_two.forms import PartTwoForm, ReaderForm, values_of
from decisions.queries import visible_to
from decisions.register.prose import blocks
from decisions.states import State

# Where a paper is signed, or was.
_FROZEN: Final = frozenset({State.ENDORSEMENT, State.DECISION, State.DECIDED})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def part_two(request: StaffRequest, slug: str) -> HttpResponse:
    """Write Part 2 where this person may edit the paper; else read it."""
    paper = paper_or_404(slug, request.user)
    try:
        room.require_clearance(paper, request.user)
        return _inside(request, paper)
    except room.NotCleared as refusal:
        context = {"paper": paper, "sentence": str(refusal)}
        return render(request, "part_two/not_cleared.html", context, status=403)
    except room.DoesNotFit as refusal:
        context = {"paper": paper, "sentence": str(refusal)}
        return render(request, "part_two/does_not_fit.html", context, status=409)


def _inside(request: StaffRequest, paper: Paper) -> HttpResponse:
    refusal = why_not_editable(paper, request.user)
    if request.method == "POST":
        return kept_theirs(request, paper.get_absolute_url()) or _save(request, paper, refusal)
    if not paper.has_part_two:
        context = {"paper": paper, "editable": refusal is None}
        return render(request, "part_two/none.html", context)
    if paper.state in _FROZEN and refusal:
        return _as_frozen(request, paper, refusal)
    token = token_of(paper, PART_TWO)  # before the text is read, never after
    text = room.read(paper, by=request.user)
    if refusal:
        return _reading(request, paper, text, refusal)
    return _page(request, paper, PartTwoForm(initial={**values_of(text), TOKEN: token}), text)


def _as_frozen(request: StaffRequest, paper: Paper, refusal: str) -> HttpResponse:
    """Part 2 as the newest version holds it: what is signed is what is read."""
    version = newest_version(paper)
    frozen = room.read_frozen(version, by=request.user) if version else None
    if frozen is None:
        return render(request, "part_two/none.html", {"paper": paper, "editable": False})
    return _reading(request, paper, frozen.text, refusal, version)


def _save(request: StaffRequest, paper: Paper, refusal: str | None) -> HttpResponse:
    form = PartTwoForm(request.POST)
    if refusal:
        return refused(request, paper, refusal, form.passages(form.typed()))
    if not form.is_valid():
        return _page(request, paper, form, room.read(paper, by=request.user))
    token = form.cleaned_data[TOKEN]
    try:
        with saving(paper.pk, PART_TWO, by=request.user, token=token) as held:
            room.write(held, form.text(), by=request.user)
    except NotEditable as refusal_now:
        return refused(request, paper, str(refusal_now), form.passages(form.cleaned_data))
    except Conflict as clash:
        return _conflict(request, paper, form, clash)
    return saved(request, held, BY_CODE[PART_TWO])


def _conflict(
    request: StaffRequest, paper: Paper, form: PartTwoForm, clash: Conflict
) -> HttpResponse:
    """Both texts side by side; but a second click of the same button was already saved."""
    standing = room.read(paper, by=request.user)
    if replace(standing, files=()) == form.text():
        return saved(request, paper, BY_CODE[PART_TWO])
    theirs = form.passages(values_of(standing))
    mine = form.passages(values_of(form.text()))
    said = {label for label, text in (*theirs, *mine) if text}
    return conflict(
        request,
        paper,
        clash,
        label=BY_CODE[PART_TWO].label,
        theirs=[passage for passage in theirs if passage[0] in said],
        mine=[passage for passage in mine if passage[0] in said],
        form=PartTwoForm(initial={**form.cleaned_data, TOKEN: clash.token}),
        template="part_two/conflict.html",
    )


def _page(
    request: StaffRequest, paper: Paper, form: PartTwoForm, text: room.PartTwoText
) -> HttpResponse:
    context = {
        "paper": paper,
        "form": form,
        "text": text,
        "blocks": blocks(text.body),
        "files": room.files(paper, by=request.user),
    }
    return render(request, "part_two/form.html", context)


def _reading(
    request: StaffRequest,
    paper: Paper,
    text: room.PartTwoText,
    refusal: str,
    version: Version | None = None,
) -> HttpResponse:
    named = {file.digest for file in text.files}
    context: dict[str, Any] = {
        "paper": paper,
        "version": version,
        "text": text,
        "blocks": blocks(text.body),
        "exemptions": [(row, BY_NUMBER.get(row.section)) for row in text.exemptions],
        "closed": refusal,
        "files": [row for row in room.files(paper, by=request.user) if row.digest in named],
    }
    return render(request, "part_two/reading.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def readers(request: StaffRequest, slug: str) -> HttpResponse:
    """Who may read Part 2; the officer and the secretariat let others in, never themselves.

    The page holds names and reasons and not a word of Part 2, so nobody has to be cleared for it.
    """
    paper = paper_or_404(slug, request.user)
    may_add = (
        paper.officer_id == request.user.pk or DutyKind.SECRETARIAT in request.user.duties()
    ) and bool(paper.has_part_two)
    form = None
    if may_add:
        data = request.POST if request.method == "POST" else None
        form = ReaderForm(data, paper=paper, by=request.user)
        if data is not None and form.is_valid():
            return _let_in(request, paper, form)
    context = {"paper": paper, "readers": room.readers(paper), "form": form}
    refused_now = request.method == "POST" and not may_add
    return render(request, "part_two/readers.html", context, status=403 if refused_now else 200)


def _let_in(request: StaffRequest, paper: Paper, form: ReaderForm) -> HttpResponse:
    person = form.cleaned_data["person"]
    room.clear(paper, person, by=request.user, reason=form.cleaned_data["reason"])
    if not visible_to(person).filter(pk=paper.pk).exists():
        Reader.objects.get_or_create(paper=paper, person=person)
    messages.success(request, f"{person.name} may now read Part 2 of {paper.reference}.")
    return redirect("part_two_readers", paper.slug)
