"""Where nobody is named who acts, PostgreSQL shows no row and takes none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client
from psycopg import IsolationLevel, sql

from accounts.models import Duty, Office, User
from approvals import actions
from approvals.models import ArchivedDocument, DocumentRefusal, Edition, SealedDocument
from config.database.acting import SET_UP, acting, acting_as
from decisions.models import Paper
from tests import database, stages
from tests.ambient import AMBIENT
from tests.cast import PASSWORD, Cast, assemble
from tests.house.test_grants import EXPECTED, EXPECTED_STAFF
from tests.need_to_know_world import (
    BY_PASSKEY,
    OF_CLEARED,
    WITH_ITS_PAPER,
    add_files,
    rows,
)
from tests.pages import signed_in

# What staff write without anybody who acts, and why.
EXEMPT = {
    "public.account_emailaddress": "sign-in: there is no person yet",
    "public.accounts_cache": "counts tries to sign in",
    "public.accounts_identity": "sign-in: single sign-on tells who the person is",
    "public.accounts_signin": "sign-in: the row of a session",
    "public.django_session": "a session is what says who the person is",
    "public.mfa_authenticator": "sign-in: a code is used up before there is a person",
    "public.procrastinate_events": "written by the jobs' own triggers",
    "public.procrastinate_jobs": "a job names who asked for it",
}
NOBODY = "Nobody is named who does this, so nothing was written"
EARLIER = "This transaction is shown an earlier moment, so nothing was written"
SOMEBODY_ELSE = "Somebody else does this than is named, so nothing was written"


def told() -> Any:
    """Whom this very statement's transaction was told of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('countersign.person', %s)", [True])
        return cursor.fetchone()[0]


def backend() -> int:
    """The connection to PostgreSQL that is spoken through."""
    connection.ensure_connection()
    return int(connection.connection.info.backend_pid)


def test_with_nobody_named_no_protected_table_shows_a_row(cast: Cast, seal_key: None) -> None:
    paper = stages.sealed(cast, part_two=True)
    stages.publish(paper, cast.saba)
    edition = Edition.objects.get(paper=paper)
    DocumentRefusal.objects.create(edition=edition, attempt=1, sentence="There was no room.")
    ArchivedDocument.objects.create(
        document=SealedDocument.objects.get(edition=edition), digest="a" * 64, size=1
    )
    add_files(stages.draft(cast, part_two=True), cast.olu, cast.saba)
    held = stages.decision(cast)
    actions.send_back(held.pk, by=cast.saba, reason="The sums do not add up.")
    empty = {"public.decisions_backgroundpaper", "public.decisions_supportingdocument"}
    empty |= {"public.decisions_fundingline", "register.register_embargo", BY_PASSKEY}
    for relation in {*WITH_ITS_PAPER, *OF_CLEARED} - empty:
        assert rows(f"SELECT id FROM {relation}") != set(), relation  # noqa: S608 - from the list
        for nobody in (None, SET_UP):
            with acting_as(nobody):
                assert rows(f"SELECT id FROM {relation}") == set(), relation  # noqa: S608


def triggers() -> dict[str, str]:
    """Each table with the guard, and the column that says who did it, or ""."""
    found = rows(
        "SELECT n.nspname || '.' || c.relname, "
        "coalesce(substring(pg_get_triggerdef(t.oid) FROM '''([a-z_]+)''\\)$'), '') "
        "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "JOIN pg_namespace n ON n.oid = c.relnamespace "
        # before each row (1 and 2), on INSERT (4), DELETE (8), UPDATE (16), whatever is set
        "WHERE t.tgname = 'actor_is_set' AND t.tgenabled = 'A' AND t.tgtype = 1 + 2 + 4 + 8 + 16"
    )
    return {str(relation): str(column) for relation, column in found}


@pytest.mark.django_db
def test_every_table_that_staff_may_write_has_the_guard_or_a_reason() -> None:
    written = {name for name, rights in EXPECTED_STAFF.items() if rights - {"SELECT"}}
    assert triggers().keys() == written - EXEMPT.keys(), (
        "A table that staff may write is named in part 5 of config/rows.sql, or here with a reason."
    )
    assert EXEMPT.keys() <= written


