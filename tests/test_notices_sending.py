"""Messages leave by a real mail server: once, or twice under one ID, and never not at all."""

from __future__ import annotations

import logging
import subprocess
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import pytest
from django.utils import timezone
from pytest_django import Settings

from approvals import actions
from approvals.models import Notice
from approvals.notices.queue import TRIES, WAITS
from approvals.notices.sending import ABOUT_PAPERS
from approvals.notices.waiting import messages_that_wait
from config import env
from setup import run
from tests import database, stages
from tests.cast import Cast, assemble
from tests.pages import signed_in
from tests.post_office import (
    HOST,
    PATIENCE,
    PostOffice,
    as_mailer,
    channel,
    open_for_mail,
    send,
    surroundings,
)
from tests.races import at_once

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


def expected_ids() -> list[str]:
    """The ID under which each message that was written should leave."""
    return sorted(f"<{n.kind}.{n.event_id}.{n.recipient_id}@127.0.0.1>" for n in every())


def every() -> list[Notice]:
    """Every message, as it stands now."""
    return list(Notice.objects.order_by("pk"))


def due_now(name: str) -> None:
    """Let the waiting times pass: what is to be tried later is due. Only the owner can."""
    with database.owner_of(name) as owner, owner.transaction():
        owner.execute("ALTER TABLE approvals_notice DISABLE TRIGGER notice_stays_as_written")
        owner.execute("UPDATE approvals_notice SET due_at = now() WHERE sent_at IS NULL")
        owner.execute("ALTER TABLE approvals_notice ENABLE ALWAYS TRIGGER notice_stays_as_written")


def test_a_mail_is_plain_and_says_who_sent_it_and_that_a_program_did(
    clone: str, company: Cast, office: PostOffice, settings: Settings
) -> None:
    settings.DEFAULT_FROM_EMAIL = "decisions@countersign.example"
    assert send(clone, office) == len(ADVISERS)
    assert sorted(office.ids()) == expected_ids()
    (mail,) = [m for m in office.taken if company.leo.email in str(m["To"])]
    notice = Notice.objects.get(recipient=company.leo)
    assert str(mail["To"]) == f"Leo Grant <{company.leo.email}>"
    assert str(mail["From"]) == "Countersign <decisions@countersign.example>"
    assert str(mail["Subject"]) == "PCD 1829: you are asked for advice"
    assert str(mail["Auto-Submitted"]) == "auto-generated"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().replace("\r\n", "\n") == notice.body
    assert sorted(mail.keys()) == sorted(
        [
            *("Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From"),
            *("To", "Date", "Message-ID", "Auto-Submitted"),
        ]
    )


def test_what_was_sent_is_not_sent_again(clone: str, company: Cast, office: PostOffice) -> None:
    assert (send(clone, office), send(clone, office)) == (len(ADVISERS), 0)
    assert len(office.taken) == len(ADVISERS)
    assert [(n.attempts, n.sent_at is not None) for n in every()] == [(1, True)] * len(ADVISERS)


def test_a_mailer_killed_before_it_wrote_down_that_it_sent_sends_the_same_again(
    clone: str, company: Cast, office: PostOffice
) -> None:
    taken = threading.Event()
    office.on_taking = taken.set
    address = f"smtp://{HOST}:{office.port}"
    with database.owner_of(clone) as owner, owner.transaction():
        # a message can be held and read, and nothing can be written down about it
        owner.execute("LOCK TABLE approvals_notice IN SHARE MODE")
        mailer = subprocess.Popen(
            run.MAILER, cwd=env.PROJECT, env=surroundings(clone, EMAIL_URL=address)
        )
        try:
            assert taken.wait(PATIENCE)
        finally:
            mailer.kill()
            mailer.wait()
    first = office.ids()
    assert len(first) == 1
    assert [n.sent_at for n in every()] == [None] * len(ADVISERS)
    send(clone, office)
    assert sorted(office.ids()) == sorted([*first, *expected_ids()])
    assert all(n.sent_at for n in every())


