"""The answers that all drafting pages give: saved, refused, in conflict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render

from decisions.drafting.differences import Run, side, word_runs
from decisions.drafting.forms.base import TOKEN, DraftingForm
from decisions.drafting.save import Conflict
from decisions.drafting.subjects import Subject, after
from decisions.lookup import StaffRequest
from decisions.models import Paper

Passages = Sequence[tuple[str, str]]
_NOT_TEXT = {"csrfmiddlewaretoken", TOKEN, "choice"}


@dataclass(frozen=True)
class Facing:
    """One passage as it stands and as it was typed, with what differs marked in both."""

    label: str
    theirs: tuple[Run, ...]
    mine: tuple[Run, ...]

    @property
    def differs(self) -> bool:
        """Whether the two say different things."""
        return any(run.kind != "same" for run in (*self.theirs, *self.mine))


def saved(request: StaffRequest, paper: Paper, subject: Subject) -> HttpResponseRedirect:
    """Say that it is saved, and go where the button said: on, or back to the list."""
    following = after(paper, subject.code) if request.POST.get("then") == "continue" else None
    messages.success(request, f"Saved: {subject.label}.")
    return redirect(following.address(paper) if following else paper.get_absolute_url())


def refused(
    request: StaffRequest, paper: Paper, sentence: str, typed: Passages = ()
) -> HttpResponse:
    """Why nothing was saved, with what was typed, so that it can be copied."""
    context = {
        "paper": paper,
        "sentence": sentence,
        "typed": [passage for passage in typed if passage[1]],
    }
    return render(request, "decisions/not_editable.html", context, status=403)


def conflict(
    request: StaffRequest,
    paper: Paper,
    clash: Conflict,
    *,
    label: str,
    theirs: Passages,
    mine: Passages,
    form: DraftingForm,
    template: str = "decisions/conflict.html",
) -> HttpResponse:
    """Both texts, and a form with the new token in which they can be combined.

    `form` is unbound, begins with what was typed and carries `clash.token`.
    """
    context = {
        "paper": paper,
        "label": label,
        "clash": clash,
        "facing": facing(theirs, mine),
        "kept": [
            (name, value)
            for name, values in request.POST.lists()
            if name not in _NOT_TEXT
            for value in values
        ],
        "form": form,
        "back": paper.get_absolute_url(),
    }
    return render(request, template, context, status=409)


def facing(theirs: Passages, mine: Passages) -> list[Facing]:
    """Passages side by side, in the order of the form; one that only a side has faces nothing."""
    standing, typed = dict(theirs), dict(mine)
    pairs = []
    for label in [*typed, *(label for label in standing if label not in typed)]:
        runs = word_runs(standing.get(label, ""), typed.get(label, ""))
        pairs.append(Facing(label, side(runs, "removed"), side(runs, "added")))
    return pairs


def kept_theirs(request: StaffRequest, back: str) -> HttpResponseRedirect | None:
    """The answer when somebody, shown both texts, keeps the one that stands; else None."""
    if request.POST.get("choice") != "theirs":
        return None
    messages.info(request, "The text that was already saved is kept. Nothing of yours was saved.")
    return redirect(back)
