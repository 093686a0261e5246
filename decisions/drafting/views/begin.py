"""Begin a paper: its title and who decides; the reference is drawn here."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from decisions.drafting.begin import begin as begin_paper
from decisions.drafting.begin import why_cannot_begin
from decisions.drafting.forms.about import BeginForm
from decisions.lookup import StaffRequest


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: StaffRequest) -> HttpResponse:
    """Ask for a title and a series, then draw the next reference. A second click draws no other."""
    refusal = why_cannot_begin(request.user)
    if refusal:
        return render(request, "decisions/cannot_begin.html", {"sentence": refusal}, status=403)
    if request.method != "POST":
        return render(
            request, "decisions/begin.html", {"form": BeginForm(initial={"key": uuid4()})}
        )
    form = BeginForm(request.POST)
    if not form.is_valid():
        return render(request, "decisions/begin.html", {"form": form})
    said = form.cleaned_data
    paper = begin_paper(said["series"], said["title"], by=request.user, key=said["key"])
    messages.success(
        request,
        f"{paper.reference} has begun. The reference stays with this paper and is never given to "
        "another.",
    )
    return redirect(paper.get_absolute_url())
