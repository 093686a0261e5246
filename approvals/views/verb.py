"""The page of a verb: a question, what will happen, and one button that does it.

Every verb's page works alike. A GET shows the form, or why the verb is closed, and changes nothing.
A POST asks the action, which asks the table; a refusal is a sentence, and what was typed is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
)
from django.shortcuts import redirect, render
from django.views import View

from accounts.models import User
from approvals.actions import Refused
from approvals.case import Case
from approvals.workflow import BY_VERB, Closed, closed
from components.forms import GovukForm
from decisions.lookup import paper_or_404
from decisions.register.prose import from_html

STATUS: Final = {"state": 409, "role": 403, "need": 409}
# What a form carries that nobody typed, and what is never sent back.
UNSPOKEN: Final = ("csrfmiddlewaretoken", "password", "code", "passkey", "key", "mark", "kind")


@dataclass(frozen=True)
class Typed:
    """A text that somebody typed into a form that could not be used, kept to be copied."""

    label: str
    text: str


def person(request: HttpRequest) -> User:
    """Who is signed in. Every page here is behind sign-in."""
    assert isinstance(request.user, User)  # noqa: S101 - LoginRequiredMiddleware has seen to it
    return request.user


def case_of(request: HttpRequest, slug: str) -> Case:
    """The paper of this address as the reader sees it. Raises Http404 with a sentence."""
    reader = person(request)
    return Case(paper_or_404(slug, reader), reader)


def typed(posted: Mapping[str, Any], labels: Mapping[str, str]) -> list[Typed]:
    """The texts of a form, without what nobody typed and never the password.

    Where the editor ran, its text is the newer one, as in ProseField.
    """
    texts = {
        name: from_html(str(posted.get(f"{name}_html") or "")) or str(text)
        for name, text in posted.items()
        if name not in UNSPOKEN and not name.endswith("_html")
    }
    return [
        Typed(labels.get(name, name.replace("_", " ").capitalize()), text)
        for name, text in texts.items()
        if " " in text.strip()
    ]


def changed(posted: Any, **fields: str) -> QueryDict:
    """What was posted, with these fields put in its place."""
    again = QueryDict(mutable=True)
    again.update(posted)
    for name, value in fields.items():
        again[name] = value
    return again


class VerbView(View):
    """One verb's page. A subclass says its verb, its form, and what the form does."""

    verb: ClassVar[str]
    labels: ClassVar[Mapping[str, str]] = {}
    http_method_names: ClassVar[list[str]] = ["get", "head", "post"]  # type: ignore[misc]  # Django has an instance list

    case: Case

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the paper before anything else; to a stranger it does not exist."""
        try:
            self.case = self.find(kwargs["slug"])
            return super().dispatch(request, *args, **kwargs)
        except Http404 as missing:
            if request.method != "POST":
                raise
            context = {"sentence": str(missing), "typed": typed(request.POST.dict(), self.labels)}
            return render(request, "approvals/gone.html", context, status=404)

    def find(self, slug: str) -> Case:
        """The paper of this address. Raises Http404 with a sentence."""
        return case_of(self.request, slug)

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Show the form, or why it is closed."""
        why = closed(self.case, self.verb)
        return self.refuse(why) if why else self.show(self.form())

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Do it, or say why not and keep what was typed."""
        why = closed(self.case, self.verb)
        if why:
            return self.refuse(why)
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            return self.act(form)
        except Refused as refused:
            return self.refused(form, refused)

    def form(self, posted: Any = None) -> GovukForm:
        """The form, empty or with what was posted."""
        raise NotImplementedError

    def act(self, form: GovukForm) -> HttpResponse:
        """Do it. Raises Refused."""
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        """What this verb's template needs besides the case and the form."""
        return {}

    def show(self, form: GovukForm, *, status: int = 200) -> HttpResponse:
        """The verb's page."""
        context = {
            "case": self.case,
            "paper": self.case.paper,
            "row": BY_VERB[self.verb],
            "form": form,
        }
        return render(
            self.request,
            f"approvals/{self.verb}.html",
            context | self.context(),
            status=status,
        )

    def refused(self, form: GovukForm, refused: Refused) -> HttpResponse:
        """A refusal by the action: beside its field, or, when the paper moved on, as a page."""
        self.case = case_of(self.request, self.case.paper.slug)
        why = closed(self.case, self.verb)
        if why:
            return self.refuse(why)
        form = self.form_again(form)
        field = self.field_of(refused)
        field = field if field in form.fields else None
        form.add_error(field, refused.sentence)
        return self.show(form, status=422 if field else 409)

    def field_of(self, refused: Refused) -> str | None:
        """The field of the form that a refusal is about, where the form names it otherwise."""
        return refused.field

    def form_again(self, form: GovukForm) -> GovukForm:
        """The form to show after a refusal, with what was typed, for the paper as it is now."""
        return form

    def refuse(self, why: Closed) -> HttpResponse:
        """The page that says why the verb is closed, with what was typed."""
        context = {
            "case": self.case,
            "paper": self.case.paper,
            "row": BY_VERB[self.verb],
            "sentence": why.sentence,
            "typed": typed(self.request.POST.dict(), self.labels),
        }
        return render(self.request, "approvals/closed.html", context, status=STATUS[why.kind])

    def back(self, sentence: str) -> HttpResponseRedirect:
        """To the paper, with a sentence that says what was done."""
        messages.success(self.request, sentence)
        return redirect("paper", slug=self.case.paper.slug)