def test_two_mailers_at_once_send_each_message_once(
    clone: str, company: Cast, office: PostOffice
) -> None:
    both, seen = threading.Barrier(2), threading.Semaphore(2)

    def meet() -> None:
        if seen.acquire(blocking=False):  # the first two messages are taken at the same moment
            both.wait(PATIENCE)

    office.on_taking = meet
    with as_mailer(clone):
        sent = at_once([lambda: ABOUT_PAPERS.send_due(channel(office))] * 2)
        last = ABOUT_PAPERS.send_due(channel(office))
    assert min(sent) >= 1
    assert sum(sent) + last == len(ADVISERS)
    assert sorted(office.ids()) == expected_ids()


def test_what_the_server_refuses_is_tried_again_after_growing_waits_and_given_up(
    clone: str, company: Cast, office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    office.refused = {company.leo.email}
    taken = [len(ADVISERS) - 1] + [0] * len(WAITS)
    for attempt, wait in enumerate(WAITS, start=1):
        before = timezone.now()
        assert send(clone, office) == taken[attempt - 1]
        notice = Notice.objects.get(recipient=company.leo)
        assert (notice.attempts, notice.sent_at) == (attempt, None)
        assert before + wait <= notice.due_at <= timezone.now() + wait
        assert send(clone, office) == 0
        assert Notice.objects.get(recipient=company.leo).attempts == attempt
        assert messages_that_wait() == ()
        due_now(clone)
    assert send(clone, office) == 0
    assert Notice.objects.get(recipient=company.leo).attempts == TRIES
    due_now(clone)
    assert (send(clone, office), len(office.taken)) == (0, len(ADVISERS) - 1)
    (sentence,) = messages_that_wait()
    assert sentence == (
        "1 message to Leo Grant could not be sent and is no longer tried. Tell whoever runs the "
        "service."
    )
    assert {record.levelno for record in caplog.records} == {logging.WARNING}
    assert company.leo.email not in caplog.text
    assert "SMTPRecipientsRefused 550" in caplog.text

    office.refused = set()
    assert send(clone, office, ABOUT_PAPERS.send_given_up) == 1
    assert (len(office.taken), messages_that_wait()) == (len(ADVISERS), ())


def test_the_secretariat_reads_that_messages_wait_and_nobody_else_does(
    clone: str, company: Cast
) -> None:
    assert messages_that_wait() == ()
    with database.owner_of(clone) as owner, owner.transaction():
        owner.execute("ALTER TABLE approvals_notice DISABLE TRIGGER notice_stays_as_written")
        owner.execute("UPDATE approvals_notice SET due_at = due_at - interval '2 hours'")
    sentence = (
        "6 messages should have been sent more than an hour ago. The program that sends messages "
        "may not be running. Tell whoever runs the service."
    )
    assert messages_that_wait() == (sentence,)
    assert sentence in signed_in(company.saba).get("/").content.decode()
    assert sentence not in signed_in(company.olu).get("/").content.decode()


def test_a_person_who_left_is_sent_nothing(clone: str, company: Cast, office: PostOffice) -> None:
    company.leo.is_active = False
    company.leo.save()
    assert send(clone, office) == len(ADVISERS) - 1
    assert company.leo.email not in "".join(str(mail["To"]) for mail in office.taken)


def test_a_reminder_waits_for_its_day_and_is_void_once_the_deferral_changed(
    clone: str, company: Cast, office: PostOffice, seal_key: None
) -> None:
    paper = stages.sealed(company)
    day = timezone.localdate() + timedelta(days=60)
    for later in (0, 10):
        stages.publish(
            paper,
            company.saba,
            until=day + timedelta(days=later),
            reason="The contract is open.",
            owner=company.olu,
        )
    send(clone, office)
    assert [n.sent_at for n in Notice.objects.filter(kind="deferral")] == [None, None]
    due_now(clone)
    assert send(clone, office) == 1
    first, second = Notice.objects.filter(kind="deferral").order_by("pk")
    assert (first.sent_at, second.sent_at is not None) == (None, True)
    assert messages_that_wait(timezone.now() + timedelta(days=90)) == ()


def test_a_refused_act_sends_nothing(clone: str, company: Cast, office: PostOffice) -> None:
    paper = stages.endorsement(company)
    send(clone, office)
    before = len(office.taken)
    with pytest.raises(actions.Refused):
        actions.send_back(paper.pk, by=company.celia, reason="")
    assert (send(clone, office), len(office.taken)) == (0, before)
