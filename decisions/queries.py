"""Querysets that answer questions about papers."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.models import DutyKind, User
from decisions.models import Paper
from decisions.states import State

SEES_EVERY_PAPER = frozenset({DutyKind.SECRETARIAT, DutyKind.AUDITOR})


def visible_to(user: User) -> QuerySet[Paper]:
    """The papers a person may open.

    The secretariat and the auditor see every paper. An officer sees their own, and a reader what
    they were asked to read; a holder of an office that signs sees what has reached that office.
    """
    papers = Paper.objects.select_related("office", "officer", "series")
    if user.duties() & SEES_EVERY_PAPER:
        return papers
    reach = Q(officer=user) | Q(readers__person=user)
    codes = {appointment.office.code for appointment in user.appointments_today()}
    if "chief_executive" in codes:
        reach |= Q(state__in=[State.ENDORSEMENT, State.DECISION, State.DECIDED])
    reach |= Q(office__code__in=codes, state__in=[State.DECISION, State.DECIDED])
    return papers.filter(reach).distinct()
