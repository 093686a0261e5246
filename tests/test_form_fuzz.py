"""Every form of every staff page, sent with what no person types: never a crash, never a hole.

The forms are found by walking the pages as the people who reach them, so that a new form joins by
itself. Each is sent by the person who may, and by one who may not: then nothing changes. What was
typed into a form that comes back with errors stands in it again.
"""

from __future__ import annotations

import html
import logging
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import form_sending, odd_values
from tests.form_sending import Sent
from tests.form_walk import TYPED, Form, forms_for, one_of_each
from tests.matrix_rows import ROWS, answer
from tests.matrix_world import (
    ANONYMOUS,
    NOBODY,
    PEOPLE,
    Held,
    Standing,
    fingerprint,
    undone,
    wrote,
)
from tests.odd_values import MARKER, MEGABYTE
from tests.pages import soup
from tests.permission_matrix import Cell

REFUSED: Final = frozenset({400, 403, 404, 405, 409, 413, 415, 422, 429})
ANSWERS: Final = REFUSED | {200, 302}
SHORT: Final = 200
LONG: Final = 20_000

# Nobody types into these, or they are never shown again.
UNSPOKEN: Final = frozenset({"password", "code", "current", "new", "credential", "passkey"})
# Addresses that take what no form found here sends.
NO_FORM_LEADS_THERE: Final = frozenset(
    {
        # What a page's script asks for, and a way in that a link or a first step opens.
        *("endorse_challenge", "decide_challenge", "mfa_authenticate", "choose_password"),
        # Passkeys, which belong to another host than the tests', and which nobody here has.
        *("mfa_login_webauthn", "mfa_add_webauthn", "mfa_reauthenticate_webauthn"),
        # What opens only behind a proof that was given for it.
        *("remove_factor", "mfa_generate_recovery_codes"),
        # A document that could not be made, a developer's gallery, and no form at all.
        *("document", "gallery_form", "gallery_editor", "gallery_columns", "healthz"),
    }
)
QUIETLY: Final[dict[str, Any]] = {
    "deadline": None,
    "derandomize": True,
    "database": None,
    "suppress_health_check": list(HealthCheck),
}
_FOUND: Final[dict[str, list[Form]]] = {}


class Plan(NamedTuple):
    """Which form, which of its fields, by whom, how, and with what."""

    form: int
    field: int
    person: int
    manner: str
    values: list[str]


many = st.sampled_from(range(720_720))  # divisible by every number up to 16
manners = st.sampled_from(["one", "one", "all", "all", "missing", "repeated", "file", "megabyte"])
odd = st.lists(odd_values.values, min_size=1, max_size=4)
plans = st.builds(Plan, many, many, many, manners, odd)


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


@pytest.fixture
def forms(standing: Standing) -> list[Form]:
    """One form of each shape that anybody reaches."""
    return found(standing)


def found(standing: Standing) -> list[Form]:
    """Walked once in a run of tests."""
    if standing.name not in _FOUND:
        _FOUND[standing.name] = one_of_each(_walk(standing))
    return _FOUND[standing.name]


def _walk(standing: Standing) -> Iterator[Form]:
    """Whoever has something to do in a state walks that paper; then people, accounts, and doors."""
    for (state, officer), held in standing.papers.items():
        turn = {"consultation": "leo", "endorsement": "celia", "decision": "dominic"}
        for person in {officer: 0, "saba": 0, turn.get(state, "hal"): 0}:
            yield from forms_for(standing, person, [f"/papers/{held.slug}/"])
    leo = standing.people["leo"].pk
    proposal = standing.objects["proposal", "other"]
    link = standing.objects["link", "other"]
    duty, held_office = standing.objects["duty", "leo"], standing.objects["appointment", "celia"]
    yield from forms_for(
        standing,
        "saba",
        ["/people/", "/people/invite/", f"/people/{leo}/", "/papers/begin/", "/papers/"],
    )
    yield from forms_for(
        standing,
        "saba",
        [
            *(f"/people/{leo}/{what}/" for what in ("link", "duty", "propose", "deactivate")),
            f"/people/{standing.objects['returning', 'other']}/reactivate/",
            f"/people/proposals/{proposal}/",
            f"/people/links/{link}/revoke/",
            f"/people/duties/{duty}/end/",
            f"/people/appointments/{held_office}/end/",
        ],
    )
    own = ["/account/security/", "/account/again/", "/account/again/code/"]
    more = [f"/account/security/{what}/" for what in ("passkey", "app", "password", "codes/new")]
    for person in ("olu", NOBODY):
        yield from forms_for(standing, person, [*own, *more, "/account/logout/"])
    yield from forms_for(standing, ANONYMOUS, ["/account/login/", "/account/code/"])


