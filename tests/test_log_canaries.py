"""Errors forced in every way, with a canary in the text: it is in no error, no log and no page."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import RequestFactory
from django.views.debug import ExceptionReporter
from psycopg import sql

from config import env
from config.guards import SILENT
from config.logs import KindAndPlace, NothingTyped
from decisions.models import Paper
from decisions.part_two.models import PartTwo
from setup import devdb
from tests import ambient, database, stages
from tests.cast import assemble

CANARY = f"Zander{uuid4().hex}"
# Statements that PostgreSQL refuses, with the canary as what somebody wrote, and its word for why.
SHORT = {
    "INTO CLEARANCE": "INTO conf.part_two_clearance "
    "(paper_id, person_id, reason, granted_by_id, granted_at)",
    "INTO FROZEN": "INTO conf.part_two_frozen (version_id, content, salt, commitment)",
    "INTO EXEMPTION": "INTO conf.part_two_exemption "
    "(part_two_id, position, article, section, balance)",
    "INTO PART_TWO": "INTO conf.part_two "
    "(paper_id, body, rationale, marking, reason, ends_when, version)",
    "CLEARED": "conf.part_two_clearance",
    "CHANGE": "UPDATE conf.part_two SET",
}
FORCED = [
    ("23514", "CHANGE body = repeat(%s, 100)"),
    ("23514", "CHANGE rationale = %s || 'forbidden'"),
    ("23502", "CHANGE body = %s, rationale = NULL"),
    ("23502", "CHANGE marking = NULL, body = %s"),
    ("23502", "CHANGE ends_when = NULL, reason = %s"),
    ("23502", "CHANGE version = NULL, body = %s"),
    ("22001", "CHANGE marking = repeat(%s, 3)"),
    ("22001", "CHANGE ends_when = repeat(%s, 9)"),
    ("22003", "CHANGE version = 99999999999, body = %s"),
    ("23514", "CHANGE version = -1, body = %s"),
    ("23505", "INSERT INTO PART_TWO SELECT paper_id, %s, '', '', '', '', 1 FROM conf.part_two"),
    ("22007", "CHANGE ends_on = (%s)::text::date"),
    ("22P02", "SELECT body::int, %s FROM conf.part_two"),
    ("22P02", "SELECT body::uuid, %s FROM conf.part_two"),
    ("22P02", "SELECT body::jsonb, %s FROM conf.part_two"),
    ("22P02", "SELECT body::numeric, %s FROM conf.part_two"),
    ("22P02", "SELECT body::boolean, %s FROM conf.part_two"),
    ("22P02", "SELECT body::point, %s FROM conf.part_two"),
    ("22007", "SELECT body::interval, %s FROM conf.part_two"),
    ("22012", "SELECT 1 / (length(body) - length(body)), %s FROM conf.part_two"),
    ("2201B", "SELECT '1' ~ ('[' || body), %s FROM conf.part_two"),
    ("42P01", "SELECT body::regclass, %s FROM conf.part_two"),
    ("42704", "SELECT body::regtype, %s FROM conf.part_two"),
    ("42704", "SELECT has_table_privilege(body, body, 'SELECT'), %s FROM conf.part_two"),
    ("42601", f"SELEC '{CANARY}', %s"),
    ("42703", f'SELECT "{CANARY}", %s'),
    ("23502", "INSERT INTO EXEMPTION SELECT id, 1, '2', NULL, %s FROM conf.part_two"),
    ("22001", "INSERT INTO EXEMPTION SELECT id, 1, '2', %s, '' FROM conf.part_two"),
    ("23000", "INSERT INTO EXEMPTION VALUES (0, 1, '2', '43', %s)"),
    (
        "23505",
        "INSERT INTO CLEARANCE SELECT paper_id, person_id, %s, person_id, now() FROM CLEARED",
    ),
    (
        "23502",
        "INSERT INTO CLEARANCE SELECT paper_id, NULL, %s, person_id, now() FROM CLEARED",
    ),
    (
        "22001",
        "INSERT INTO CLEARANCE SELECT paper_id, 0, repeat(%s, 9), 0, now() FROM conf.part_two",
    ),
    ("23000", "INSERT INTO FROZEN VALUES (NULL, %s, '', '')"),
    ("22001", "INSERT INTO FROZEN VALUES (0, '', '', repeat(%s, 4))"),
    ("42501", "UPDATE conf.part_two_frozen SET content = %s"),
    ("42501", "DELETE FROM conf.part_two WHERE body = %s"),
    ("40001", "UPDATE decisions_paper SET title = %s"),
]


@dataclass(frozen=True)
class Heard:
    """PostgreSQL's own log, from the moment the test began."""

    path: Path
    start: int

    def text(self) -> str:
        """What it says since."""
        with self.path.open("rb") as file:
            file.seek(self.start)
            return file.read().decode(errors="replace")


