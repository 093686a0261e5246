"""The paper's page: where it is, whose turn it is, what is missing, and the paper itself."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Appointment, DutyKind
from approvals.case import CHIEF_EXECUTIVE, Case
from approvals.jobs import progress_of
from approvals.models import Edition, Reason
from approvals.views.given import asked
from approvals.views.verb import case_of
from approvals.workflow import buttons
from decisions.drafting.save import why_not_editable
from decisions.drafting.tasks import task_context
from decisions.drafting.versions import record_of
from decisions.models import Paper
from decisions.part_two import room
from decisions.register import shelf
from decisions.register.record import Record
from decisions.register.words import capital_first, join_words
from decisions.states import TURN, State


@require_safe
def paper(request: HttpRequest, slug: str) -> HttpResponse:
    """One page for whoever may see the paper; what each may do to it stands at the top."""
    case = case_of(request, slug)
    editing = why_not_editable(case.paper, case.person) is None
    # Read before the buttons are: a document that the worker makes in this very moment must not be
    # shown beside a button that is closed for want of it.
    editions = _editions(case) if case.state == State.DECIDED else {}
    context = {
        **editions,
        "case": case,
        "paper": case.paper,
        "state_label": case.state.label,
        "turn": capital_first(turn(case)),
        "buttons": buttons(case),
        "editing": editing,
        "cleared": bool(case.paper.has_part_two) and room.is_cleared(case.paper, case.person),
        "asked": asked(case),
        "signatures": case.signatures,
        "sent_back": _sent_back(case.paper),
        "withdrawn": _reason(case.paper, "withdraw"),
    }
    context["record"] = _record(case)
    if editing:
        context |= task_context(case.paper, case.person)
    return render(request, "approvals/paper.html", context)


def _record(case: Case) -> Record:
    """Part 1 as it is published, as it is signed, or, while it is worked on, as it stands."""
    if case.edition:
        return case.edition.record
    if case.state in {State.ENDORSEMENT, State.DECISION} and case.version:
        return case.version.record
    return record_of(case.paper)


def turn(case: Case) -> str:
    """Who has to act now, by name where there is one."""
    if case.state == State.DRAFT:
        return f"{case.paper.officer.name}, {TURN[State.DRAFT]}"
    if case.state == State.CONSULTATION:
        names = [f"{c.person.name} ({c.get_kind_display()})" for c in case.outstanding]
        return join_words(names) or f"{case.paper.officer.name}, who submits it"
    if case.state == State.ENDORSEMENT:
        return _holder(CHIEF_EXECUTIVE, "Chief Executive")
    if case.state == State.DECISION:
        return _holder(case.paper.office.code, case.paper.office.title)
    if case.state == State.DECIDED and case.is_public():
        return "nobody: it is published"
    return TURN[case.state]


def _holder(code: str, title: str) -> str:
    """Who holds or acts in an office today, or that nobody does and what to do about it."""
    held = Appointment.objects.current().filter(office__code=code).select_related("person")
    names = [
        f"{row.person.name}, {'acting for the ' if row.acting else ''}{title}"
        for row in held.order_by("acting")
    ]
    return join_words(names, "or") or (
        f"nobody yet: nobody holds the office of {title} today. The secretariat has to record who "
        "holds it or acts in it"
    )


def _sent_back(paper: Paper) -> Reason | None:
    """Why the paper is in draft again, while it is."""
    return _reason(paper, "send_back") if paper.state == State.DRAFT else None


def _reason(paper: Paper, verb: str) -> Reason | None:
    return (
        Reason.objects.filter(event__paper=paper, event__verb=verb)
        .select_related("event__actor")
        .order_by("-event__seq")
        .first()
    )


def _editions(case: Case) -> dict[str, Any]:
    """Every edition with its document and publication, newest first."""
    editions = (
        Edition.objects.filter(paper=case.paper)
        .select_related("document", "made_by")
        .prefetch_related("publications__owner", "publications__published_by")
        .order_by("-number")
    )
    progress = progress_of(edition.pk for edition in editions)
    rows = [
        {
            "edition": edition,
            "progress": progress[edition.pk],
            "document": getattr(edition, "document", None),
            "publication": max(
                edition.publications.all(), key=lambda p: (p.published_at, p.pk), default=None
            ),
        }
        for edition in editions
    ]
    return {
        "editions": rows,
        "may_make_document": DutyKind.SECRETARIAT in case.person.duties(),
        "public_address": f"{settings.PUBLIC_URL}/decisions/{case.paper.slug}/",
        "is_published": shelf.is_published(case.paper.slug),
    }
