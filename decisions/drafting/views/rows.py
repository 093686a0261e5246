"""Subjects that are lists: see the rows, add one, change one, remove one, move one up or down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.db.models import Max, Model
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from decisions.drafting.forms.base import TOKEN
from decisions.drafting.forms.rows import (
    DocumentForm,
    FundingForm,
    RecommendationForm,
    ReferenceForm,
    RowForm,
)
from decisions.drafting.save import (
    ROWS,
    Conflict,
    NotEditable,
    saving,
    token_of,
    why_not_editable,
)
from decisions.drafting.subjects import BY_CODE, Subject, after
from decisions.drafting.versions import record_of
from decisions.drafting.views.answers import conflict, kept_theirs, refused
from decisions.lookup import StaffRequest, paper_or_404
from decisions.models import Paper

KINDS: Final[dict[str, type[RowForm]]] = {
    "recommendations": RecommendationForm,
    "funding": FundingForm,
    "background-papers": ReferenceForm,
    "supporting-documents": DocumentForm,
}
# How often an addition is tried again when others save the same list in the same moment.
_TRIES: Final = 5


@dataclass(frozen=True)
class Desk:
    """What every page of a list needs: the paper, the subject, its form and its rows."""

    request: StaffRequest
    paper: Paper
    subject: Subject

    @property
    def form_class(self) -> type[RowForm]:
        """The form of one row."""
        return KINDS[self.subject.code]

    @property
    def rows(self) -> Any:
        """The rows' manager."""
        return getattr(self.paper, ROWS[self.subject.code])

    @property
    def address(self) -> str:
        """The page of the list."""
        return self.subject.address(self.paper)

    def unbound(self, token: str, values: dict[str, Any]) -> RowForm:
        """An empty form or one that begins with these values."""
        return self.form_class(initial={**values, TOKEN: token})

    def values(self, row: Model) -> dict[str, Any]:
        """A row as values of its form."""
        return {name: getattr(row, name) for name in self.form_class().columns()}

    def page(self, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """A page of this list."""
        known = {"paper": self.paper, "subject": self.subject, "one": self.form_class.one}
        return render(
            self.request,
            f"decisions/{template}",
            {**known, "back": self.address, **context},
            status=status,
        )

    def to_list(self, sentence: str, level: Callable[..., None]) -> HttpResponseRedirect:
        """Back to the list, with a sentence above it."""
        level(self.request, sentence)
        return redirect(self.address)


def listing(request: StaffRequest, paper: Paper, subject: Subject) -> HttpResponse:
    """The rows in order, with what can be done to each."""
    desk = Desk(request, paper, subject)
    refusal = why_not_editable(paper, request.user)
    if refusal:
        return refused(request, paper, refusal)
    following = after(paper, subject.code)
    return desk.page(
        "rows.html",
        token=token_of(paper, subject.code),
        rows=list(desk.rows.all()),
        record=record_of(paper) if subject.code == "funding" else None,
        following=following.address(paper) if following else "",
        back=reverse("paper", args=[paper.slug]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def row_add(request: StaffRequest, slug: str, subject: str) -> HttpResponse:
    """Add a row at the end. Adding overwrites nothing, so it never meets a conflict."""
    desk = _desk(request, slug, subject)
    form = desk.form_class(request.POST) if request.method == "POST" else None
    refusal = why_not_editable(desk.paper, request.user)
    if refusal:
        return refused(request, desk.paper, refusal, form.passages(form.typed()) if form else ())
    if form is None:
        return desk.page("row.html", form=desk.unbound(token_of(desk.paper, subject), {}), new=True)
    if not form.is_valid():
        return desk.page("row.html", form=form, new=True)
    try:
        _add(desk, form)
    except NotEditable as refusal_now:
        return refused(request, desk.paper, str(refusal_now), form.passages(form.cleaned_data))
    except Conflict as clash:
        form.add_error(None, f"{clash.by} is saving the same list right now. Save yours again.")
        return desk.page("row.html", form=form, new=True, status=409)
    return _saved_row(desk, "added")


def _add(desk: Desk, form: RowForm) -> None:
    """Add the row to whatever the list is by now; a second click finds its row already there.

    Raises Conflict when somebody else was quicker every time.
    """
    token = form.cleaned_data[TOKEN]
    for attempt in range(_TRIES):
        try:
            with saving(
                desk.paper.pk, desk.subject.code, by=desk.request.user, token=token
            ) as held:
                _append(held, desk.subject.code, form.row())
        except Conflict as clash:
            if desk.rows.filter(**form.row()).exists():
                return
            if attempt == _TRIES - 1:
                raise
            token = clash.token
        else:
            return


def _append(paper: Paper, code: str, row: dict[str, Any]) -> None:
    manager = getattr(paper, ROWS[code])
    last = manager.aggregate(last=Max("position"))["last"] or 0
    manager.create(position=last + 1, **row)


@require_http_methods(["GET", "HEAD", "POST"])
def row(request: StaffRequest, slug: str, subject: str, pk: int) -> HttpResponse:
    """Change one row."""
    desk = _desk(request, slug, subject)
    form = desk.form_class(request.POST) if request.method == "POST" else None
    refusal = why_not_editable(desk.paper, request.user)
    if refusal:
        return refused(request, desk.paper, refusal, form.passages(form.typed()) if form else ())
    if form is not None:
        return kept_theirs(request, desk.address) or _change(desk, pk, form)
    token = token_of(desk.paper, subject, pk)  # before the text is read, never after
    standing = desk.rows.filter(pk=pk).first()
    if standing is None:
        return _gone(desk)
    return desk.page("row.html", form=desk.unbound(token, desk.values(standing)), new=False)


def _change(desk: Desk, pk: int, form: RowForm) -> HttpResponse:
    if not form.is_valid():
        return desk.page("row.html", form=form, new=False)
    code, token = desk.subject.code, form.cleaned_data[TOKEN]
    try:
        with saving(desk.paper.pk, code, by=desk.request.user, token=token, row=pk) as held:
            if not getattr(held, ROWS[code]).filter(pk=pk).update(**form.row()):
                _append(held, code, form.row())
    except NotEditable as refusal:
        mine = form.passages(form.cleaned_data)
        return refused(desk.request, desk.paper, str(refusal), mine)
    except Conflict as clash:
        return _conflict(desk, pk, form, clash)
    return _saved_row(desk, "saved")


def _conflict(desk: Desk, pk: int, form: RowForm, clash: Conflict) -> HttpResponse:
    """Both rows side by side; but a second click of the same button was already saved."""
    standing = desk.rows.filter(pk=pk).first()
    mine = form.passages(form.cleaned_data)
    theirs = form.passages(desk.values(standing)) if standing else []
    if theirs == mine:
        return _saved_row(desk, "saved")
    return conflict(
        desk.request,
        desk.paper,
        clash,
        label=desk.subject.label,
        theirs=theirs,
        mine=mine,
        form=desk.unbound(clash.token, form.row()),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def row_remove(request: StaffRequest, slug: str, subject: str, pk: int) -> HttpResponse:
    """Ask first, then remove the row that was shown: one that changed meanwhile is shown again."""
    desk = _desk(request, slug, subject)
    refusal = why_not_editable(desk.paper, request.user)
    if refusal:
        return refused(request, desk.paper, refusal)
    code, sentence = desk.subject.code, ""
    if request.method == "POST":
        token = request.POST.get(TOKEN, "")
        try:
            with saving(desk.paper.pk, code, by=request.user, token=token, row=pk) as held:
                getattr(held, ROWS[code]).filter(pk=pk).delete()
        except NotEditable as refusal_now:
            return refused(request, desk.paper, str(refusal_now))
        except Conflict as clash:
            sentence = (
                f"{clash.by} changed this {desk.form_class.one} after you opened it, so it was not "
                "removed. It is shown as it stands now."
            )
        else:
            return desk.to_list(f"The {desk.form_class.one} was removed.", messages.success)
    token = token_of(desk.paper, code, pk)
    standing = desk.rows.filter(pk=pk).first()
    if standing is None:
        return _gone(desk)
    passages = [
        (label, text) for label, text in desk.form_class().passages(desk.values(standing)) if text
    ]
    return desk.page(
        "row_remove.html",
        status=409 if sentence else 200,
        token=token,
        passages=passages,
        sentence=sentence,
    )


@require_POST
def row_move(request: StaffRequest, slug: str, subject: str, pk: int) -> HttpResponse:
    """Move a row one place up or down in the list that was shown."""
    desk = _desk(request, slug, subject)
    step = {"up": -1, "down": 1}.get(request.POST.get("direction", ""))
    if step is None:
        return desk.to_list("Choose “Move up” or “Move down”. Nothing was moved.", messages.info)
    token = request.POST.get(TOKEN, "")
    try:
        with saving(desk.paper.pk, desk.subject.code, by=request.user, token=token) as held:
            _move(held, desk.subject.code, pk, step)
    except NotEditable as refusal:
        return refused(request, desk.paper, str(refusal))
    except Conflict:
        sentence = "The list changed after you opened it, so nothing was moved. Look at it again."
        return desk.to_list(sentence, messages.info)
    return redirect(desk.address)


def _move(paper: Paper, code: str, pk: int, step: int) -> None:
    rows = list(getattr(paper, ROWS[code]).all())
    places = {row.pk: place for place, row in enumerate(rows)}
    if pk not in places:
        return
    start, end = places[pk], places[pk] + step
    if 0 <= end < len(rows):
        rows[start], rows[end] = rows[end], rows[start]
    for place, moved in enumerate(rows, start=1):
        if moved.position != place:
            moved.position = place
            moved.save(update_fields=["position"])


def _desk(request: StaffRequest, slug: str, code: str) -> Desk:
    paper = paper_or_404(slug, request.user)
    if code not in KINDS:
        raise Http404(f"The form of {paper.reference} has no list “{code[:40]}”.")
    return Desk(request, paper, BY_CODE[code])


def _gone(desk: Desk) -> HttpResponse:
    sentence = f"That {desk.form_class.one} is not in the list any more. Nothing was changed."
    return desk.to_list(sentence, messages.info)


def _saved_row(desk: Desk, done: str) -> HttpResponse:
    messages.success(desk.request, f"The {desk.form_class.one} was {done}.")
    if desk.request.POST.get("then") == "another":
        return redirect("row_add", desk.paper.slug, desk.subject.code)
    return redirect(desk.address)