@pytest.fixture
def heard(planted: str) -> Heard:
    """The log of the cluster that the tests use, whose name the address of the database tells."""
    own = devdb.cluster(test=True)
    assert os.environ["DATABASE_URL"] == own.url, "This test reads the log of the tests' cluster."
    path = own.data.with_name(f"{own.data.name}.log")
    return Heard(path, path.stat().st_size)


@pytest.fixture
def planted(clone: str) -> str:
    """A Part 2 with the canary in it, and guards that will quote it."""
    paper = stages.draft(assemble(), part_two=True)
    stages.plant(paper, body=CANARY, ends_when="once")
    with database.owner_of(clone) as owner:
        owner.execute(
            "ALTER TABLE conf.part_two "
            "ADD CONSTRAINT body_is_short CHECK (length(body) < 1000), "
            "ADD CONSTRAINT nothing_forbidden CHECK (rationale NOT LIKE '%forbidden')"
        )
    assert PartTwo.objects.get().body == CANARY
    return clone


def everything(error: BaseException) -> str:
    """All that any log, page or mail could make of an error, and what hangs on it."""
    told, current = [], [error]
    seen: set[int] = set()
    while current:
        each = current.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        told += [str(each), repr(each), repr(each.args), repr(vars(each))]
        told += traceback.format_exception(each)
        if isinstance(each, psycopg.Error):
            told += [str(getattr(each.diag, name)) for name in dir(each.diag) if name[0] != "_"]
        current += [link for link in (each.__cause__, each.__context__) if link is not None]
    return "\n".join(told)


def sqlstate(error: BaseException) -> str | None:
    """PostgreSQL's word for an error of Django's."""
    assert isinstance(error.__cause__, psycopg.Error)
    return error.__cause__.sqlstate


def written_out(statement: str) -> str:
    """A statement of the list with its short names written out."""
    for short, long in SHORT.items():
        statement = statement.replace(short, long)
    return statement


