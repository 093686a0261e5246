"""Part 2 is frozen with its paper, fits its commitment, and is read as it is signed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from hashlib import sha256
from typing import Any, Final

import psycopg
import pytest
from django.db import DatabaseError, connection, connections, transaction

from accounts.models import User
from config.database.acting import acting_as
from decisions.models import Paper, Version
from decisions.part_two import room
from decisions.part_two.models import FrozenPartTwo
from tests import database, stages
from tests.cast import Cast, assemble
from tests.pages import signed_in
from tests.races import wait_until_somebody_waits
from tests.test_frozen_papers import FROZEN

UNFIT: Final = "Part 2 is kept as its version commits to it."
SALT: Final = b"s" * 32
OTHER: Final = "Another Part 2 than was advised on."


def commitment(text: str = OTHER, salt: bytes = SALT) -> str:
    """As outsiders are told to compute it: SHA-256 of salt and text."""
    return sha256(salt + text.encode()).hexdigest()


def by_hand(paper: Paper, by: User, committed_to: str, *rows: tuple[Any, ...]) -> str:
    """What PostgreSQL says to a version with this commitment and these frozen rows."""
    newest = paper.versions.latest("number")
    try:
        with transaction.atomic(), acting_as(by.pk), connection.cursor() as cursor:
            version = Version.objects.create(
                paper=paper,
                number=newest.number + 1,
                round=paper.round,
                content=newest.content,
                digest=newest.digest,
                part_two_commitment=committed_to,
                taken_by=by,
            )
            for row in rows:
                cursor.execute(
                    "INSERT INTO conf.part_two_frozen (version_id, content, salt, commitment) "
                    "VALUES (%s, %s, %s, %s)",
                    [version.pk, *row],
                )
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except DatabaseError as error:
        cause = error.__cause__
        assert isinstance(cause, psycopg.Error)
        return str(cause.diag.constraint_name or cause.diag.message_primary)
    return "done"


@pytest.mark.django_db
def test_what_is_kept_fits_its_commitment_and_that_of_its_version(cast: Cast) -> None:
    paper = stages.consultation(cast, part_two=True)
    right = commitment()
    assert by_hand(paper, cast.olu, "0" * 64, (OTHER, SALT, "0" * 64)) == "part_two_is_committed_to"
    assert by_hand(paper, cast.olu, "0" * 64, (OTHER, SALT, right)) == UNFIT
    assert by_hand(paper, cast.olu, right, ("x", SALT, right)) == "part_two_is_committed_to"
    assert by_hand(paper, cast.olu, right, (OTHER, b"t" * 32, right)) == "part_two_is_committed_to"
    short = commitment(salt=b"s")
    assert by_hand(paper, cast.olu, short, (OTHER, b"s", short)) == "part_two_is_salted"
    assert by_hand(paper, cast.olu, right) == "A version keeps the Part 2 that it commits to."
    assert by_hand(paper, cast.olu, right, (OTHER, SALT, right)) == "done"


@pytest.mark.django_db
def test_a_kept_part_two_that_does_not_fit_is_not_shown(cast: Cast) -> None:
    paper = stages.decision(cast, part_two=True)
    version = paper.versions.latest("number")
    found = FrozenPartTwo.objects.get(version=version)
    assert stages.SECRET in found.content
    version.part_two_commitment = "0" * 64
    with pytest.raises(room.DoesNotFit) as refusal:
        room.read_frozen(version, by=cast.celia)
    assert str(refusal.value) == (
        f"The Part 2 that is kept of {paper.reference} is not the one that its version commits to, "
        "so it is not shown and must not be signed. Tell whoever runs this service."
    )


@pytest.mark.django_db
@pytest.mark.parametrize("stage", [stages.endorsement, stages.decision, stages.decided])
def test_the_page_shows_what_is_signed(cast: Cast, stage: Any) -> None:
    paper = stage(cast, part_two=True)
    version = paper.versions.latest("number")
    room.clear(paper, cast.saba, by=cast.olu, reason="To keep the papers in order")
    with acting_as(cast.saba.pk), connection.cursor() as cursor:
        cursor.execute("SELECT body FROM conf.part_two WHERE paper_id = %s", [paper.pk])
        assert cursor.fetchall() == [(stages.SECRET,)]
    answer = signed_in(cast.saba).get(f"/papers/{paper.slug}/part-two/")
    assert stages.SECRET in answer.text
    assert answer.context["version"] == version
    read = paper.events.filter(verb="read_part_two", actor=cast.saba)
    assert [event.facts for event in read] == [f'{{"number":{version.number}}}']


def test_part_two_waits_for_who_submits_its_paper_and_is_frozen_then(clone: str) -> None:
    cast = assemble()
    paper = stages.advised(cast, part_two=True)
    advised_on = FrozenPartTwo.objects.get(version=paper.versions.latest("number")).content

    def change() -> str:
        try:
            with acting_as(cast.olu.pk), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("UPDATE conf.part_two SET body = %s", [OTHER])
                cursor.execute("UPDATE decisions_paper SET version = version + 1")
        except DatabaseError as error:
            return str(error).partition("\n")[0]
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(1) as elsewhere:
        with transaction.atomic():
            stages.submit(paper)
            late = elsewhere.submit(copy_context().run, change)
            wait_until_somebody_waits(clone)
        assert late.result(timeout=60) == FROZEN
    with database.superuser_of(clone) as superuser:
        body = superuser.execute(b"SELECT body FROM conf.part_two").fetchall()
    assert body == [(stages.SECRET,)]
    now = FrozenPartTwo.objects.get(version=paper.versions.latest("number")).content
    assert now == advised_on
