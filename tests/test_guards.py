"""PostgreSQL itself refuses what the application must never do, to the role the service runs as."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from decisions.drafting.begin import begin
from decisions.history import record
from decisions.models import Event, Paper, Section, Version
from tests import stages
from tests.cast import Cast

pytestmark = pytest.mark.django_db

EVIDENCE = [
    "decisions_event",
    "decisions_version",
    "decisions_contributor",
    "decisions_reader",
    "conf.part_two_clearance",
    "conf.part_two_frozen",
    "approvals_consultation",
    "approvals_advice",
    "approvals_reason",
    "approvals_signature",
    "approvals_assertion",
    "approvals_outcome",
    "approvals_edition",
    "approvals_sealeddocument",
    "approvals_notice",
    "approvals_publication",
    "register.register_live",
    "register.register_embargo",
]


@pytest.fixture
def paper(cast: Cast) -> Paper:
    return begin("pcd", "A paper to attack", by=cast.olu)


def _refused(statement: str, *parameters: int) -> str:
    """Run a statement that must fail, and give PostgreSQL's word for why."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        connection.cursor().execute(statement, parameters)
    cause = caught.value.__cause__
    assert isinstance(cause, psycopg.Error)
    return cause.sqlstate or ""


@pytest.mark.parametrize("table", EVIDENCE)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_evidence_can_only_be_added_to(cast: Cast, table: str, statement: str) -> None:
    assert _refused(statement.format(table)) == "42501"  # insufficient privilege


def test_a_save_without_the_next_version_number_is_refused(paper: Paper) -> None:
    paper.title = "Overwritten"
    with pytest.raises(DatabaseError), transaction.atomic():
        paper.save()
    paper.version += 1
    paper.save()
    assert Paper.objects.get(pk=paper.pk).title == "Overwritten"


def test_a_reference_stays_with_its_paper(paper: Paper) -> None:
    statement = (
        "UPDATE decisions_paper SET version = version + 1, reference = 'PCD 1' WHERE id = %s"
    )
    assert _refused(statement, paper.pk) == "23000"


def test_a_paper_has_no_state_but_those_of_the_table(paper: Paper) -> None:
    statement = "UPDATE decisions_paper SET version = version + 1, state = 'approved' WHERE id = %s"
    assert _refused(statement, paper.pk) == "23000"


@pytest.mark.parametrize(
    "stage", [stages.endorsement, stages.decision, stages.decided, stages.withdrawn]
)
def test_the_parts_of_a_frozen_paper_cannot_be_changed(
    cast: Cast, stage: Callable[[Cast], Paper]
) -> None:
    paper = stage(cast)
    assert _refused("UPDATE decisions_section SET body = 'x' WHERE paper_id = %s", paper.pk) == (
        "23000"
    )
    assert _refused("DELETE FROM decisions_declaration WHERE paper_id = %s", paper.pk) == "23000"
    with pytest.raises(DatabaseError), transaction.atomic():
        Section.objects.create(paper=paper, kind="extra", heading="Smuggled in")


def test_a_version_cannot_carry_a_digest_that_is_not_its_own(cast: Cast, paper: Paper) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Version.objects.create(
            paper=paper, number=1, round=1, content="{}", digest="0" * 64, taken_by=cast.olu
        )


def test_prose_never_enters_the_chain(cast: Cast, paper: Paper) -> None:
    with pytest.raises(ValueError, match="prose"):
        record(paper, "save", cast.olu, subject="the price is nine pounds")


def test_the_chain_can_be_recomputed_by_anyone_who_has_the_rows(cast: Cast, paper: Paper) -> None:
    record(paper, "save", cast.olu, subject="title", version=2)
    previous = "0" * 64
    events = list(Event.objects.order_by("seq"))
    assert len(events) >= 3
    for number, event in enumerate(events, start=events[0].seq):
        at = event.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        fields = [
            str(number),
            at,
            event.db_role,
            str(event.paper_id or ""),
            str(event.actor_id),
            event.verb,
            event.facts,
            previous,
        ]
        text = b"\0" + b"".join(len(f.encode()).to_bytes(4, "big") + f.encode() for f in fields)
        assert (event.seq, event.prev) == (number, previous)
        assert event.hash == hashlib.sha256(text).hexdigest()
        previous = event.hash
