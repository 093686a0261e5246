"""Who changes what they sign in with proves themselves first, for that change and no other.

Somebody else may hold the same session: a copy of its cookie opens all that its owner's opens. So
whoever has a factor is asked for one before each change, however lately they signed in; and what
lets the change be made is a key in the address that the proof leads to, which no other browser
with this cookie was told. It serves once, and only for the page that was asked for.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.crypto import constant_time_compare

from accounts import signed_in
from accounts.factors import rules
from accounts.models import User

View = Callable[..., HttpResponse]
AGAIN: Final = (
    "You were signed out, because this changes how you sign in and you signed in a while ago. Sign "
    "in again."
)
# The name of the key in an address, and of what the session keeps of it.
KEY: Final = "proved"
_KEPT: Final = "proved_for"
_ASKS_EACH_TIME: Final = "asks_for_proof_each_time"


def lately(view: View) -> View:
    """Open a page to who proved themselves within the last minutes; ask the others first.

    Whoever has nothing to prove themselves by here, because they come by single sign-on alone, has
    to come in again: the library would let them through, and so whoever has their session.
    """
    opened: View = reauthentication_required(app="allauth.mfa")(view)

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        adapter = get_adapter(request)
        if adapter.is_reauthentication_required(app="allauth.mfa") and not (
            adapter.get_reauthentication_methods(_person(request))
        ):
            logout(request)
            request.session[signed_in.ENDED] = AGAIN
            return redirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")
        return opened(request, *args, **kwargs)

    return asked


def each_time(view: View) -> View:
    """Open a page to who proved themselves for it by a factor; to who has none, as `lately` does.

    What was sent without proof is not kept until there is one: whoever else holds the session could
    have sent it, for the owner's proof to let through.
    """
    for_those_without = lately(view)

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rules.kinds(_person(request)):
            return for_those_without(request, *args, **kwargs)
        if holds(request):
            return view(request, *args, **kwargs)
        (first, *_) = get_adapter(request).get_reauthentication_methods(_person(request))
        return redirect(f"{first['url']}?next={quote(request.path)}")

    setattr(asked, _ASKS_EACH_TIME, True)
    return asked


def led_here(view: View) -> View:
    """Mark a page that asks `each_time` further in, once it knows that there is something to do."""
    setattr(view, _ASKS_EACH_TIME, True)
    return view


def led_on(request: HttpRequest, wanted: str | None, answer: HttpResponse) -> HttpResponse:
    """The answer to a proof: with a key in the address where the page wanted asks for one."""
    path = urlsplit(wanted or "").path
    if not _asks_each_time(path):
        return answer
    key = secrets.token_urlsafe(16)
    request.session[_KEPT] = {"path": path, "digest": _digest(key), "at": time.time()}
    return redirect(f"{path}?{urlencode({KEY: key})}")


def holds(request: HttpRequest) -> bool:
    """Whether this very request carries the key of a proof that was given for its page."""
    kept = request.session.get(_KEPT)
    return (
        kept is not None
        and kept["path"] == request.path
        and constant_time_compare(kept["digest"], _digest(request.GET.get(KEY, "")))
        and time.time() - kept["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    )


def use_up(request: HttpRequest) -> None:
    """Take the key away: what it was given for is done."""
    request.session.pop(_KEPT, None)


def _asks_each_time(path: str) -> bool:
    try:
        return hasattr(resolve(path).func, _ASKS_EACH_TIME)
    except Resolver404:
        return False


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - every page here is behind sign-in
    return request.user
