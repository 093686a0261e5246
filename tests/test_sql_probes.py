"""What the public login and the worker's can read or write by raw SQL of what is confidential."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection

from config import env
from decisions.part_two.models import PartTwo
from tests import ambient, database, stages
from tests.cast import assemble
from tests.sql_probes import OF_A_TABLE, OF_THE_CLUSTER, WRITES

CANARY = "Quillfeather"
# Where the canary or a person stands, as the first test shows.
CONFIDENTIAL = (
    "conf.part_two",
    "conf.part_two_exemption",
    "conf.part_two_clearance",
    "conf.part_two_frozen",
    "public.decisions_paper",
    "public.decisions_version",
    "public.decisions_section",
    "public.approvals_advice",
    "public.approvals_signature",
    "public.accounts_user",
)


@pytest.fixture
def world(clone: str) -> str:
    """A decided paper with Part 2, and a row in every confidential table."""
    stages.decided(assemble(), part_two=True)
    assert CANARY in PartTwo.objects.get().body
    return clone


def told(role: psycopg.Connection[object], statement: str) -> str:
    """Everything that comes back of a statement: rows, notices and errors; "" where it is refused.

    A refusal is one for want of a right, or of XML in this build of PostgreSQL; any other error is
    something that was told.
    """
    heard: list[str] = []
    role.add_notice_handler(lambda notice: heard.append(str(notice.message_primary)))
    try:
        if statement.startswith("COPY") and "STDOUT" in statement:
            with role.cursor().copy(statement.encode()) as copy:
                heard += [bytes(part).decode() for part in copy]
        else:
            answer = role.execute(statement.encode())
            heard.append(repr(answer.fetchall()) if answer.description else "done")
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.FeatureNotSupported):
        return ""
    except psycopg.Error as error:
        heard += [str(error), str(error.diag.message_detail)]
    return "\n".join(heard)


def test_every_confidential_table_has_something_to_hide(world: str) -> None:
    with connection.cursor() as cursor:
        for table in CONFIDENTIAL:
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - a name from above
            assert cursor.fetchone() != (0,), table
    with psycopg.connect(database.address(env.STAFF, world), autocommit=True) as staff:
        ambient.speak(staff)
        for table in ("conf.part_two", "conf.part_two_frozen"):
            shown = [question.format(table) for question in OF_A_TABLE]
            assert (
                sum(CANARY in told(staff, question) for question in shown) >= 9
            )  # all but code of its own, COPY by hand and the like


@pytest.mark.parametrize("role", [env.PUBLIC, env.RENDERER])
def test_no_question_is_answered_and_nothing_is_written(world: str, role: str) -> None:
    asked = [q.format(t) for q in (*OF_A_TABLE, *WRITES) for t in CONFIDENTIAL]
    assert len(asked) + len(OF_THE_CLUSTER) >= 200
    with psycopg.connect(database.address(role, world), autocommit=True) as login:
        assert {question: heard for question in asked if (heard := told(login, question))} == {}
        for question in OF_THE_CLUSTER:
            assert CANARY not in told(login, question), question