@pytest.mark.django_db
def test_nothing_is_added_anywhere_by_nobody() -> None:
    for relation in triggers():
        with refused(NOBODY), acting_as(None), connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {relation} DEFAULT VALUES")


@pytest.mark.parametrize("level", [IsolationLevel.REPEATABLE_READ, IsolationLevel.SERIALIZABLE])
def test_nothing_is_written_by_who_is_shown_an_earlier_moment(
    db: None, level: IsolationLevel
) -> None:
    """The guards judge by what stands when a row is written, and would be shown what stood."""
    tables = triggers()
    tried = set()
    for role, rights in EXPECTED.items():
        address = database.address(role, settings.TEST_DATABASE)
        with psycopg.connect(address) as login:
            login.isolation_level = level
            for relation in sorted(table for table in tables if "INSERT" in rights.get(table, ())):
                statement = sql.SQL("INSERT INTO {} DEFAULT VALUES")
                with pytest.raises(psycopg.DatabaseError, match=EARLIER):
                    login.execute(statement.format(sql.Identifier(*relation.split("."))))
                login.rollback()
                tried.add(relation)
    assert tried == tables.keys()


def test_nothing_is_changed_or_removed_by_nobody(cast: Cast) -> None:
    stages.draft(cast, part_two=True)
    for relation in triggers():
        rights = EXPECTED_STAFF[relation]
        # tests of their own, below and in test_invitation.py
        if relation in {"public.accounts_user", "public.accounts_invitation"}:
            continue
        hidden = relation in WITH_ITS_PAPER or relation in OF_CLEARED
        for right, statement in (("UPDATE", "UPDATE {} SET id = id"), ("DELETE", "DELETE FROM {}")):
            if right not in rights:
                continue
            if hidden:
                with acting_as(None), connection.cursor() as cursor:
                    cursor.execute(statement.format(relation))
                    assert cursor.rowcount == 0, relation
                continue
            with refused(NOBODY), acting_as(None), connection.cursor() as cursor:
                cursor.execute(statement.format(relation).replace("id = id", "id = id + 0"))


def test_what_somebody_does_is_written_in_their_own_name(cast: Cast) -> None:
    stages.draft(cast)
    named = {relation: column for relation, column in triggers().items() if column}
    assert len(named) > 8
    for relation, column in named.items():
        with refused(SOMEBODY_ELSE), acting_as(cast.olu.pk), connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {relation} ({column}) VALUES (%s)", [cast.oona.pk])  # noqa: S608
        with refused(SOMEBODY_ELSE), acting_as(cast.olu.pk), connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {relation} DEFAULT VALUES")


@pytest.mark.parametrize("setting", ["session_replication_role = replica", "row_security = off"])
def test_no_setting_of_the_session_silences_the_guard(cast: Cast, setting: str) -> None:
    change = "UPDATE accounts_office SET title = 'x'"
    with pytest.raises(DatabaseError), transaction.atomic(), acting_as(None):
        connection.cursor().execute(f"SET LOCAL {setting}; {change}")
    assert not Office.objects.filter(title="x").exists()


def test_only_when_somebody_signed_in_is_noted_with_nobody_named(cast: Cast) -> None:
    with acting_as(None):
        User.objects.filter(pk=cast.olu.pk).update(last_login="2026-01-05T09:00:00Z")
        for change in ({"name": "Another"}, {"is_active": False}, {"password": "!"}):
            with refused(NOBODY):
                User.objects.filter(pk=cast.olu.pk).update(**change)
    assert User.objects.get(pk=cast.olu.pk).last_login is not None


def test_a_password_that_is_right_is_hashed_anew_by_whose_it_is(cast: Cast, settings: Any) -> None:
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    with acting_as(None):
        assert User.objects.get(pk=cast.olu.pk).check_password(PASSWORD)
        assert acting() is None
    assert User.objects.get(pk=cast.olu.pk).password.startswith("pbkdf2_sha256$")


@contextmanager
def refused(sentence: str) -> Iterator[None]:
    """What happens here is refused with these words, and undone."""
    with pytest.raises(DatabaseError, match=sentence), transaction.atomic():
        yield


# Who acts: from request to transaction, and no further.