def test_the_walk_reaches_every_address_that_takes_a_form(forms: list[Form]) -> None:
    sends = {route for route, row in ROWS.items() if "POST" in row.takes}
    assert sorted(sends - {form.route for form in forms}) == sorted(NO_FORM_LEADS_THERE)


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.long)])
def test_what_is_no_form_is_refused_or_shown_again(
    standing: Standing, forms: list[Form], every: bool
) -> None:
    """Two of these bodies for each form, other ones for the next; at length, all of them."""
    bodies, posted = form_sending.NO_FORMS, [form for form in forms if form.method == "post"]
    for at, form in enumerate(posted):
        some = bodies if every else (bodies[at % len(bodies)], bodies[(3 * at + 1) % len(bodies)])
        for content_type, body in some:
            client = standing.client(form.person)
            with undone():
                page = form_sending.post(client, form.action, content_type, body)
                judge(standing, page, form, form.person)
            put_back(standing, form)


@settings(max_examples=SHORT, **QUIETLY)
@given(plan=plans)
def test_what_no_person_types_never_breaks_a_page_and_is_kept(
    standing: Standing, forms: list[Form], plan: Plan
) -> None:
    fuzz(standing, forms, plan)


@pytest.mark.long
# What it says when it has found something may be long, and must not hide what it found.
@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@settings(max_examples=LONG, **QUIETLY)
@given(plan=plans)
def test_the_same_many_more_times(standing: Standing, forms: list[Form], plan: Plan) -> None:
    fuzz(standing, forms, plan)


def fuzz(standing: Standing, forms: list[Form], plan: Plan) -> None:
    """Send one form, filled in somehow, as who opened it or as somebody who may not."""
    form = forms[plan.form % len(forms)]
    sent, typed = filled(form, plan)
    others = strangers(standing, form)
    is_stranger = bool(others) and plan.person % 4 == 0
    person = others[plan.person // 4 % len(others)] if is_stranger else form.person
    client = standing.client(person)
    with undone():
        if form.method == "post":
            page = form_sending.post(client, form.action, *sent.body())
        else:
            page = client.get(f"{form.action.partition('?')[0]}?{sent.query()}")
        judge(standing, page, form, person, stranger=is_stranger)
    put_back(standing, form)
    if not is_stranger and form.method == "post":
        assert_kept(page, typed)


def filled(form: Form, plan: Plan) -> tuple[Sent, dict[str, str]]:
    """The form as it stands, with something odd in it; and what was typed into which field."""
    sent = Sent(form.filled())
    if not form.fields:
        return Sent({"said": [plan.values[0]]}), {}
    chosen = [form.fields[plan.field % len(form.fields)]]
    typed: dict[str, str] = {}
    for place, one in enumerate(form.fields if plan.manner == "all" else chosen):
        said = plan.values[place % len(plan.values)]
        said = (MEGABYTE if plan.manner == "megabyte" else said).replace(MARKER, f"{MARKER}{place}")
        if plan.manner == "missing":
            sent.texts.pop(one.name, None)
        elif plan.manner == "repeated":
            sent.texts[one.name] = [said, *sent.texts[one.name], said]
        elif plan.manner == "file" or one.kind == "file":
            sent.files[one.name] = (f"{said[:40]}.pdf", said.encode("utf-8", "replace"))
            sent.texts.pop(one.name, None)
        else:
            sent.texts[one.name] = [said]
            if one.kind in TYPED and one.name not in UNSPOKEN and MARKER in said:
                typed[one.name] = f"{MARKER}{place}"
    return sent, typed


def put_back(standing: Standing, form: Form) -> None:
    """What a form took away beside the database."""
    if form.route.endswith("file_remove"):
        standing.keep_files(held_of(standing, form))


def judge(
    standing: Standing, page: Any, form: Form, person: str, *, stranger: bool = False
) -> None:
    """No crash; and nothing changed by who may not, nor by what was refused."""
    why = page.exc_info[1] if getattr(page, "exc_info", None) else ""
    assert page.status_code in ANSWERS, (page.status_code, repr(why), person, form)
    if (stranger or page.status_code in REFUSED) and wrote():
        # Who is cleared and meets a competing save of Part 2 reads it, and that is written down.
        told = {} if stranger else {"decisions_event": ""}
        assert fingerprint() | told == standing.baseline | told, (page.status_code, person, form)
    if stranger:
        assert page.status_code in REFUSED | {302}, (page.status_code, person, form)


def assert_kept(page: Any, typed: dict[str, str]) -> None:
    """A page that says what is wrong still holds what was typed."""
    if page.status_code not in {200, 409, 422} or "html" not in page["Content-Type"]:
        return
    if soup(page).select_one(".govuk-error-summary") is None:
        return
    said = html.unescape(page.content.decode())
    assert [name for name, marker in typed.items() if marker not in said] == []


def strangers(standing: Standing, form: Form) -> list[str]:
    """Everybody whom the matrix refuses this form, save who opened it: that person may own it."""
    if form.method != "post":
        return []
    slug = form.action.split("/")[2] if form.action.startswith("/papers/") else ""
    places = [at for at, held in standing.papers.items() if held.slug == slug]
    state, whose = places[0] if places else ("", "other")
    cells = {person: Cell(form.route, "POST", person, state, whose) for person in PEOPLE}
    refused = [person for person, cell in cells.items() if answer(cell).status in {403, 404}]
    return [person for person in refused if person != form.person]


def held_of(standing: Standing, form: Form) -> Held:
    """The paper that a form is about."""
    slug = form.action.split("/")[2]
    return next(held for held in standing.papers.values() if held.slug == slug)
