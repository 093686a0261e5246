"""A deferred decision is nowhere before its time, and appears by itself after."""

from __future__ import annotations

from datetime import timedelta

import pytest
from psycopg import sql

from accounts.models import today
from decisions.register.models import Embargo
from tests import database, stages
from tests.cast import Cast
from tests.journeys.browser import Hand
from tests.journeys.decision import People, wait_for_the_document

pytestmark = pytest.mark.browser

SURFACES = (
    "/",
    "/decisions/",
    "/decisions/?q=platform",
    "/decisions.csv",
    "/decisions.json",
    "/decisions.atom",
)
OWN_PAGES = ("/decisions/pcd-1828/", "/decisions/pcd-1828/decision.pdf", "/decisions/pcd-1828.json")


def test_a_deferred_decision_appears_by_itself_and_not_before(
    clone: str, company: Cast, pointing: People, public: Hand
) -> None:
    stages.decided(company)
    saba = pointing("saba")
    wait_for_the_document(saba)
    saba.press("Publish")
    saba.choose("On a later day")
    day = today() + timedelta(days=40)
    saba.fill("Day", str(day.day))
    saba.fill("Month", str(day.month))
    saba.fill("Year", str(day.year))
    saba.fill("Why is publication deferred?", "The contract is still to be signed.")
    saba.select("Who answers for the deferral?", "Saba Rahman")
    saba.press("Publish")
    saba.sees("The contract is still to be signed.")
    assert _where(public) == set()
    _let_the_moment_come(clone, seconds=6)
    assert _where(public) == set()
    _until_it_appears(public)
    assert _where(public) == {*SURFACES, *OWN_PAGES}


def _until_it_appears(public: Hand) -> None:
    """Ask for the page again and again, as readers do, until it is there."""
    for _ in range(100_000):
        if public.page.request.get("/decisions/pcd-1828/").status == 200:
            return
    raise AssertionError("The decision never appeared.")


def _where(public: Hand) -> set[str]:
    """Every address of the register at which the decision can be read now."""
    public.go("/")
    ask = public.page.request.get
    found = {address for address in SURFACES if stages.TITLE in ask(address).text()}
    return found | {address for address in OWN_PAGES if ask(address).status == 200}


def _let_the_moment_come(name: str, seconds: int) -> None:
    """End the deferral so many seconds from now, which no page and no login of ours could do."""
    columns = [
        field.column
        for field in Embargo._meta.concrete_fields
        if field.column and field.column not in {"id", "not_before", "search", "placed_at"}
    ]
    with database.owner_of(name) as owner:
        owner.execute("DROP TRIGGER placing_is_told ON register.register_embargo")
        placed = owner.execute(
            sql.SQL(
                "INSERT INTO register.register_embargo ({names}, not_before) "
                "SELECT {names}, now() + make_interval(secs => %s) FROM register.register_embargo"
            ).format(names=sql.SQL(", ").join(map(sql.Identifier, columns))),
            [seconds],
        )
        assert placed.rowcount == 1
