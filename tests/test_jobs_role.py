"""What the worker can reach: editions, and what it adds. No Part 2, no draft, no person."""

from __future__ import annotations

import os
import subprocess
import sys

import psycopg
import pytest
from psycopg import sql

from approvals.models import Edition
from config import env
from decisions.models import Event, Paper
from decisions.part_two.models import PartTwo
from tests import database, stages
from tests.cast import assemble

# What the worker has no business with: the confidential room whole, drafts, advice and people.
ROOM = "SELECT tablename FROM pg_tables WHERE schemaname = 'conf'"
TELL = "INSERT INTO decisions_event (paper_id, actor_id, verb, facts) VALUES (%s, %s, %s, %s)"
PRIVATE = (
    "decisions_paper",
    "decisions_section",
    "decisions_version",
    "decisions_recommendation",
    "decisions_fundingline",
    "decisions_declaration",
    "approvals_advice",
    "approvals_reason",
    "approvals_signature",
    "accounts_user",
    "django_session",
)


@pytest.fixture
def secret(clone: str) -> str:
    """A database in which Part 2 of a decided paper says something confidential."""
    stages.decided(assemble(), part_two=True)
    assert PartTwo.objects.get().body == stages.SECRET
    return clone


def test_the_worker_reads_editions_and_no_word_of_part_two(secret: str) -> None:
    with database.owner_of(secret) as owner:
        confidential = [row[0] for row in owner.execute(ROOM)]
        for table in PRIVATE:  # which is there, under that name
            owner.execute(sql.SQL("SELECT FROM {}").format(sql.Identifier("public", table)))
    assert {"part_two", "part_two_frozen"} <= set(confidential)
    with psycopg.connect(database.address(env.RENDERER, secret), autocommit=True) as worker:
        (content,) = worker.execute("SELECT content FROM approvals_edition").fetchone() or ("",)
        assert content == Edition.objects.get().content
        assert "Quillfeather" not in content
        for schema, tables in (("conf", confidential), ("public", PRIVATE)):
            for table in tables:
                name = sql.Identifier(schema, table)
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    worker.execute(sql.SQL("SELECT count(*) FROM {}").format(name))


def test_the_worker_may_not_say_what_an_event_says_nor_change_what_it_added(secret: str) -> None:
    with psycopg.connect(database.address(env.RENDERER, secret), autocommit=True) as worker:
        for forbidden in (
            "SELECT facts FROM decisions_event",
            "SELECT actor_id FROM decisions_event",
            "UPDATE approvals_edition SET note = 'x'",
            "UPDATE approvals_sealeddocument SET digest = 'x'",
            "DELETE FROM approvals_documentrefusal",
            "SET ROLE countersign_staff",
            "SET ROLE countersign_owner",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                worker.execute(forbidden.encode())


def told(name: str) -> tuple[int, ...]:
    """How many events and leaves there are."""
    with database.owner_of(name) as owner:
        question = (
            "SELECT (SELECT count(*) FROM decisions_event), (SELECT count(*) FROM chain_leaf)"
        )
        return owner.execute(question).fetchone() or ()


@pytest.mark.parametrize(
    ("role", "verb"),
    [
        *(
            (env.RENDERER, verb)
            for verb in ("withdraw", "publish", "decide", "clear", "people.close_account")
        ),
        *((role, "seal") for role in (env.RENDERER, env.MAILER, env.WITNESS)),
    ],
)
def test_no_login_tells_of_what_it_does_not_do(secret: str, role: str, verb: str) -> None:
    """Not even of a seal that was never set, and in nobody's name."""
    edition = Edition.objects.get()
    facts = f'{{"document":"{edition.digest}","edition":1}}'
    values = [edition.paper_id, edition.made_by_id, verb, facts]
    before = told(secret)
    with (
        psycopg.connect(database.address(role, secret), autocommit=True) as login,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        login.execute(TELL, values)
    assert told(secret) == before


def test_the_worker_tells_of_each_seal_once_and_names_who_asked(secret: str) -> None:
    edition, paper = Edition.objects.get(), Paper.objects.get()
    facts = f'{{"document":"{"d" * 64}","edition":1}}'
    with psycopg.connect(database.address(env.RENDERER, secret), autocommit=True) as worker:
        worker.execute(
            "INSERT INTO approvals_sealeddocument (edition_id, digest, size, made_at, made_by_id) "
            "VALUES (%s, %s, 1, now(), %s)",
            [edition.pk, "d" * 64, edition.made_by_id],
        )
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            worker.execute(TELL, [paper.pk, paper.officer_id, "seal", facts])
        worker.execute(TELL, [paper.pk, edition.made_by_id, "seal", facts])
        said_otherwise = (
            facts.replace(",", ", "),
            facts.replace("{", '{"document":"Words of its own",'),
            f'{{"edition":1,"document":"{"d" * 64}"}}',
        )
        for again in (facts, *said_otherwise):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                worker.execute(TELL, [paper.pk, edition.made_by_id, "seal", again])
    assert list(Event.objects.filter(verb="seal").values_list("db_role")) == [(env.RENDERER,)]


def test_the_program_of_the_worker_has_no_code_that_reads_part_two() -> None:
    program = (
        "import sys, django; django.setup(); import approvals.jobs.tasks;"
        "import approvals.management.commands.work; from django.apps import apps;"
        "print(sorted(name for name in sys.modules if 'part_two' in name));"
        "print(apps.is_installed('decisions.part_two'), apps.is_installed('approvals'))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program],
        cwd=env.PROJECT,
        env=os.environ
        | {"COUNTERSIGN_ENV": "development", "DJANGO_SETTINGS_MODULE": "config.settings.worker"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == "[]\nFalse True\n"
