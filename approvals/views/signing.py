"""What the pages of the two signed acts share: version, key, proof of who signs, the receipt."""

from __future__ import annotations

from typing import Any, ClassVar, Final
from uuid import UUID, uuid4

from allauth.core import ratelimit
from allauth.core.internal import ratelimit as counted
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.models import Appointment
from approvals.actions import Refused
from approvals.actions.signing import what_is_signed
from approvals.case import Case
from approvals.ceremony import Declared, Signing, place
from approvals.ceremony.means import means_of
from approvals.ceremony.signing import ask
from approvals.forms.signing import SigningForm
from approvals.models import Act, Signature
from approvals.views.given import asked, objections, shown_before
from approvals.views.verb import VerbView, person
from approvals.workflow import BY_VERB, Closed, closed
from components.forms import GovukForm
from decisions.drafting.compare import compare
from decisions.lookup import paper_with_version_or_404
from decisions.models import Version
from decisions.part_two import room

TOO_OFTEN: Final = (
    "You have typed a wrong password or code too often, so nothing was signed. Wait five minutes "
    "and try again. If you have forgotten your password, ask the secretariat for a new one."
)
# The limit's name in ACCOUNT_RATE_LIMITS: five wrong passwords or codes in five minutes.
LIMIT: Final = "reauthenticate"
COUNTED_BY: Final = "allauth.account"
# What makes the verb's view the one that gives the page's script its challenge.
CHALLENGES: Final[dict[str, Any]] = {"challenges": True, "http_method_names": ["post"]}


class SigningView(VerbView):
    """A form that binds to the version on the screen and asks who signs.

    Where it `challenges`, the same form is asked what a passkey has to sign, and nothing is signed.
    """

    signs: ClassVar[Act]
    challenges: ClassVar[bool] = False

    def find(self, slug: str) -> Case:
        """The paper with the version that is signed, which every signing page asks for."""
        reader = person(self.request)
        paper, version = paper_with_version_or_404(slug, reader)
        case = Case(paper, reader)
        if version is not None:
            case.version = version
        return case

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Sign, or say why not; or give what the passkey has to sign.

        Whether the verb is open is asked once, by the action that holds the paper; where it
        refuses, `refused` asks again and says why.
        """
        if self.challenges:
            return self.challenge()
        if self.case.state in BY_VERB[self.verb].starts:
            form = self.form(request.POST)
            if form.is_valid():
                try:
                    return self.act(form)
                except Refused as refused:
                    return self.refused(form, refused)
        return super().post(request, slug)

    def challenge(self) -> HttpResponse:
        """What the page's script asks the browser for, or that the form has to be sent first.

        Then the page of the answer shows beside the fields what is wrong with them.
        """
        asked = None
        if closed(self.case, self.verb) is None:
            form = self.form(self.request.POST)
            if form.is_valid() and form.cleaned_data["mark"] == self.version.mark:
                what = what_is_signed(
                    self.case.paper,
                    self.appointment.office.code,
                    self.signs,
                    self.version,
                    self.declared(form),
                )
                asked = ask(Signing(self.case.person, self.case.paper.pk, what))
        return JsonResponse(asked or {"send": True})

    def refuse(self, why: Closed) -> HttpResponse:
        """Say why it is closed; but a second click of the same form gets the receipt of the first.

        Asked here and not before, because the first click may end between the two questions.
        """
        if self.request.method == "POST" and self._signed_before():
            return redirect("receipt", slug=self.case.paper.slug)
        return super().refuse(why)

    def act(self, form: GovukForm) -> HttpResponse:
        """Sign. Raises Refused. Wrong words are counted, so that nobody tries them all."""
        assert isinstance(form, SigningForm)  # noqa: S101 - made by form()
        if form.cleaned_data["passkey"]:
            self.sign(form)
            return redirect("receipt", slug=self.case.paper.slug)
        if not ratelimit.consume(self.request, action=LIMIT, user=self.case.person):
            why = closed(self.case, self.verb)
            if why:
                return self.refuse(why)
            form.add_error("password", TOO_OFTEN)
            return self.show(form, status=429)
        form.found_right = self._right_words
        self.sign(form)
        return redirect("receipt", slug=self.case.paper.slug)

    def form(self, posted: Any = None) -> SigningForm:
        """The verb's own form."""
        raise NotImplementedError

    def declared(self, form: SigningForm) -> Declared:
        """What is declared and decided by sending this valid form."""
        raise NotImplementedError

    def sign(self, form: SigningForm) -> Signature:
        """Ask the action to sign. Raises Refused."""
        raise NotImplementedError

    def signing(self, lead: str, statement: str) -> dict[str, Any]:
        """What every signing form is made with: version, key, and what stands above them.

        `lead` introduces `statement`, which is signed word by word.
        """
        return {
            "initial": {"mark": self.version.mark, "key": uuid4()},
            "ahead": lambda: {
                "lead": lead,
                "statement": statement,
                "reader": self.case.person,
                "appointment": self.appointment,
                "version": self.version,
                "paper": self.case.paper,
                "cleared": room.is_cleared(self.case.paper, self.case.person),
                "means": means_of(self.case.person, self.signs),
                "origin": place.origin(),
                "challenge": reverse(f"{self.verb}_challenge", args=[self.case.paper.slug]),
            },
        }

    @property
    def version(self) -> Version:
        """The version on the screen, which is what is signed."""
        version = self.case.version
        assert version is not None  # noqa: S101 - the table closes the verb in every other state
        return version

    @property
    def appointment(self) -> Appointment:
        """The appointment by which the reader signs."""
        appointment = self.case.appointment
        assert appointment is not None  # noqa: S101 - the table closes the verb to everybody else
        return appointment

    def context(self) -> dict[str, Any]:
        """The paper as it will be signed, its advice, and what changed while it was read."""
        seen = self._shown_before()
        return {
            "record": self.version.record,
            "asked": asked(self.case),
            "objections": objections(self.case),
            "changes": compare(seen.record, self.version.record) if seen else (),
            "part_two_changed": bool(seen and room.changed_between(seen, self.version)),
            "since": "What changed since you opened this page",
        }

    def _shown_before(self) -> Version | None:
        """The version that was on the screen, where the paper changed meanwhile."""
        posted = self.request.POST.get("mark", "")
        if not posted or posted == self.version.mark:
            return None
        return shown_before(self.case, posted)

    def _signed_before(self) -> bool:
        try:
            key = UUID(self.request.POST.get("key", ""))
        except ValueError:
            return False
        return Signature.objects.filter(
            key=key, paper=self.case.paper, signer=self.case.person, act=self.signs
        ).exists()

    def _right_words(self) -> None:
        """Forget the wrong words before. Who counts one at the same moment keeps what they read."""
        for rate in counted.get_rates(app=COUNTED_BY, action=LIMIT):
            cache.delete(
                counted.get_cache_key(
                    self.request, app=COUNTED_BY, action=LIMIT, rate=rate, user=self.case.person
                )
            )
