"""How long somebody stays signed in, where they are signed in, and how they end it.

A session ends ten hours after it began, whatever happens, and earlier where nothing is done. How
early is decided at sign-in, by whether the person holds an office that signs.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.models import SignIn, User

MARK: Final = "signed_in"
ENDED: Final = "why_signed_out"
# A session that does not say when it began is taken for one that began long ago.
NO_MARK: Final[dict[str, Any]] = {"at": 0, "seen": 0, "idle": 0, "lacks_factor": True}
# A page does not tell the database each time that it was looked at.
TOUCH_SECONDS: Final = 60
TOO_LONG: Final = "You were signed out, because you signed in {hours} hours ago. Sign in again."
IDLE: Final = (
    "You were signed out, because you did nothing here for {minutes} minutes. Sign in again."
)
_BROWSERS: Final = ("Edg", "Firefox", "Chrome", "Safari")
_SYSTEMS: Final = ("Windows", "iPhone", "iPad", "Android", "Mac OS", "Linux")


@dataclass(frozen=True)
class Place:
    """A browser in which somebody is signed in, as the page shows it."""

    browser: str
    started_at: datetime
    seen_at: datetime
    is_this_one: bool


def connect() -> None:
    """Have every sign-in begin its limits, and every sign-out end its row."""
    user_logged_in.connect(_begin, dispatch_uid="accounts.signed_in.begin")
    user_logged_out.connect(_end, dispatch_uid="accounts.signed_in.end")


def _begin(sender: type, request: HttpRequest, user: User, **kwargs: Any) -> None:
    from accounts.factors import rules

    if not hasattr(request, "session"):
        return
    now = time.time()
    idle = settings.IDLE_MINUTES_SIGNERS if rules.is_signer(user) else settings.IDLE_MINUTES
    request.session[MARK] = {
        "at": now,
        "seen": now,
        "idle": idle * 60,
        "lacks_factor": rules.lacks_one(user),
    }
    if not request.session.session_key:
        request.session.save()
    oldest = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    SignIn.objects.filter(person=user, started_at__lt=oldest).delete()
    SignIn.objects.create(
        person=user,
        session_key=_key(request),
        browser=browser_of(request.META.get("HTTP_USER_AGENT", "")),
    )


def _end(sender: type, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user is not None and hasattr(request, "session"):
        SignIn.objects.filter(person=user, session_key=request.session.session_key).delete()


def browser_of(agent: str) -> str:
    """What to call a browser, by what it says of itself: "Firefox on Windows"."""
    browser = next((name for name in _BROWSERS if name in agent), "A browser")
    system = next((name for name in _SYSTEMS if name in agent), "")
    named = {"Edg": "Edge"}.get(browser, browser)
    return f"{named} on {system}" if system else named


def listed(request: HttpRequest) -> list[Place]:
    """The browsers in which this person is signed in now, this one first."""
    return [
        Place(row.browser, row.started_at, row.seen_at, row.session_key == _key(request))
        for row in sorted(
            _live(request), key=lambda row: (row.session_key != _key(request), -row.pk)
        )
    ]


def end_others(request: HttpRequest) -> int:
    """End every other session of this person; how many there were."""
    from django.contrib.sessions.models import Session

    others = [row.session_key for row in _live(request) if row.session_key != _key(request)]
    Session.objects.filter(session_key__in=others).delete()
    SignIn.objects.filter(session_key__in=others).delete()
    return len(others)


def follow_key(request: HttpRequest, before: str | None) -> None:
    """Keep the row of this session when the session was given a new key."""
    SignIn.objects.filter(session_key=before).update(session_key=_key(request))


def _key(request: HttpRequest) -> str:
    return request.session.session_key or ""


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - asked only of who has signed in
    return request.user


def _live(request: HttpRequest) -> list[SignIn]:
    from django.contrib.sessions.models import Session

    rows = SignIn.objects.filter(person=_person(request))
    keys = set(
        Session.objects.filter(
            session_key__in=[row.session_key for row in rows], expire_date__gt=timezone.now()
        ).values_list("session_key", flat=True)
    )
    return [row for row in rows if row.session_key in keys]


class SessionLimits:
    """End a session that lasted or lay idle too long; lead to a second factor who must have one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, unless a second factor must be set up before anything else opens."""
        if request.user.is_authenticated:
            mark: dict[str, Any] = request.session.get(MARK) or NO_MARK
            why = _why_ended(mark)
            if why:
                logout(request)
                request.session[ENDED] = why
            elif self._must_set_up(request, mark):
                return redirect("mfa_index")
            else:
                self._touch(request, mark)
        return self.get_response(request)

    def _must_set_up(self, request: HttpRequest, mark: dict[str, Any]) -> bool:
        from accounts.factors import rules

        if not mark["lacks_factor"] or request.path.startswith(("/account/", "/static/")):
            return False
        if rules.lacks_one(_person(request)):
            return True
        mark["lacks_factor"] = False
        request.session.modified = True
        return False

    def _touch(self, request: HttpRequest, mark: dict[str, Any]) -> None:
        if time.time() - mark["seen"] > TOUCH_SECONDS:
            mark["seen"] = time.time()
            request.session.modified = True
            SignIn.objects.filter(session_key=_key(request)).update(seen_at=timezone.now())


def _why_ended(mark: dict[str, Any]) -> str:
    now = time.time()
    if now - mark["at"] >= settings.SESSION_COOKIE_AGE:
        return TOO_LONG.format(hours=settings.SESSION_COOKIE_AGE // 3600)
    if now - mark["seen"] >= mark["idle"]:
        return IDLE.format(minutes=mark["idle"] // 60)
    return ""
