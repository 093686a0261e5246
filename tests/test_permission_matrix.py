"""Every address of the staff process, asked in every way by everybody: exactly what the rules say.

The short form asks at least two questions of each address for each person and of each address in
each state; the long form asks all of them. What is expected is worked out in
`tests.permission_matrix`, and each request is undone before the next.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from accounts.views import SECRETS
from tests.matrix_forms import form, names
from tests.matrix_rows import (
    OF_PAPER,
    ROWS,
    SECONDARY_DOORS,
    answer,
    every_cell,
    some_cells,
)
from tests.matrix_world import PEOPLE, STATES, Standing, fingerprint, undone, wrote
from tests.pages import words
from tests.permission_matrix import METHODS, SIGNED_OUT, Cell, Expected

NOT_THERE: Final = (
    "There is no paper “{reference}” that you can open. Check the reference. If somebody asked you "
    "to read it, ask them or the secretariat to let you in."
)
ENOUGH: Final = 1_500


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert sorted(name for name, _ in addresses()) == sorted(ROWS)


def test_every_row_is_asked_for_at_its_own_address(standing: Standing) -> None:
    for route, row in ROWS.items():
        whose = "olu" if row.about == OF_PAPER else "other"
        cell = Cell(route, "GET", "saba", "draft" if row.about == OF_PAPER else "", whose)
        found = resolve(names(standing, cell)["path"])
        assert (found.url_name or found.route) == route


def test_the_doors_beside_the_front_door_are_all_among_them() -> None:
    assert set(ROWS) >= SECONDARY_DOORS


def test_the_short_form_reaches_every_address_as_everybody_and_in_every_state() -> None:
    chosen = list(some_cells())
    assert len(set(chosen)) == len(chosen) >= ENOUGH
    assert {(cell.route, cell.person) for cell in chosen} == {
        (route, person) for route in ROWS for person in PEOPLE
    }
    assert {(cell.route, cell.state) for cell in chosen} == {
        (route, state)
        for route, row in ROWS.items()
        for state in (STATES if row.about == OF_PAPER else ("",))
    }
    assert {cell.method for cell in chosen} == set(METHODS)
    assert {answer(cell).status for cell in chosen} == {200, 302, 403, 404, 405, 409}


def test_every_form_is_sent_by_somebody_by_whom_it_is_done() -> None:
    """Else a refusal would prove nothing: what was sent may have been wrong for everybody."""
    does = {cell.route for cell in some_cells() if cell.method == "POST" and answer(cell).acts}
    nothing_to_do = {
        *("endorse_challenge", "decide_challenge", "sign_out_elsewhere", "account_logout"),
        *("account_login", "mfa_login_webauthn", "mfa_authenticate", "choose_password"),
        *("account_reauthenticate", "mfa_reauthenticate_webauthn"),
        *("mfa_add_webauthn", "mfa_activate_totp", "document"),
        # Done by those alone who prove themselves for it: tests/test_proved_for_this.py.
        *("remove_factor", "mfa_generate_recovery_codes"),
        *("gallery_form", "gallery_editor", "gallery_columns", "healthz"),
    }
    assert does == {route for route, row in ROWS.items() if "POST" in row.takes} - nothing_to_do


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Every refusal is a line in the log, and there are thousands."""
    caplog.set_level(logging.CRITICAL)


def test_some_of_the_matrix(standing: Standing) -> None:
    assert_all_as_expected(standing, some_cells())


@pytest.mark.long
def test_the_whole_matrix(standing: Standing) -> None:
    assert_all_as_expected(standing, every_cell())


def addresses() -> Iterator[tuple[str, str]]:
    """Every address of the staff process: its name, or else its route; and its route."""

    def walk(patterns: Iterable[Any], before: str) -> Iterator[tuple[str, str]]:
        for pattern in patterns:
            route = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, route)
            else:
                assert isinstance(pattern, URLPattern)
                yield pattern.name or route, route

    return walk(get_resolver("config.urls_staff").url_patterns, "")


def assert_all_as_expected(standing: Standing, cells: Iterable[Cell]) -> None:
    """Ask all of these; where answers differ, say which, those that differ alike together."""
    wrong: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        for difference in ask(standing, cell):
            wrong[cell.route, difference].append(cell)
    assert not wrong, "\n".join(
        f"{route}: {difference} ({len(alike)}), as for "
        + "; ".join(" ".join(filter(None, cell[1:])) for cell in alike[:4])
        for (route, difference), alike in sorted(wrong.items())
    )


def ask(standing: Standing, cell: Cell) -> list[str]:
    """Ask this, undo it, and say what was otherwise than it should have been."""
    client, expected = standing.client(cell.person), answer(cell)
    with undone():
        sent, known = form(standing, cell), names(standing, cell)
        page = send(client, cell.method, known["path"], sent)
        now = fingerprint() if wrote() else standing.baseline
    if now != standing.baseline and cell.route.endswith("file_remove"):
        standing.keep_files(standing.papers[cell.state, cell.whose])
    other = list(differences(page, expected, known))
    return other or [
        *(hides(page, standing, cell) if expected.hidden else ()),
        *(keeps_what_was_typed(page, sent) if is_typed_in_vain(cell, expected) else ()),
        *writes(standing.baseline, now, expected),
    ]


def send(client: Client, method: str, address: str, sent: dict[str, Any]) -> Any:
    """Send a request as a browser does that stands on one of our own pages."""
    own = {"Sec-Fetch-Site": "same-origin"}
    if method == "POST":
        return client.post(address, sent, headers=own)
    return client.generic(method, address, headers=own)


def differences(page: Any, expected: Expected, known: dict[str, Any]) -> Iterator[str]:
    """Another status, or another place to go."""
    if page.status_code != expected.status:
        why = f" ({page.exc_info[1]!r})" if getattr(page, "exc_info", None) else ""
        yield f"{page.status_code}{why} and not {expected.status}"
    elif expected.to and page["Location"] != expected.to.format(**known):
        yield f"leads to {page['Location']} and not to {expected.to}"


def hides(page: Any, standing: Standing, cell: Cell) -> Iterator[str]:
    """The page speaks of the paper in other words than of one that was never drawn."""
    held = standing.papers[cell.state, cell.whose]
    sentence = NOT_THERE.format(reference=held.reference)
    if cell.method != "HEAD" and sentence not in words(page):
        yield f"says “{words(page)[:80]}”"


def is_typed_in_vain(cell: Cell, expected: Expected) -> bool:
    """Whether somebody sends a form after their session ended."""
    return cell.method == "POST" and cell.person in SIGNED_OUT and expected.status == 403


def keeps_what_was_typed(page: Any, sent: dict[str, Any]) -> Iterator[str]:
    """Every text of a form that is not a secret stands on the page, to be copied."""
    for name, text in sent.items():
        typed = isinstance(text, str) and " " in text and name not in SECRETS
        if typed and text not in words(page):
            yield f"what was typed into {name} is gone"


def writes(before: dict[str, str], after: dict[str, str], expected: Expected) -> Iterator[str]:
    """Something was changed that should not be, or nothing where something should."""
    changed = sorted(name for name in after if after[name] != before[name])
    if bool(changed) != expected.acts:
        yield f"changed {', '.join(changed)}" if changed else "changed nothing"
