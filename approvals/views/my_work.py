"""my work: what waits for me, and what I wait for."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import DutyKind
from approvals.notices.waiting import messages_that_wait
from approvals.views.verb import person
from approvals.work import work_of

# A list longer than this is cut; the rest is one click away.
LONGEST: Final = 50


@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    """Each person's own work first, the longest wait at the top."""
    me = person(request)
    work = work_of(me)
    context = {
        "waits": work.waits[:LONGEST],
        "waits_count": len(work.waits),
        "awaited": work.awaited[:LONGEST],
        "awaited_count": len(work.awaited),
        "longest": LONGEST,
        "held": me.appointments_today(),
        "unsent": messages_that_wait() if DutyKind.SECRETARIAT in me.duties() else (),
        "may_begin": DutyKind.OFFICER in me.duties(),
    }
    return render(request, "approvals/my_work.html", context)
