"""One row for every address of the staff process: how it is asked for, and which rule decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final

from tests import permission_matrix as rules
from tests.matrix_world import OFFICERS, PEOPLE, STATES
from tests.permission_matrix import (
    FORM,
    HIDDEN,
    LOOKS,
    METHODS,
    PAPER,
    REFUSED,
    SENDS,
    SIGNED_OUT,
    TO_SIGN_IN,
    WRONG_METHOD,
    Cell,
    Expected,
    Rule,
)

# What a row's pages are about: a paper, a thing of one's own or another's, or neither.
OF_PAPER, OF_THING, OF_NEITHER = "paper", "thing", "neither"
LIBRARYS: Final = "/account/"


@dataclass(frozen=True)
class Row:
    """An address with names in it, the methods it takes, and the rule for who may ask.

    `finds_first` where the paper is looked for before the method is, so that a stranger does not
    even learn which methods there are. `open` to whoever is not signed in.
    """

    path: str
    takes: tuple[str, ...]
    rule: Rule
    about: str = OF_NEITHER
    finds_first: bool = False
    open: bool = False


def _paper(path: str, takes: tuple[str, ...], rule: Rule) -> Row:
    return Row(PAPER + path, takes, rule, OF_PAPER)


def _verb(name: str) -> Row:
    return Row(f"{PAPER}{name}/", FORM, rules.verb, OF_PAPER, finds_first=True)


def _challenge(name: str) -> Row:
    # It answers that the form has to be sent, and the form then says why not.
    return Row(f"{PAPER}{name}/challenge/", SENDS, rules.opens, OF_PAPER, finds_first=True)


def _thing(path: str, takes: tuple[str, ...], rule: Rule) -> Row:
    return Row(path, takes, rule, OF_THING)


_LIST: Final = PAPER + "save/recommendations/"
_PERSON: Final = "/people/{person}/"
_OPEN_HOUSE: Final = rules.always(rules.OPENED)

ROWS: Final[dict[str, Row]] = {
    "my_work": Row("/", LOOKS, rules.opens),
    # The paper, and the doors beside it.
    "papers": Row("/papers/", LOOKS, rules.opens),
    "begin": Row("/papers/begin/", FORM, rules.begin),
    "paper": _paper("", LOOKS, rules.opens),
    "preview": _paper("preview/", LOOKS, rules.opens),
    "history": _paper("history/", LOOKS, rules.opens),
    "compare": _paper("versions/1/compare/", LOOKS, rules.compare),
    "receipt": _paper("receipt/", LOOKS, rules.receipt),
    "document": _paper("document/", SENDS, rules.ask_for_document),
    "signed_document": _paper("signed.pdf", LOOKS, rules.signed_document),
    "preview_document": _paper("preview.pdf", LOOKS, rules.opens),
    # Its rows and subjects.
    "save": _paper("save/summary/", FORM, rules.editing(PAPER)),
    "row_add": _paper("save/recommendations/add/", FORM, rules.editing(_LIST)),
    "row": _paper("save/recommendations/{row}/", FORM, rules.editing(_LIST)),
    "row_remove": _paper("save/recommendations/{row}/remove/", FORM, rules.editing(_LIST)),
    "row_move": _paper("save/recommendations/{row}/move/", SENDS, rules.editing(_LIST)),
    # Its files.
    "files": _paper("files/", LOOKS, rules.opens),
    "file_add": _paper("files/add/", FORM, rules.editing(f"{PAPER}files/")),
    "file": _paper("files/{file}/", LOOKS, rules.opens),
    "file_public": _paper("files/{file}/public.pdf", LOOKS, rules.opens),
    "file_remove": _paper("files/{file}/remove/", FORM, rules.editing(f"{PAPER}files/")),
    "approve_file": _paper("files/{file}/approve/", FORM, rules.approve_file),
    # Part 2.
    "part_two": _paper("part-two/", FORM, rules.within(rules.part_two)),
    "part_two_readers": _paper("part-two/readers/", FORM, rules.readers),
    "part_two_file": _paper("part-two/files/{secret}/", LOOKS, rules.within(rules.is_read)),
    "part_two_file_remove": _paper(
        "part-two/files/{secret}/remove/",
        FORM,
        rules.within(rules.editing(f"{PAPER}part-two/")),
    ),
    "restricted_document": _paper("part-two/document/", SENDS, rules.within(rules.restricted)),
    # What is done to it.
    **{name: _verb(name) for name in rules.VERBS},
    "endorse_challenge": _challenge("endorse"),
    "decide_challenge": _challenge("decide"),
    # People.
    "people": Row("/people/", LOOKS, rules.people_read),
    "invite": Row("/people/invite/", FORM, rules.keeping("/people/")),
    "person": _thing(_PERSON, LOOKS, rules.people_read),
    "send_link": _thing(f"{_PERSON}link/", FORM, rules.keeping(_PERSON)),
    "give_duty": _thing(f"{_PERSON}duty/", FORM, rules.keeping(_PERSON)),
    "propose": _thing(f"{_PERSON}propose/", FORM, rules.keeping(_PERSON)),
    "deactivate": _thing(f"{_PERSON}deactivate/", FORM, rules.keeping(_PERSON)),
    "reactivate": _thing(
        "/people/{returning}/reactivate/", FORM, rules.keeping("/people/{returning}/")
    ),
    "end_duty": _thing("/people/duties/{duty}/end/", FORM, rules.keeping(_PERSON)),
    "end_appointment": Row(
        "/people/appointments/{appointment}/end/", FORM, rules.keeping("/people/{celia}/")
    ),
    "revoke_link": _thing("/people/links/{link}/revoke/", FORM, rules.keeping(_PERSON)),
    "proposals": Row("/people/proposals/", LOOKS, rules.proposals),
    "proposal": _thing("/people/proposals/{proposal}/", FORM, rules.proposal),
    # Signing in, and what one signs in by.
    "account_login": Row("/account/login/", FORM, rules.door(None), open=True),
    "mfa_login_webauthn": Row("/account/passkey/", FORM, rules.door("/account/login/"), open=True),
    "mfa_authenticate": Row("/account/code/", FORM, rules.door("/account/login/"), open=True),
    "single_sign_on": Row("/account/sso/", LOOKS, rules.always(rules.ABSENT), open=True),
    "single_sign_on_back": Row("/account/sso/back/", LOOKS, rules.always(rules.ABSENT), open=True),
    "account_logout": Row("/account/logout/", FORM, rules.log_out, open=True),
    "account_inactive": Row("/account/inactive/", LOOKS, _OPEN_HOUSE, open=True),
    "account_signup": Row("/account/signup/", LOOKS, _OPEN_HOUSE, open=True),
    "account_reset_password": Row("/account/reset-password/", LOOKS, _OPEN_HOUSE, open=True),
    "choose_password": Row("/account/link/", FORM, rules.always(rules.ABSENT), open=True),
    "use_link": Row(
        "/account/link/guessed/", LOOKS, rules.always(rules.led("/account/link/")), open=True
    ),
    "account_reauthenticate": Row("/account/again/", FORM, rules.again),
    "mfa_reauthenticate": Row("/account/again/code/", FORM, rules.again),
    "mfa_reauthenticate_webauthn": Row("/account/again/passkey/", FORM, rules.again),
    "mfa_index": Row("/account/security/", LOOKS, rules.opens),
    "change_password": Row(
        "/account/security/password/", FORM, rules.form_of_ones_own("/account/security/")
    ),
    "mfa_add_webauthn": Row(
        "/account/security/passkey/", FORM, rules.proved_each_time(rules.opens)
    ),
    "mfa_activate_totp": Row("/account/security/app/", FORM, rules.add_app),
    "remove_factor": _thing(
        "/account/security/remove/{factor}/", FORM, rules.proved_each_time(rules.remove_factor)
    ),
    "mfa_view_recovery_codes": Row("/account/security/codes/", LOOKS, rules.opens),
    "mfa_generate_recovery_codes": Row(
        "/account/security/codes/new/", FORM, rules.proved_each_time(rules.new_codes)
    ),
    "sign_out_elsewhere": Row(
        "/account/security/sign-out/", SENDS, rules.always(rules.led("/account/security/"))
    ),
    # A developer's machine alone has these, and they hold nothing.
    "gallery": Row("/components/", ("GET",), _OPEN_HOUSE, open=True),
    "gallery_form": Row("/components/form/", FORM, _OPEN_HOUSE, open=True),
    "gallery_editor": Row("/components/editor/", FORM, _OPEN_HOUSE, open=True),
    "gallery_columns": Row("/components/columns/", FORM, _OPEN_HOUSE, open=True),
    "healthz": Row("/healthz", METHODS, _OPEN_HOUSE, open=True),
}

# The doors beside the front door, each of which some other service once forgot to lock.
SECONDARY_DOORS: Final = frozenset(
    {
        *("preview", "compare", "history", "files", "file", "file_public", "receipt"),
        *("endorse_challenge", "decide_challenge", "restricted_document", "signed_document"),
        *("preview_document", "row", "row_add", "row_remove", "row_move", "part_two_readers"),
        *("part_two_file", "people", "person", "proposals", "proposal", "mfa_index"),
        *("remove_factor", "change_password", "mfa_view_recovery_codes", "document"),
    }
)


def answer(cell: Cell) -> Expected:
    """What a request is to be answered."""
    row = ROWS[cell.route]
    wrong = cell.method not in row.takes
    if row.path.startswith(LIBRARYS) and cell.method not in FORM:
        return WRONG_METHOD
    if cell.person in SIGNED_OUT and not row.open:
        return REFUSED if cell.method == "POST" else TO_SIGN_IN
    hidden = row.about == OF_PAPER and not rules.sees(cell)
    if hidden and row.finds_first:
        return HIDDEN
    if wrong:
        return WRONG_METHOD
    return HIDDEN if hidden else row.rule(cell)


def whose(route: str) -> tuple[str, ...]:
    """The two kinds of things that this address is asked about."""
    return OFFICERS if ROWS[route].about == OF_PAPER else ("own", "other")


def every_cell() -> Iterator[Cell]:
    """Every request there is; an address that is about no paper has no states."""
    for route, row in ROWS.items():
        states = STATES if row.about == OF_PAPER else ("",)
        things = whose(route) if row.about != OF_NEITHER else ("other",)
        yield from (Cell(route, *rest) for rest in product(METHODS, PEOPLE, states, things))


def some_cells() -> Iterator[Cell]:
    """Every address as everybody, spread over methods, states and both kinds of things.

    Then one for each address by which something is done: that by whom it is done.
    """
    known = set(every_cell())
    chosen: dict[Cell, None] = {}
    for at, (route, row) in enumerate(ROWS.items()):
        first = "POST" if "POST" in row.takes else "GET"
        for place, person in enumerate(PEOPLE):
            asked = [(first, at + place, (at + place) // len(STATES))]
            if (at + place) % 2:
                any_method = METHODS[(at + place) // 2 % len(METHODS)]
                asked.append((any_method, at + 3 * place + 1, at + place + 1))
            for method, step, thing in asked:
                state = STATES[step % len(STATES)] if row.about == OF_PAPER else ""
                other = whose(route)[thing % 2] if row.about != OF_NEITHER else "other"
                chosen[Cell(route, method, person, state, other)] = None
        chosen.update(dict.fromkeys(_done(route)))
    assert set(chosen) <= known
    yield from chosen


def _done(route: str) -> list[Cell]:
    """The first request of this address by which something is done, if there is one."""
    row = ROWS[route]
    states = STATES if row.about == OF_PAPER else ("",)
    things = whose(route) if row.about != OF_NEITHER else ("other",)
    cells = (Cell(route, "POST", *rest) for rest in product(PEOPLE, states, things))
    return [cell for cell in cells if answer(cell).acts][:1]
