"""The page of a verb: what its form would send, what its banner says, and that looking is safe."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from decisions.models import Event, Paper
from tests.cast import PASSWORD, code_of
from tests.pages import fields_of, soup


def answers(page: Any, **given: Any) -> dict[str, Any]:
    """The form in the page's main part as a browser would send it, with these answers given."""
    form = soup(page).select_one("main form")
    assert form is not None, "The page has no form."
    return fields_of(form) | given


def signs(person: User) -> dict[str, str]:
    """What somebody of the cast types to sign without a passkey."""
    return {"password": PASSWORD, "code": code_of(person)}


def banner(page: Any) -> str:
    """What the notification banner says, or ""."""
    found = soup(page).select_one(".govuk-notification-banner__content")
    return " ".join(found.get_text(" ").split()) if found else ""


def as_it_stands(paper: Paper) -> tuple[Any, ...]:
    """What must not change by looking: the paper's state and version, and its number of events."""
    now = Paper.objects.get(pk=paper.pk)
    return (now.state, now.round, now.version, Event.objects.filter(paper=paper).count())
