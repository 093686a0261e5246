"""What each login can read, write or make by raw SQL that is not its own."""

from __future__ import annotations

from typing import Final

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

    A refusal is one for want of a right, or of XML or an extension in this build of PostgreSQL; any
    other error is something that was told.
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
    except (
        psycopg.errors.InsufficientPrivilege,
        psycopg.errors.FeatureNotSupported,
        psycopg.errors.UndefinedFile,
    ):
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


# What may be heard: how many people there are, by who writes to them; and of PostgreSQL itself what
# it does just now, without a word of anybody else's.
HEARD: Final[dict[str, frozenset[str]]] = {
    env.MAILER: frozenset({"public.accounts_user"}),
}
OF_ITSELF: Final = ("SELECT query FROM pg_stat_activity", "SELECT * FROM pg_stats WHERE")


@pytest.mark.parametrize("role", [role for role in env.ROLES if role != env.STAFF])
def test_no_question_is_answered_and_nothing_is_written(world: str, role: str) -> None:
    asked = {q.format(t): t for q in (*OF_A_TABLE, *WRITES) for t in CONFIDENTIAL}
    assert len(asked) + len(OF_THE_CLUSTER) >= 200
    with psycopg.connect(database.address(role, world), autocommit=True) as login:
        heard = {question: said for question in asked if (said := told(login, question))}
    assert {asked[question] for question in heard} <= HEARD.get(role, frozenset())
    assert CANARY not in repr(heard)


@pytest.mark.parametrize("role", env.ROLES)
def test_nothing_is_made_in_the_cluster_and_nobody_becomes_another(world: str, role: str) -> None:
    with psycopg.connect(database.address(role, world), autocommit=True) as login:
        others = [asked for asked in OF_THE_CLUSTER if not asked.endswith(role)]
        heard = {asked: said for asked in others if (said := told(login, asked))}
    assert [asked for asked in heard if not asked.startswith(OF_ITSELF)] == []
    assert CANARY not in repr(heard)


def test_it_would_be_heard_if_it_could_be_made(world: str) -> None:
    """Else the refusals above would be for something else."""
    with database.superuser_of(world) as superuser:
        superuser.execute(b"GRANT CREATE ON SCHEMA public TO countersign_public")
        superuser.execute(f"GRANT CREATE, TEMP ON DATABASE {world} TO countersign_public".encode())
    with psycopg.connect(database.address(env.PUBLIC, world), autocommit=True) as login:
        made = [asked for asked in OF_THE_CLUSTER if told(login, asked) == "done"]
    assert [" ".join(each.split()[:3]) for each in made] == [
        "CREATE SCHEMA mine",
        "CREATE TABLE public.mine",
        "CREATE TEMP TABLE",
        "CREATE FUNCTION pg_temp.mine()",
    ]
