"""Numbers of other papers' rows and of other people's things, put into one's own addresses."""

from __future__ import annotations

import logging
import re
from typing import Any, Final

import pytest

from decisions.models import Paper, Recommendation, SupportingFile
from decisions.part_two import unread
from tests.matrix_forms import form, names
from tests.matrix_rows import ROWS
from tests.matrix_world import Held, Standing, fingerprint, undone
from tests.pages import soup, words
from tests.permission_matrix import Cell
from tests.test_permission_matrix import addresses, send

NEVER_GIVEN: Final = 987_654_321
# Addresses with a number of something that belongs to the paper in the address.
OF_A_PAPER: Final = {
    "file": "file",
    "file_public": "file",
    "file_remove": "file",
    "approve_file": "file",
    "part_two_file": "secret",
    "part_two_file_remove": "secret",
    "row": "row",
    "row_remove": "row",
    "row_move": "row",
}
# A row may have been removed by a colleague a moment ago: these lead back to the list and say so,
# or show what was typed beside nothing. None tells of a row elsewhere.
OF_A_LIST: Final = frozenset({"row", "row_remove", "row_move"})
# Addresses with the number of something that belongs to whoever is signed in.
OF_ONESELF: Final = frozenset({"remove_factor"})
# Addresses with a number that names the thing itself, opened by what somebody does here.
OF_PEOPLE: Final = {
    "person": "person",
    "send_link": "person",
    "give_duty": "person",
    "propose": "person",
    "deactivate": "person",
    "reactivate": "returning",
    "end_duty": "duty",
    "end_appointment": "appointment",
    "revoke_link": "link",
    "proposal": "proposal",
}


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


def test_every_address_with_a_number_is_in_one_of_these_lists() -> None:
    numbered = {name for name, route in addresses() if "<int:pk>" in route}
    assert numbered == {*OF_A_PAPER, *OF_ONESELF, *OF_PEOPLE}


@pytest.mark.parametrize("state", ["draft", "consultation", "decided"])
@pytest.mark.parametrize("route", OF_A_PAPER)
def test_what_belongs_to_another_paper_is_not_at_the_own_address(
    standing: Standing, route: str, state: str
) -> None:
    """Asked by who may see and edit the one paper alone, and by who may see both."""
    mine, theirs = standing.papers[state, "olu"], standing.papers[state, "oona"]
    before = _of(theirs)
    for person in ("olu", "saba", "leo"):
        for method in ("GET", "POST"):
            cell = Cell(route, method, person, state, "olu")
            forged, never = (
                _asked(standing, cell, pk) for pk in (_number(theirs, route), NEVER_GIVEN)
            )
            assert forged == never, (person, method)
            wanted = {200, 302, 403, 404, 405, 409} if route in OF_A_LIST else {403, 404, 405}
            assert forged[0] in wanted, (person, method, forged)
    assert _of(theirs) == before
    assert mine.slug != theirs.slug


@pytest.mark.parametrize("route", sorted(set(OF_A_PAPER) - OF_A_LIST))
def test_the_officer_gets_a_404_for_it(standing: Standing, route: str) -> None:
    """And no refusal that would tell that it is there; the own one opens."""
    state = "draft"
    own = Cell(route, "GET", "olu" if route != "approve_file" else "saba", state, "olu")
    mine, theirs = standing.papers[state, "olu"], standing.papers[state, "oona"]
    for method in ("GET", "POST") if "POST" in ROWS[route].takes else ("GET",):
        cell = own._replace(method=method)
        assert _asked(standing, cell, _number(theirs, route))[0] == 404
    assert _asked(standing, own, _number(mine, route))[0] == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_persons_factor_is_as_one_that_never_was(standing: Standing, method: str) -> None:
    for person in ("olu", "saba", "nobody", "leo"):
        theirs = standing.objects["factor", "leo" if person != "leo" else "olu"]
        cell = Cell("remove_factor", method, person, "", "own")
        forged, never = (_asked(standing, cell, pk) for pk in (theirs, NEVER_GIVEN))
        assert forged == never
        assert forged[0] == 404
    own = Cell("remove_factor", "GET", "leo", "", "own")
    # Their own leads on, to the proof that is asked for before it can be removed.
    assert _asked(standing, own, standing.objects["factor", "leo"])[0] == 302
    assert fingerprint() == standing.baseline


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("route", OF_PEOPLE)
def test_the_number_of_nothing_is_a_404_and_tells_nobody_else_anything(
    standing: Standing, route: str, method: str
) -> None:
    """Who may not ask gets one answer, whether the number is somebody's or nobody's."""
    real = standing.objects[OF_PEOPLE[route], "other"]
    for person in ("olu", "leo", "celia", "aud", "nobody"):
        cell = Cell(route, method, person, "", "other")
        if _asked(standing, cell, NEVER_GIVEN)[0] != 404:
            assert _asked(standing, cell, real) == _asked(standing, cell, NEVER_GIVEN)
            assert _asked(standing, cell, real)[0] in {403, 405}
    cell = Cell(route, method, "saba", "", "other")
    assert _asked(standing, cell, NEVER_GIVEN)[0] == (404 if method in ROWS[route].takes else 405)


def _number(held: Held, route: str) -> int:
    number: int = getattr(held, OF_A_PAPER[route])
    return number


def _asked(standing: Standing, cell: Cell, number: int) -> tuple[int, str, str]:
    """What a request with this number is answered: status, where it leads, and what it says."""
    client = standing.client(cell.person)
    with undone():
        known = names(standing, cell)
        kind = (OF_A_PAPER | OF_PEOPLE).get(cell.route, "factor")
        address = ROWS[cell.route].path.format(**known | {kind: number})
        page: Any = send(client, cell.method, address, form(standing, cell))
        said = words(page) if soup(page).find("main") else ""
        return page.status_code, _plain(page.get("Location", ""), number), _plain(said, number)


def _plain(text: str, number: int) -> str:
    """Without the number itself, and without what is drawn anew for each page."""
    return re.sub(rf"\b{number}\b", "#", text)


def _of(held: Held) -> list[Any]:
    """What hangs on a paper under a number."""
    paper = Paper.objects.get(pk=held.pk)
    return [
        *Recommendation.objects.filter(paper=paper).values_list(),
        *SupportingFile.objects.filter(paper=paper).values_list(),
        *((row.pk, row.digest) for row in unread.files(paper)),
    ]
