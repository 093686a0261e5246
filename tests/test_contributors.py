"""Whoever changes what a paper says has contributed to it, by whatever way they changed it."""

# ruff: noqa: S608 - every name in a statement here is one of this file's own
from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import Appointment, Office, User, today
from approvals.actions import Refused
from config.database.acting import acting_as
from decisions.models import Contributor, Paper
from decisions.part_two import room
from tests import stages
from tests.cast import Cast, assemble
from tests.test_frozen_papers import said, with_every_part

NOT_SAVED: Final = "A part is changed by a save of its paper, and the paper was not saved."
INSERT: Final = "INSERT INTO decisions_section (paper_id, position, kind, heading, body, included)"
# Each a change to what a paper says, in the order in which none hinders the next.
CHANGES: Final = (
    "UPDATE decisions_section SET body = 'overwritten' WHERE paper_id = {paper}",
    "UPDATE decisions_recommendation SET text = 'overwritten' WHERE paper_id = {paper}",
    "UPDATE decisions_fundingline SET label = 'overwritten' WHERE paper_id = {paper}",
    "UPDATE decisions_declaration SET statement = 'overwritten' WHERE paper_id = {paper}",
    "UPDATE decisions_backgroundpaper SET title = 'overwritten' WHERE paper_id = {paper}",
    "UPDATE decisions_supportingdocument SET title = 'overwritten' WHERE paper_id = {paper}",
    "DELETE FROM decisions_recommendation WHERE paper_id = {paper}",
    f"{INSERT} SELECT {{paper}}, 9, 'x', 'x', 'x', true",
    "UPDATE decisions_paper SET version = version + 1, title = 'overwritten' WHERE id = {paper}",
    "UPDATE decisions_paper SET version = version + 1, deferred = true WHERE id = {paper}",
    "UPDATE conf.part_two SET body = 'overwritten' WHERE paper_id = {paper}",
    "UPDATE conf.part_two_exemption SET balance = 'overwritten'",
    "DELETE FROM conf.part_two_exemption",
)
# Of the same rows, none of them a change to what they say.
NO_CHANGES: Final = (
    "UPDATE decisions_section SET body = body WHERE paper_id = {paper}",
    "UPDATE decisions_paper SET version = version + 1, title = title WHERE id = {paper}",
    "UPDATE decisions_paper SET version = version + 1, changed_at = now() WHERE id = {paper}",
    "UPDATE conf.part_two SET body = body WHERE paper_id = {paper}",
    "UPDATE conf.part_two_exemption SET balance = balance",
)


def complete(cast: Cast) -> Paper:
    """A draft with a row of every kind, which the secretary may read whole."""
    paper = with_every_part(cast)
    stages.change(paper, "part-two-question", cast.olu, has_part_two=True)
    stages.write_part_two(paper, cast.olu)
    room.clear(paper, cast.saba, by=cast.olu, reason="To keep the papers in order")
    return stages.fresh(paper)


def contributed(paper: Paper, person: User) -> bool:
    """Whether somebody is written down as one who changed the paper."""
    return Contributor.objects.filter(paper=paper, person=person).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES)
def test_whoever_changes_a_paper_is_its_contributor(cast: Cast, change: str) -> None:
    paper = complete(cast)
    assert not contributed(paper, cast.saba)
    changed = said(cast.saba, change.format(paper=paper.pk))
    assert changed.endswith(" rows")
    assert changed != "0 rows"
    assert contributed(paper, cast.saba)


@pytest.mark.django_db
@pytest.mark.parametrize("write", NO_CHANGES)
def test_whoever_changes_nothing_is_none(cast: Cast, write: str) -> None:
    paper = complete(cast)
    assert said(cast.saba, write.format(paper=paper.pk)) != "0 rows"
    assert not contributed(paper, cast.saba)


