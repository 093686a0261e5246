"""What is asked of a paper that can no longer be edited: nothing of it changes, nothing leaves it.

Each attack is SQL in the staff process's own login, by somebody who may see every paper.
"""

# ruff: noqa: S608 - every name in a statement here is one of this file's own
from __future__ import annotations

from collections.abc import Callable
from typing import Final

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from accounts.models import Appointment, Office, User, today
from config.database.acting import acting_as
from decisions.models import Paper
from decisions.part_two import room
from tests import stages
from tests.cast import Cast
from tests.pages import signed_in

pytestmark = pytest.mark.django_db

FROZEN: Final = "The paper is frozen in its present state."
STAYS: Final = "A part stays with its paper."
KEEPS: Final = "A paper keeps its reference, its officer and the office that decides it."
PARTS: Final = (
    "decisions_recommendation",
    "decisions_fundingline",
    "decisions_section",
    "decisions_backgroundpaper",
    "decisions_supportingdocument",
    "decisions_declaration",
)
SUBMITTED: Final = [stages.endorsement, stages.decision, stages.decided, stages.withdrawn]
TEXT: Final = (
    "title = 'x'",
    "forum = 'x'",
    "scheme_paragraph = 'x'",
    "executive_summary = 'x'",
    "deferred = NOT coalesce(deferred, false)",
    "deferred_until = '2030-01-01'",
    "deferral_reason = 'x'",
    "deferral_owner_id = (SELECT max(id) FROM accounts_user)",
    "has_part_two = NOT coalesce(has_part_two, false)",
)
IDENTITY: Final = (
    "office_id = (SELECT id FROM accounts_office WHERE code = 'chief_executive')",
    "officer_id = (SELECT max(id) FROM accounts_user)",
    "sample = NOT sample",
    "slug = 'x'",
    "created_at = '2001-01-01'",
    "number = 9",
    "reference = 'PCD 9'",
)


def said(person: User, statement: str) -> str:
    """What PostgreSQL says to a statement of this person's, or how many rows it changed."""
    try:
        with transaction.atomic(), acting_as(person.pk), connection.cursor() as cursor:
            cursor.execute(statement)
            changed = cursor.rowcount
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            return f"{changed} rows"
    except DatabaseError as error:
        cause = error.__cause__
        assert isinstance(cause, psycopg.Error)
        return str(cause.diag.message_primary)


def with_every_part(cast: Cast) -> Paper:
    """A draft with a row in each table of parts."""
    paper = stages.draft(cast)
    stages.change_rows(paper, "background-papers", cast.olu, [{"title": "A paper"}])
    stages.change_rows(paper, "supporting-documents", cast.olu, [{"title": "A document"}])
    line = {"label": "Licences", "amount": 1, "kind": "revenue", "financial_year": "2026/27"}
    stages.change_rows(paper, "funding", cast.olu, [line])
    return paper


@pytest.mark.parametrize("table", PARTS)
def test_no_part_leaves_a_frozen_paper_for_another(cast: Cast, table: str) -> None:
    paper = with_every_part(cast)
    own = stages.blank(cast, by=cast.saba)
    stages.endorse(stages.submit(stages.advise_all(stages.ask(paper, cast))), cast.celia)
    away = f"UPDATE {table} SET paper_id = {own.pk}, position = 99 WHERE paper_id = {paper.pk}"
    assert said(cast.saba, away) == STAYS
    there = f"UPDATE {table} SET paper_id = {paper.pk} WHERE paper_id = {own.pk}"
    assert said(cast.saba, there) in {FROZEN, "0 rows"}
    assert said(cast.saba, f"DELETE FROM {table} WHERE paper_id = {paper.pk}") == FROZEN


@pytest.mark.parametrize("table", PARTS)
def test_no_part_leaves_a_draft_for_another_either(cast: Cast, table: str) -> None:
    paper, own = with_every_part(cast), stages.blank(cast, by=cast.saba)
    away = f"UPDATE {table} SET paper_id = {own.pk} WHERE paper_id = {paper.pk}"
    assert said(cast.saba, away) == STAYS


