"""Who may open the pages about people, and how their forms answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.people import rights
from accounts.people.keeping import Refused
from components.forms import GovukForm

View = Callable[..., HttpResponse]
READERS: Final = "The pages about people are for the secretariat and the auditor."
KEEPERS: Final = "Only the secretariat changes people, their duties and their offices."
CONFIRMERS: Final = (
    "Proposed appointments are for the secretariat, the heads of service and the Chief Executive."
)
ONESELF: Final = (
    "Nobody changes their own account, duties or offices. Ask somebody else of the secretariat."
)
_NOT_DONE: Final = 409
_WRONG: Final = 422


def person_of(request: HttpRequest) -> User:
    """Who is signed in."""
    assert isinstance(request.user, User)  # noqa: S101 - every page here is behind sign-in
    return request.user


def _only(may: Callable[[User], bool], sentence: str, view: View) -> View:
    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may(person_of(request)):
            raise PermissionDenied(sentence)
        return view(request, *args, **kwargs)

    return opened


def for_readers(view: View) -> View:
    """A page to look at, for the secretariat and the auditor."""
    return require_safe(_only(rights.reads, READERS, view))


def for_keepers(view: View) -> View:
    """A form, for the secretariat."""
    return require_http_methods(["GET", "HEAD", "POST"])(_only(rights.keeps, KEEPERS, view))


def for_confirmers(view: View) -> View:
    """A page about proposed appointments; the auditor may look."""

    def may(user: User) -> bool:
        return rights.confirms(user) or rights.reads(user)

    return require_http_methods(["GET", "HEAD", "POST"])(_only(may, CONFIRMERS, view))


def other(request: HttpRequest, pk: int) -> User:
    """Somebody else by number. Raises Http404, and PermissionDenied for oneself."""
    person = get_object_or_404(User, pk=pk)
    if person.pk == person_of(request).pk:
        raise PermissionDenied(ONESELF)
    return person


def answer(
    request: HttpRequest,
    template: str,
    form: GovukForm,
    do: Callable[[], str],
    *,
    to: str,
    **context: Any,
) -> HttpResponse:
    """Show a form, or do what it says; `do` gives the sentence that the next page says.

    `to` is the address of the next page.
    """
    status = 200
    if request.method == "POST":
        status = _WRONG
        if form.is_valid():
            try:
                done = do()
            except Refused as refused:
                form.add_error(None, refused.sentence)
                status = _NOT_DONE
            else:
                messages.success(request, done)
                return redirect(to)
    return render(request, template, {**context, "form": form, "back": to}, status=status)