@pytest.mark.django_db
def test_whoever_saves_the_same_part_two_again_is_none(cast: Cast) -> None:
    paper = complete(cast)
    with acting_as(cast.saba.pk):
        stages.write_part_two(paper, cast.saba)
    assert not contributed(paper, cast.saba)
    with acting_as(cast.saba.pk):
        stages.write_part_two(paper, cast.saba, body="Something else.")
    assert contributed(paper, cast.saba)


@pytest.mark.django_db
def test_nobody_overwrites_a_section_and_then_signs_in_somebodys_place(cast: Cast) -> None:
    paper = stages.draft(cast)
    overwrite = f"UPDATE decisions_section SET body = 'overwritten' WHERE paper_id = {paper.pk}"
    assert said(cast.saba, overwrite) == "7 rows"
    Appointment.objects.create(
        office=Office.objects.get(code="chief_executive"),
        person=cast.saba,
        acting=True,
        legal_basis="A letter of the Mayor",
        starts=today(),
    )
    stages.submit(stages.advise_all(stages.ask(stages.fresh(paper), cast)))
    with pytest.raises(Refused):
        stages.endorse(paper, cast.saba)


def committed(person: User, *statements: str) -> str:
    """What comes of a transaction of this person's, when it ends."""
    try:
        with acting_as(person.pk), transaction.atomic(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    except DatabaseError as error:
        return str(error).partition("\n")[0]
    return "done"


def test_a_part_changes_only_with_a_save_of_its_paper(clone: str) -> None:
    cast = assemble()
    paper = complete(cast)
    save = f"UPDATE decisions_paper SET version = version + 1 WHERE id = {paper.pk}"
    for change in (each.format(paper=paper.pk) for each in CHANGES):
        if "UPDATE decisions_paper" in change:
            continue
        assert committed(cast.saba, change) == NOT_SAVED, change
        assert committed(cast.saba, change, save) == "done", change


def test_in_whatever_order_and_behind_whatever_savepoint(clone: str) -> None:
    cast = assemble()
    paper, other = complete(cast), stages.draft(cast)
    save = f"UPDATE decisions_paper SET version = version + 1 WHERE id = {paper.pk}"
    change = CHANGES[0].format(paper=paper.pk)
    inside, out, back = "SAVEPOINT s", "RELEASE SAVEPOINT s", "ROLLBACK TO SAVEPOINT s"
    assert committed(cast.saba, save, change) == "done"
    assert committed(cast.saba, inside, save, out, change) == "done"
    assert committed(cast.saba, change, inside, save, out) == "done"
    assert committed(cast.saba, inside, change, out, inside, save, out) == "done"
    assert committed(cast.saba, change, inside, save, back) == NOT_SAVED
    elsewhere = f"UPDATE decisions_paper SET version = version + 1 WHERE id = {other.pk}"
    assert committed(cast.saba, elsewhere, change) == NOT_SAVED
    lock = f"SELECT FROM decisions_paper WHERE id = {paper.pk} FOR UPDATE"
    assert committed(cast.saba, lock, change) == NOT_SAVED


def test_a_save_of_somebody_else_in_the_meantime_is_not_ones_own(clone: str) -> None:
    cast = assemble()
    paper = complete(cast)
    save = f"UPDATE decisions_paper SET version = version + 1 WHERE id = {paper.pk}"
    drawn = "SELECT pg_current_xact_id()"  # the number of this transaction is the lower one
    with acting_as(cast.saba.pk):
        assert _at_the_end(drawn, lambda: _elsewhere(cast.olu, save), paper) == NOT_SAVED


def _at_the_end(first: str, then: Callable[[], None], paper: Paper) -> str:
    """What comes of a change to a paper in whose transaction something else happened before."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(first)
            then()
            cursor.execute(CHANGES[0].format(paper=paper.pk))
    except DatabaseError as error:
        return str(error).partition("\n")[0]
    return "done"


def _elsewhere(person: User, statement: str) -> None:
    """Run a statement on a connection of its own, and commit it."""
    other = connection.copy()
    try:
        with acting_as(person.pk), other.cursor() as cursor:
            cursor.execute(statement)
    finally:
        other.close()