def test_part_two_does_not_leave_its_paper(cast: Cast, client: Client) -> None:
    paper = stages.decision(cast, part_two=True)
    own = stages.blank(cast, by=cast.saba)
    room.clear(paper, cast.saba, by=cast.olu, reason="To see what can be done")
    away = f"UPDATE conf.part_two SET paper_id = {own.pk} WHERE paper_id = {paper.pk}"
    assert said(cast.saba, away) == STAYS
    assert stages.SECRET in signed_in(cast.dominic).get(f"/papers/{paper.slug}/part-two/").text


def test_an_exemption_does_not_leave_its_part_two(cast: Cast) -> None:
    paper, other = stages.decision(cast, part_two=True), stages.draft(cast, part_two=True)
    for each in (paper, other):
        room.clear(each, cast.saba, by=cast.olu, reason="To see what can be done")
    theirs = f"(SELECT id FROM conf.part_two WHERE paper_id = {paper.pk})"
    own = f"(SELECT id FROM conf.part_two WHERE paper_id = {other.pk})"
    away = f"UPDATE conf.part_two_exemption SET part_two_id = {own} WHERE part_two_id = {theirs}"
    assert said(cast.saba, away) == STAYS


@pytest.mark.parametrize("stage", SUBMITTED)
def test_nothing_that_a_paper_says_changes_once_it_is_submitted(
    cast: Cast, stage: Callable[[Cast], Paper]
) -> None:
    paper = stage(cast)
    for change in TEXT:
        statement = f"UPDATE decisions_paper SET version = version + 1, {change} WHERE id = "
        assert said(cast.saba, f"{statement}{paper.pk}") == FROZEN, change


def test_a_text_does_not_change_in_the_step_that_submits_it_or_sends_it_back(cast: Cast) -> None:
    advised, waiting = stages.advised(cast), stages.decision(cast)
    change = "UPDATE decisions_paper SET version = version + 1, title = 'x', "
    submit = f"{change} state = 'endorsement' WHERE id = {advised.pk}"
    assert said(cast.saba, submit) == FROZEN
    back = f"{change} state = 'draft', round = round + 1 WHERE id = {waiting.pk}"
    assert said(cast.saba, back) == FROZEN


@pytest.mark.parametrize("change", IDENTITY)
@pytest.mark.parametrize("stage", [stages.blank, stages.decision])
def test_a_paper_stays_what_it_is_from_its_first_moment(
    cast: Cast, stage: Callable[[Cast], Paper], change: str
) -> None:
    paper = stage(cast)
    statement = f"UPDATE decisions_paper SET version = version + 1, {change} WHERE id = {paper.pk}"
    assert said(cast.saba, statement) in {
        KEEPS,
        "A reference, once drawn, stays with its paper.",
    }


def test_whoever_acts_as_chief_executive_cannot_have_the_paper_brought_to_them(cast: Cast) -> None:
    paper = stages.decision(cast)
    Appointment.objects.create(
        office=Office.objects.get(code="chief_executive"),
        person=cast.aud,
        acting=True,
        legal_basis="A letter of the Mayor",
        starts=today(),
    )
    moved = f"UPDATE decisions_paper SET version = version + 1, {IDENTITY[0]} WHERE id = {paper.pk}"
    assert said(cast.aud, moved) == KEEPS


@pytest.mark.parametrize("stage", [stages.endorsement, stages.decision])
def test_a_paper_that_is_waiting_is_shown_as_its_version_says(
    cast: Cast, stage: Callable[[Cast], Paper]
) -> None:
    paper = stage(cast)
    shown = signed_in(cast.saba).get(f"/papers/{paper.slug}/").context["record"]
    assert shown == paper.versions.latest("number").record
