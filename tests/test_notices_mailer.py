"""The mailer itself: what it can reach, what it refuses to start with, and how mail leaves."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured

from approvals.models import Notice
from config import env
from setup import run
from tests import database, stages
from tests.cast import Cast, assemble
from tests.post_office import HOST, PostOffice, open_for_mail, send, surroundings

ADVISERS: Final = ("farah", "leo", "esme", "cormac", "dita", "hal")


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A mail server on this machine."""
    with open_for_mail() as own:
        yield own


@pytest.fixture
def company(clone: str) -> Cast:
    """The cast, and six advisers who have just been asked, in a database of the test's own."""
    cast = assemble()
    stages.consultation(cast)
    return cast


def every() -> list[Notice]:
    """Every message, as it stands now."""
    return list(Notice.objects.order_by("pk"))


def test_without_the_encryption_that_was_asked_for_nothing_leaves(
    clone: str, company: Cast, office: PostOffice
) -> None:
    address = f"smtp+starttls://{HOST}:{office.port}"
    subprocess.run(
        [*run.MAILER, "--once"],
        cwd=env.PROJECT,
        env=surroundings(clone, EMAIL_URL=address),
        check=True,
        capture_output=True,
    )
    assert office.taken == []
    assert [(n.attempts, n.sent_at) for n in every()] == [(1, None)] * len(ADVISERS)


def test_on_a_developers_machine_mail_goes_into_files(
    clone: str, company: Cast, tmp_path: Path
) -> None:
    subprocess.run(
        [*run.MAILER, "--once"],
        cwd=env.PROJECT,
        env=surroundings(clone, EMAIL_URL="", DATA_DIR=str(tmp_path)),
        check=True,
    )
    written = "".join(file.read_text() for file in (tmp_path / "mail").iterdir())
    assert written.count("Message-ID: ") == len(ADVISERS)
    assert written.count("From: Countersign <decisions@countersign.example>") == len(ADVISERS)
    assert all(n.sent_at for n in every())


def test_the_mailer_reads_messages_and_addresses_and_changes_no_word(
    clone: str, company: Cast
) -> None:
    with psycopg.connect(database.address(env.MAILER, clone), autocommit=True) as mailer:
        assert mailer.execute("SELECT count(*) FROM approvals_notice").fetchone() == (6,)
        for forbidden in (
            "SELECT password FROM accounts_user",
            "SELECT title FROM decisions_paper",
            "SELECT text FROM approvals_reason",
            "SELECT body FROM conf.part_two",
            "SELECT facts FROM decisions_event",
            "UPDATE approvals_notice SET body = 'x'",
            "UPDATE approvals_notice SET recipient_id = 1",
            "UPDATE accounts_user SET email = 'x'",
            "DELETE FROM approvals_notice",
            "SET ROLE countersign_staff",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                mailer.execute(forbidden.encode())


@pytest.mark.parametrize(
    "change",
    ["body = 'x'", "subject = 'x'", "recipient_id = recipient_id + 1", "kind = 'x'"],
)
def test_not_even_the_owner_changes_what_a_message_says_or_to_whom(
    clone: str, company: Cast, change: str
) -> None:
    statement = f"UPDATE approvals_notice SET attempts = attempts + 1, {change}"  # noqa: S608 - our own words
    with (
        database.owner_of(clone) as owner,
        pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="never changes"),
    ):
        owner.execute(statement.encode())


def test_a_message_that_was_sent_stays_sent(clone: str, company: Cast, office: PostOffice) -> None:
    send(clone, office)
    with psycopg.connect(database.address(env.MAILER, clone), autocommit=True) as mailer:
        for change in ("sent_at = NULL, attempts = attempts + 1", "attempts = 0"):
            with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
                mailer.execute(f"UPDATE approvals_notice SET {change}".encode())  # noqa: S608 - our own words


def test_the_program_of_the_mailer_has_no_code_that_reads_part_two() -> None:
    program = (
        "import sys, django; django.setup(); import approvals.management.commands.send_notices;"
        "from django.apps import apps;"
        "print(sorted(name for name in sys.modules if 'part_two' in name));"
        "print(apps.is_installed('decisions.part_two'), apps.is_installed('approvals'))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program],
        cwd=env.PROJECT,
        env=os.environ
        | {"COUNTERSIGN_ENV": "development", "DJANGO_SETTINGS_MODULE": "config.settings.mailer"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == "[]\nFalse True\n"


def test_the_mailer_starts_under_no_other_role(clone: str) -> None:
    refused = subprocess.run(
        [sys.executable, "manage.py", "send_notices", "--once"],
        cwd=env.PROJECT,
        env=surroundings(clone) | {"DJANGO_SETTINGS_MODULE": "config.settings.staff"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (refused.returncode, refused.stderr) == (
        1,
        (
            "CommandError: The mailer runs as countersign_mailer, which can read messages and "
            "nothing else. Start it with --settings config.settings.mailer.\n"
        ),
    )


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("", "EMAIL_URL is not set, so no mail could leave."),
        ("smtp://mail.example", "EMAIL_URL begins with smtp://, which sends mail without"),
        ("mail.example", "EMAIL_URL is not the address of a mail server."),
        ("smtps://", "EMAIL_URL is not the address of a mail server."),
    ],
)
def test_in_production_no_mail_leaves_in_clear_or_without_a_server(
    monkeypatch: pytest.MonkeyPatch, address: str, sentence: str
) -> None:
    monkeypatch.setenv("COUNTERSIGN_ENV", "production")
    monkeypatch.setenv("EMAIL_URL", address)
    with pytest.raises(ImproperlyConfigured) as refusal:
        env.mail()
    assert str(refusal.value).startswith(sentence)
    assert "smtps://USER:PASSWORD@HOST" in str(refusal.value)


@pytest.mark.parametrize(
    ("address", "port", "from_the_start", "on_request"),
    [
        ("smtps://us%40er:pa%2Fss@mail.example", 465, True, False),
        ("smtp+starttls://us%40er:pa%2Fss@mail.example", 587, False, True),
        ("smtps://us%40er:pa%2Fss@mail.example:4650", 4650, True, False),
    ],
)
def test_the_address_of_the_mail_server_says_all_about_it(
    monkeypatch: pytest.MonkeyPatch,
    address: str,
    port: int,
    from_the_start: bool,
    on_request: bool,
) -> None:
    monkeypatch.setenv("COUNTERSIGN_ENV", "production")
    monkeypatch.setenv("EMAIL_URL", address)
    assert env.mail() == env.Mail(
        "django.core.mail.backends.smtp.EmailBackend",
        host="mail.example",
        port=port,
        user="us@er",
        password="pa/ss",
        tls_from_the_start=from_the_start,
        tls_on_request=on_request,
    )