def forced(statement: str) -> DatabaseError:
    """The error that a statement of the staff process ends in."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        connection.cursor().execute(written_out(statement), [CANARY])
    return caught.value


def test_without_the_guards_the_canary_would_be_told(planted: str, heard: Heard) -> None:
    told = 0
    with psycopg.connect(database.address(env.STAFF, planted), autocommit=True) as staff:
        ambient.speak(staff)
        for _, statement in FORCED:
            with pytest.raises(psycopg.Error) as caught:
                staff.execute(written_out(statement).encode(), [CANARY])
            told += CANARY in everything(caught.value)
    assert told >= 10  # of a table with policies PostgreSQL itself quotes no row
    assert CANARY not in heard.text()
    # The owner's login has no such settings, and shows that this is the log and this the way in.
    with database.owner_of(planted) as owner, pytest.raises(psycopg.errors.CheckViolation):
        owner.execute(written_out(FORCED[0][1]).encode(), [CANARY])
    assert CANARY in heard.text()


def test_no_forced_error_tells_the_canary_anywhere(planted: str, heard: Heard) -> None:
    assert len(FORCED) >= 30
    for code, statement in FORCED:
        error = forced(statement)
        assert sqlstate(error) == code, statement
        assert CANARY not in everything(error), statement
    assert CANARY not in heard.text()


def test_what_comes_of_other_sessions_tells_nothing_either(planted: str, heard: Heard) -> None:
    address = database.address(env.STAFF, planted)
    late = "UPDATE conf.part_two SET body = body || %s"
    with psycopg.connect(address, autocommit=True) as other:
        ambient.speak(other)
        stale = run(
            ("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", ()),
            ("SELECT 1 FROM conf.part_two", ()),
            lambda: other.execute(
                "UPDATE conf.part_two SET reason = 'moved';"
                " UPDATE decisions_paper SET version = version + 1"
            ),
            (late, [CANARY]),
        )
        _is_silent(stale, "40001")
        with other.transaction():
            other.execute("SELECT 1 FROM conf.part_two FOR UPDATE")
            for limit, code in (("lock_timeout", "55P03"), ("statement_timeout", "57014")):
                _is_silent(run((f"SET LOCAL {limit} = 100", ()), (late, [CANARY])), code)
        connection.ensure_connection()
        pid = connection.connection.info.backend_pid
        with database.superuser_of(planted) as superuser:
            cut = run(
                (late, [CANARY]),
                lambda: superuser.execute("SELECT pg_terminate_backend(%s, 5000)", [pid]),
                (late, [CANARY]),
            )
        assert CANARY not in everything(cut)
    connection.close()
    assert CANARY not in heard.text()


def test_a_deadlock_quotes_nobodys_statement(planted: str, heard: Heard) -> None:
    change = "UPDATE decisions_paper SET version = version + 1, title = %s"
    part_two = "UPDATE conf.part_two SET body = %s"
    ended: list[BaseException] = []
    with psycopg.connect(database.address(env.STAFF, planted)) as other:
        ambient.speak(other)

        def wait() -> None:
            with database.superuser_of(planted) as watching:
                blocked = None
                while blocked != (True,):
                    blocked = watching.execute(
                        b"SELECT %s = ANY (pg_blocking_pids(%s))", [other.info.backend_pid, pid]
                    ).fetchone()
            try:
                other.execute(part_two.encode(), [CANARY])
            except psycopg.Error as error:
                ended.append(error)

        connection.ensure_connection()
        pid = connection.connection.info.backend_pid
        thread = threading.Thread(target=wait)
        try:
            with transaction.atomic():
                mine = connection.cursor()
                other.execute(change.encode(), [CANARY])
                thread.start()
                mine.execute(part_two, [CANARY])  # and its guard waits for the paper
                mine.execute(change, [CANARY])
        except DatabaseError as error:
            _is_silent(error, "40P01")
            ended.append(error)
        thread.join(timeout=30)
        assert not thread.is_alive()
    assert [isinstance(e, DatabaseError | psycopg.errors.DeadlockDetected) for e in ended] == [True]
    assert CANARY not in heard.text()


def run(*steps: tuple[str, Sequence[Any]] | Callable[[], object]) -> DatabaseError:
    """The error that a transaction of the staff process ends in; others act between."""

    def whole() -> None:
        with transaction.atomic():
            mine = connection.cursor()
            for step in steps:
                if callable(step):
                    step()
                else:
                    mine.execute(*step)

    with pytest.raises(DatabaseError) as caught:
        whole()
    return caught.value


def _is_silent(error: BaseException, code: str) -> None:
    assert sqlstate(error) == code
    assert CANARY not in everything(error)


def test_a_sentence_of_our_own_trigger_and_the_name_of_a_constraint_are_still_told(
    planted: str,
) -> None:
    assert Paper.objects.count() == 1
    own = forced("UPDATE decisions_paper SET reference = %s, version = version + 1")
    assert str(own) == "A reference, once drawn, stays with its paper."
    constraint = forced(FORCED[0][1])
    assert str(constraint) == (
        "The database refused. CheckViolation (23514), table part_two constraint body_is_short."
    )
    missing = forced("DELETE FROM conf.part_two WHERE body = %s")
    assert str(missing) == "permission denied for table part_two"


def _logged(error: BaseException, logger: str = "django.request") -> str:
    kind = (type(error), error, error.__traceback__)
    record = logging.LogRecord(logger, 40, __file__, 1, "At %s", ("/papers/?q=" + CANARY,), kind)
    return KindAndPlace().format(record)


class Ours(Exception):
    """Stands for an exception whose text was made with what somebody wrote."""


@pytest.mark.parametrize("kind", [ValueError, KeyError, UnicodeError, RuntimeError, OSError, Ours])
def test_a_log_tells_the_kind_and_place_of_an_error_and_not_its_text(
    kind: type[Exception],
) -> None:
    def fails() -> None:
        raise RuntimeError(CANARY) from kind(CANARY)

    with pytest.raises(RuntimeError) as caught:
        fails()
    plain = logging.Formatter().formatException((RuntimeError, caught.value, None))
    assert CANARY in plain  # which is what any other formatter says
    line = _logged(caught.value)
    assert CANARY not in line
    assert f"{kind.__module__}.{kind.__qualname__}" in line
    assert "in fails" in line
    assert CANARY not in _logged(caught.value, "weasyprint")


def test_an_error_report_masks_the_form_the_cookies_the_settings_and_the_variables() -> None:
    request = RequestFactory().post("/papers/", {"body": CANARY})
    request.COOKIES["countersign"] = CANARY
    typed = request.POST["body"]
    with pytest.raises(ValueError, match="invalid literal") as caught:
        int(typed)
    reporter = ExceptionReporter(request, caught.type, ValueError("x"), caught.tb)
    assert isinstance(reporter.filter, NothingTyped)
    assert CANARY not in reporter.get_traceback_text()
    assert CANARY not in reporter.get_traceback_html()
    assert "body" in reporter.get_traceback_text()


@pytest.mark.parametrize("module", ["staff", "public", "worker"])
def test_no_process_starts_with_debug_outside_development(module: str, tmp_path: Path) -> None:
    (tmp_path / "careless.py").write_text(f"from config.settings.{module} import *\nDEBUG = True\n")
    wanted: dict[str, Any] = os.environ | {
        "COUNTERSIGN_ENV": "production",
        "SECRET_KEY": "x" * 50,
        "ALLOWED_HOSTS": "decisions.example",
        "CONTACT_EMAIL": "readers@office.example",
        "DJANGO_SETTINGS_MODULE": "careless",
        "PYTHONPATH": f"{tmp_path}{os.pathsep}{env.PROJECT}",
    }
    start = [sys.executable, "-c", "import django; django.setup()"]
    told = subprocess.run(
        start, cwd=env.PROJECT, env=wanted, capture_output=True, text=True, check=False
    )
    assert told.returncode != 0
    assert "DEBUG is on, and its error pages show what people write." in told.stderr


@pytest.fixture
def talkative(clone: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """One more login of the service, to which nobody gave the settings."""
    name = f"talkative_{clone}"
    monkeypatch.setattr(env, "ROLES", (*env.ROLES, name))
    with database.owner_of(clone) as owner:
        owner.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(name)))
        yield name
        owner.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


def test_the_operator_is_told_of_a_role_that_would_be_logged_and_of_no_other(
    talkative: str, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("check", databases=["default"])
    told = capsys.readouterr().err
    assert f"of the role {talkative}, log_min_messages, log_min_error_statement, " in told
    assert told.count("PostgreSQL may write what people wrote") == 1
    assert "Have a superuser of PostgreSQL run config/bootstrap.sql" in told


@pytest.mark.django_db
def test_the_staff_login_really_has_the_settings() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY (%s)", [[*SILENT]])
        assert dict(cursor.fetchall()) == SILENT
