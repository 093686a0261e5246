"""A deferred decision: nowhere a second early, everywhere after, by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
import psycopg
import pytest
from pytest_django.plugin import DjangoDbBlocker

from config import env
from decisions.register.models import Embargo
from decisions.register.record import Block, Record
from tests import database
from tests.records import corrected, pcd_1080
from tests.register_world import Register, body, numbered, register

# Words that stand in the deferred decision and nowhere else.
TITLE: Final = "Quillfeather harbour"
WORDS: Final = ("Quillfeather", "quillfeath", "Ada Thistledown", "PCD 1977", "pcd-1977", "1977")
SECOND: Final = timedelta(seconds=1)
HOUR: Final = timedelta(hours=1)

OF_THE_DECISION: Final = (
    "/decisions/pcd-1977/",
    "/decisions/pcd-1977/decision.pdf",
    "/decisions/pcd-1977.json",
    "/decisions/pcd-1977/editions/1/",
    "/decisions/pcd-1977/editions/1.json",
    "/decisions/pcd-1977/editions/1/decision.pdf",
)
LISTS: Final = (
    "/",
    "/decisions/",
    "/decisions/?year=2019",
    "/decisions.json",
    "/decisions.csv",
    "/decisions.atom",
)
SEARCHES: Final = (
    "/decisions/?q=harbour",
    "/decisions/?q=pcd1977",
    "/decisions/?q=1977",
    "/decisions/?by=Ada+Thistledown",
    "/decisions.json?q=harbour",
    "/decisions.csv?q=harbour",
)


def deferred() -> Record:
    """A decision whose every shown word is its own, signed in a year of its own."""
    record = numbered(1977, title=TITLE)
    assert record.decision is not None
    decision = msgspec.structs.replace(
        record.decision,
        name="Ada Thistledown",
        signed_at=datetime(2019, 5, 2, 10, 0, tzinfo=UTC),
    )
    summary = (Block(kind="paragraph", html="Why Quillfeather wants a harbour."),)
    return msgspec.structs.replace(record, decision=decision, executive_summary=summary)


@pytest.fixture(scope="module")
def waiting(migrated: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Register]:
    """A register with a public decision, and one that becomes public in a second."""
    with register(migrated, django_db_blocker) as made:
        made.place(pcd_1080())
        made.place(deferred(), not_before=datetime.now(UTC) + 2 * HOUR)
        # As near to the moment as a slow machine allows: it is an hour away while this is read.
        made.let_pass(HOUR)
        yield made


@pytest.fixture(scope="module")
def due(migrated: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Register]:
    """The same, a second after the moment."""
    with register(migrated, django_db_blocker) as made:
        made.place(pcd_1080())
        made.place(deferred(), not_before=datetime.now(UTC) + HOUR)
        made.let_pass(HOUR + SECOND)
        yield made


def test_the_secret_exists_where_the_staff_read_it(waiting: Register) -> None:
    row = waiting.deferred("pcd-1977")
    assert row.title == TITLE
    assert "Ada Thistledown" in row.content
    assert row.search.count("quillfeath") == 1


@pytest.mark.parametrize("path", OF_THE_DECISION)
def test_before_the_moment_its_addresses_are_those_of_no_decision(
    waiting: Register, path: str
) -> None:
    here, nowhere = waiting.get(path), waiting.get(path.replace("1977", "1999"))
    assert here.status_code == nowhere.status_code == 404
    assert here.content.replace(b"1977", b"1999") == nowhere.content
    assert dict(here.headers) == dict(nowhere.headers)


@pytest.mark.parametrize("path", [*LISTS, *SEARCHES])
def test_before_the_moment_no_list_and_no_search_knows_it(waiting: Register, path: str) -> None:
    response = waiting.get(path)
    shown = body(response).decode().replace(path.partition("?")[2].partition("=")[2], "")
    shown = shown.replace("Ada Thistledown", "") if "by=Ada" in path else shown
    told = [word for word in WORDS if word in shown or word in str(response.headers)]
    assert told == []


def test_before_the_moment_its_words_find_nothing(waiting: Register) -> None:
    assert "No decisions found" in waiting.text("/decisions/?q=harbour")
    assert json.loads(waiting.text("/decisions.json?q=harbour"))["total"] == 0
    assert json.loads(waiting.text("/decisions.json"))["total"] == 1


@pytest.mark.parametrize("path", OF_THE_DECISION)
def test_after_the_moment_its_addresses_answer(due: Register, path: str) -> None:
    response = due.get(path)
    assert response.status_code == 200
    if not path.endswith(".pdf"):
        assert TITLE.encode() in response.content


@pytest.mark.parametrize("path", [*LISTS, *SEARCHES])
def test_after_the_moment_every_list_and_search_knows_it(due: Register, path: str) -> None:
    assert TITLE in due.text(path)


def test_the_page_and_the_lists_change_for_caches_too(waiting: Register, due: Register) -> None:
    """A reader's copy of a list from before the moment is not taken for the list after it."""
    for path in LISTS:
        tag = waiting.get(path).headers["ETag"]
        assert due.get(path, if_none_match=tag).status_code == 200


def test_a_second_before_the_moment_the_row_is_not_there(
    migrated: str, django_db_blocker: DjangoDbBlocker
) -> None:
    """PostgreSQL is asked inside one transaction, in which its clock stands still."""
    with register(migrated, django_db_blocker) as world:
        world.place(deferred(), not_before=datetime.now(UTC) + HOUR)
        with psycopg.connect(database.address(env.OWNER, world.name)) as owner:
            owner.execute("ALTER TABLE register.register_embargo DISABLE TRIGGER refuse_change")
            for offset, expected in (("1 second", 0), ("1 microsecond", 0), ("0", 1), ("-1 s", 1)):
                owner.execute(
                    "UPDATE register.register_embargo SET not_before = now() + %s::interval",
                    [offset],
                )
                found = owner.execute("SELECT count(*) FROM pub.decision").fetchone()
                assert found == (expected,), offset
            owner.rollback()


def test_a_deferred_correction_leaves_the_first_edition_as_it_is(
    migrated: str, django_db_blocker: DjangoDbBlocker
) -> None:
    with register(migrated, django_db_blocker) as world:
        world.place(pcd_1080())
        world.place(corrected(), not_before=datetime.now(UTC) + HOUR)
        page = world.text("/decisions/pcd-1080/")
        assert world.get("/decisions/pcd-1080/editions/2/").status_code == 404
        assert "named the wrong financial years" not in page
        assert "Earlier edition" not in page
        world.let_pass(HOUR + SECOND)
        assert "named the wrong financial years" in world.text("/decisions/pcd-1080/")
        assert "Earlier edition" in world.text("/decisions/pcd-1080/editions/1/")


def test_a_decision_whose_moment_comes_last_is_listed_as_the_newest(
    migrated: str, django_db_blocker: DjangoDbBlocker
) -> None:
    with register(migrated, django_db_blocker) as world:
        world.place(deferred(), not_before=datetime.now(UTC) + HOUR)
        world.place(numbered(1200))
        world.let_pass(2 * HOUR)
        with world.staff():
            assert Embargo.objects.count() == 1
        listed = json.loads(world.text("/decisions.json"))["decisions"]
        assert [row["reference"] for row in listed] == ["PCD 1977", "PCD 1200"]