def test_outside_a_transaction_each_statement_carries_its_actor_and_leaves_nothing(
    clone: str,
) -> None:
    with acting_as(None):
        first = backend()
        assert told() in {None, ""}
        with acting_as(7):
            assert told() == "7"
        assert told() in {None, ""}
        with acting_as(8):
            assert told() == "8"
        assert backend() == first


def test_a_transaction_is_told_at_once_when_somebody_else_acts_in_it(clone: str) -> None:
    with acting_as(7), transaction.atomic():
        assert told() == "7"
        with acting_as(8):
            assert told() == "8"
        assert told() == "7"
        with acting_as(None):
            assert told() == ""
    with acting_as(None):
        assert told() == ""


@pytest.mark.parametrize("outer", [7, None])
def test_a_savepoint_that_is_rolled_back_leaves_the_actor_of_before(
    clone: str, outer: int | None
) -> None:
    named = "" if outer is None else str(outer)
    with acting_as(outer), transaction.atomic():
        with pytest.raises(DatabaseError), transaction.atomic(), acting_as(8):
            connection.cursor().execute("SELECT 1 / %s", [0])
        assert (told() or "") == named
        with acting_as(8), transaction.atomic():
            assert told() == "8"
            transaction.set_rollback(True)
        assert (told() or "") == named
        with acting_as(8), connection.cursor() as cursor:
            cursor.execute("SAVEPOINT by_hand")
            assert told() == "8"
        with acting_as(9), connection.cursor() as cursor:
            assert told() == "9"
            cursor.execute("ROLLBACK TO SAVEPOINT by_hand")
            assert told() == "9"
        assert (told() or "") == named


def test_a_failed_statement_and_a_rolled_back_transaction_leave_no_actor_behind(
    clone: str,
) -> None:
    first = backend()
    for spoil in ("SELECT 1 / %s", "SELECT nothing FROM decisions_paper WHERE id = %s"):
        with pytest.raises(DatabaseError), acting_as(7), connection.cursor() as cursor:
            cursor.execute(spoil, [0])
        with pytest.raises(DatabaseError), transaction.atomic(), acting_as(7):
            connection.cursor().execute(spoil, [0])
        with acting_as(None):
            assert told() == ""
        with acting_as(8):
            assert told() == "8"
    assert backend() == first


def test_several_statements_in_one_text_and_many_rows_at_once_carry_the_actor(clone: str) -> None:
    with acting_as(7), connection.cursor() as cursor:
        cursor.execute("SELECT 1; SELECT current_setting('countersign.person', true)")
        assert cursor.nextset()
        assert cursor.fetchone() == ("7",)
        cursor.executemany(
            "SELECT 1 / (current_setting('countersign.person', true) = %s)::integer", [["7"]]
        )
    with acting_as(None):
        assert told() == ""


def test_one_request_is_the_clients_persons_and_the_next_on_the_connection_is_not(
    clone: str,
) -> None:
    cast = assemble()
    paper = stages.draft(cast)
    olu, oona = signed_in(cast.olu), signed_in(cast.oona)
    first, named = backend(), set[int | None]()

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "decisions_paper" in sql:
            named.add(acting())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        assert olu.get(paper.get_absolute_url()).status_code == 200
        assert named == {cast.olu.pk}
        assert acting() == AMBIENT
        named.clear()
        assert oona.get(paper.get_absolute_url()).status_code == 404
        assert named == {cast.oona.pk}
        with acting_as(None):
            assert not Paper.objects.exists()
            named.clear()
            assert Client().get("/papers/").status_code == 302
    assert named == set()
    assert backend() == first


def test_a_page_that_breaks_leaves_nobody_acting(cast: Cast, monkeypatch: Any) -> None:
    from decisions import papers

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    client = signed_in(cast.olu)
    monkeypatch.setattr(papers, "listed", broken)
    with acting_as(None):
        with pytest.raises(ZeroDivisionError):
            client.get("/papers/")
        assert acting() is None
        assert told() == ""


def test_people_and_offices_come_in_a_set_up_and_papers_do_not(cast: Cast) -> None:
    with acting_as(SET_UP):
        somebody = User.objects.create_user("new@example.org", "Somebody new")
        Duty.objects.create(person=somebody, kind="officer")
        with pytest.raises(DatabaseError), transaction.atomic():
            stages.blank(cast)
