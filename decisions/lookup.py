"""Find the paper that an address names, for somebody who may open it."""

from __future__ import annotations

from django.db.models import F
from django.http import Http404, HttpRequest

from accounts.models import User
from decisions.models import Paper, Version
from decisions.queries import visible_to


class StaffRequest(HttpRequest):
    """A request of somebody who has signed in: every page of the staff process has one."""

    user: User


def paper_or_404(slug: str, user: User) -> Paper:
    """The paper with its office, officer and series.

    Raises Http404 with one and the same sentence for a reference that was never drawn and for a
    paper that this person may not open, so that nobody learns from the answer which it is.
    """
    paper = visible_to(user).filter(slug=slug).first()
    if paper is None:
        raise Http404(
            f"There is no paper “{slug[:40].upper().replace('-', ' ')}” that you can open. Check "
            "the reference. If somebody asked you to read it, ask them or the secretariat to let "
            "you in."
        )
    return paper


def paper_with_version_or_404(slug: str, user: User) -> tuple[Paper, Version | None]:
    """The same paper, and the newest version of its round where there is one. Raises Http404."""
    version = (
        Version.objects.filter(
            paper__in=visible_to(user).filter(slug=slug), round=F("paper__round")
        )
        .select_related("paper__office", "paper__officer", "paper__series")
        .order_by("-number")
        .first()
    )
    return (version.paper, version) if version else (paper_or_404(slug, user), None)
