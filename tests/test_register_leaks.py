"""What the public database role can find out, by whatever SQL, about what is not due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import psycopg
import pytest
from pytest_django.plugin import DjangoDbBlocker

from config import env
from tests import database
from tests.register_world import Register, numbered, register

CANARY: Final = "Quillfeather"


@pytest.fixture(scope="module")
def world(migrated: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Register]:
    """A register whose only row is not due, so that any answer at all is about that row."""
    with register(migrated, django_db_blocker) as made:
        for hours in (1, 2):  # what stands twice is what PostgreSQL keeps in its statistics
            made.place(
                numbered(1977, title=f"{CANARY} harbour"),
                not_before=datetime.now(UTC) + timedelta(hours=hours),
            )
        # The row without its wall, to show of each question that it would be answered.
        with psycopg.connect(database.address(env.OWNER, made.name)) as owner:
            owner.execute("CREATE VIEW pub.unwalled AS SELECT * FROM register.register_embargo")
            owner.execute("GRANT SELECT ON pub.unwalled TO countersign_public")
        yield made


# Each asks PostgreSQL to trip over a row that the reader may not see, and to name it in the error.
# The first few are a single cheap call, which a planner runs before the question whether the row is
# due, unless a barrier forbids it.
TRICKS: Final = (
    "SELECT 1 FROM {} WHERE has_schema_privilege(title, 'USAGE')",
    "SELECT 1 FROM {} WHERE has_table_privilege(title, 'SELECT')",
    "SELECT 1 FROM {} WHERE has_database_privilege(title, 'CONNECT')",
    "SELECT 1 FROM {} WHERE has_tablespace_privilege(title, 'CREATE')",
    "SELECT 1 FROM {} WHERE pg_has_role(title, 'MEMBER')",
    "SELECT 1 FROM {} WHERE title::int > 0",
    "SELECT 1 FROM {} WHERE title::date > now()",
    "SELECT 1 FROM {} WHERE title::jsonb IS NOT NULL",
    "SELECT 1 FROM {} WHERE cast(title AS numeric) = 1",
    "SELECT 1 FROM {} WHERE cast(title AS uuid) IS NOT NULL",
    "SELECT 1 FROM {} WHERE cast(title AS inet) IS NOT NULL",
    "SELECT 1 FROM {} WHERE cast(title AS point) IS NOT NULL",
    "SELECT 1 FROM {} WHERE cast(title AS interval) IS NOT NULL",
    "SELECT 1 FROM {} WHERE cast(title AS boolean)",
    "SELECT 1 FROM {} WHERE to_date(title, 'YYYY-MM-DD') IS NOT NULL",
    "SELECT 1 FROM {} WHERE '1' ~ ('[' || title)",
    "SELECT 1 FROM {} WHERE query_to_xml('SELECT ' || quote_ident(title), true, true, '') IS NULL",
    "SELECT 1 FROM {} WHERE title::regclass IS NOT NULL",
    "SELECT 1 FROM {} WHERE set_config('app.x', title, false) IS NULL",
    "SELECT 1 FROM {} WHERE 1 / (CASE WHEN title LIKE 'Quill%' THEN 0 ELSE 1 END) = 1",
    "SELECT 1 FROM {} WHERE 1 / (length(title) - 20) = 1",
    "SELECT 1 FROM {} ORDER BY 1 / (CASE WHEN title LIKE 'Quill%' THEN 0 ELSE 1 END)",
    "SELECT title FROM {} WHERE slug = 'pcd-1977'",
    "SELECT title FROM {} WHERE search @@ to_tsquery('english', 'quillfeather')",
    "SELECT max(title) FROM {} WHERE NOT title LIKE 'MPS%'",
    "SELECT string_agg(content, '') FROM {} WHERE slug <> 'pcd-1080'",
    "SELECT row_to_json(d) FROM {} d WHERE reference > 'PCD 1900'",
    "SELECT count(*) FROM {} GROUP BY title HAVING title::int > 0",
)


def told(world: Register, statement: str) -> list[str]:
    """Everything that comes back: values, errors, notices, settings."""
    heard: list[str] = []
    with world.sql() as public:
        public.add_notice_handler(lambda notice: heard.append(str(notice.message_primary)))
        try:
            rows = public.execute(statement.encode()).fetchall()
            heard += [repr(value) for row in rows for value in row if value is not None]
        except psycopg.Error as error:
            heard += [str(error.sqlstate), str(error.diag.message_primary)]
        setting = public.execute("SELECT current_setting('app.x', true)").fetchone()
        heard += [str(value) for value in setting or () if value is not None]
    return heard


@pytest.mark.parametrize("trick", TRICKS)
def test_each_question_is_answered_where_there_is_no_wall(world: Register, trick: str) -> None:
    assert told(world, trick.format("pub.unwalled")) != []


@pytest.mark.parametrize("trick", TRICKS)
def test_no_error_and_no_row_tells_of_a_decision_that_is_not_due(
    world: Register, trick: str
) -> None:
    assert told(world, trick.format("pub.decision")) == []


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM register.register_embargo",
        "SELECT * FROM register.register_live",
        "SELECT * FROM register.embargo_due",
        "SELECT * FROM register.superseded",
        "SELECT * FROM public.decisions_paper",
        "SELECT * FROM public.accounts_user",
        "SELECT * FROM conf.part_two",
        "INSERT INTO pub.decision (title) VALUES ('x')",
        "UPDATE pub.decision SET title = 'x'",
        "DELETE FROM pub.decision",
        "CREATE TABLE pub.mine (n int)",
        "CREATE TEMP TABLE mine (n int)",
        "CREATE VIEW pub.mine AS SELECT 1",
        "CREATE FUNCTION pub.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "SET ROLE countersign_staff",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT pg_read_file('PG_VERSION')",
    ],
)
def test_the_public_role_is_refused_everything_else(world: Register, statement: str) -> None:
    refused = (
        psycopg.errors.InsufficientPrivilege,
        psycopg.errors.ObjectNotInPrerequisiteState,  # a view of two tables takes no rows
    )
    with world.sql() as public, pytest.raises(refused):
        public.execute(statement.encode())


def test_statistics_do_not_quote_a_decision_that_is_not_due(world: Register) -> None:
    with psycopg.connect(database.address(env.OWNER, world.name), autocommit=True) as owner:
        owner.execute("ANALYZE register.register_embargo")
        assert CANARY in repr(owner.execute("SELECT * FROM pg_stats").fetchall())
    assert CANARY not in repr(told(world, "SELECT * FROM pg_stats"))
    plan = repr(told(world, "EXPLAIN (ANALYZE, VERBOSE) SELECT * FROM pub.decision"))
    assert "register_embargo" in plan
    assert CANARY not in plan
