"""Documents made off the request path: asked for with the signature, made by the worker's role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.fixtures import Settings

from approvals.documents import render
from approvals.jobs import Stage, ask_for_document, progress_of
from approvals.jobs.tasks import TRIES, WAITS
from approvals.library import read_file
from approvals.models import DocumentRefusal, Edition, SealedDocument
from approvals.work import work_of
from config import env
from decisions.models import Event, Paper
from decisions.states import State
from tests import database, stages
from tests.cast import Cast, assemble
from tests.pages import words
from tests.records import by_other_hands

pytestmark = pytest.mark.usefixtures("seal_key")

Work = Callable[[], None]


@pytest.fixture
def company(clone: str) -> Cast:
    """The cast in a database of the test's own, whose rows the worker can see."""
    return assemble()


def newest(paper: Paper) -> Edition:
    """The newest edition of a paper, read anew."""
    return Edition.objects.filter(paper=paper).latest("number")


def stage(paper: Paper) -> Stage:
    """How far the document of the newest edition is."""
    edition = newest(paper).pk
    return progress_of([edition])[edition].stage


def jobs() -> list[tuple[str, int]]:
    """The jobs for documents, by state and failed tries."""
    found = ProcrastinateJob.objects.filter(task_name="make_document").order_by("pk")
    return list(found.values_list("status", "attempts"))


def let_time_pass(name: str) -> None:
    """Bring every try that was put off to now, as the clock would."""
    with database.owner_of(name) as owner:
        owner.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")


def page(client: Client, paper: Paper) -> str:
    """The words of the paper's page."""
    return words(client.get(f"/papers/{paper.slug}/"))


def test_a_decision_asks_for_its_document_and_the_worker_makes_it(
    company: Cast, worker: Work, client: Client
) -> None:
    paper = stages.decided(company)
    client.force_login(company.saba)
    assert (jobs(), stage(paper)) == ([("todo", 0)], Stage.WAITING)
    assert "The signed document is being made." in page(client, paper)
    assert not SealedDocument.objects.exists()
    worker()
    document = SealedDocument.objects.get(edition__paper=paper)
    assert document.made_by == company.dominic
    assert len(read_file(document.digest)) == document.size
    made = Event.objects.get(paper=paper, verb="seal")
    assert (made.actor, made.db_role) == (company.dominic, env.RENDERER)
    assert (jobs(), stage(paper)) == ([], Stage.MADE)
    said = page(client, paper)
    assert document.digest in said
    assert "being made" not in said


def test_what_is_kept_says_what_it_was_made_from_and_with(company: Cast, worker: Work) -> None:
    paper = stages.decided(company)
    worker()
    document = SealedDocument.objects.get(edition__paper=paper)
    base = render(newest(paper).record)
    assert read_file(document.digest)[: document.base_size] == base
    assert document.base_size == len(base)
    assert document.level == "B-B"
    assert {"weasyprint", "pango", "pyhanko"} <= set(document.made_with)


@pytest.mark.django_db
def test_a_signature_that_is_not_committed_asks_for_nothing(cast: Cast) -> None:
    paper = stages.decision(cast)
    with transaction.atomic():
        stages.decide(paper, cast.dominic)
        assert jobs() == [("todo", 0)]
        transaction.set_rollback(True)
    assert stages.fresh(paper).state == State.DECISION
    assert jobs() == []


@pytest.mark.django_db
def test_asking_twice_makes_one_job(cast: Cast) -> None:
    paper = stages.decided(cast)
    for _ in range(3):
        ask_for_document(newest(paper), cast.saba)
    assert jobs() == [("todo", 0)]


def test_a_correction_asks_for_a_document_of_its_own(company: Cast, worker: Work) -> None:
    paper = stages.published(company)
    worker()
    stages.correct(paper, company.saba)
    assert stage(paper) == Stage.WAITING
    worker()
    digests = SealedDocument.objects.filter(edition__paper=paper).values_list("digest", flat=True)
    assert len(set(digests)) == 2


def test_what_is_made_is_never_made_again(company: Cast, worker: Work) -> None:
    paper = stages.decided(company)
    stages.seal(paper, company.saba)  # by other hands, while its job still waits
    before = SealedDocument.objects.get().digest
    worker()
    ask_for_document(newest(paper), company.saba)
    assert jobs() == []
    assert SealedDocument.objects.get().digest == before
    assert Event.objects.filter(verb="seal").count() == 1


def test_without_a_key_the_secretariat_reads_why_and_tries_again(
    company: Cast, worker: Work, client: Client, settings: Settings, tmp_path: Path
) -> None:
    there, settings.SEAL_KEY_FILE = settings.SEAL_KEY_FILE, str(tmp_path / "nothing.pem")
    paper = stages.decided(company)
    worker()
    assert stages.fresh(paper).state == State.DECIDED
    (refusal,) = DocumentRefusal.objects.all()
    assert (refusal.edition, refusal.attempt) == (newest(paper), 1)
    assert "Nothing was sealed because the seal’s key cannot be read." in refusal.sentence
    assert (jobs(), stage(paper)) == ([("todo", 1)], Stage.AGAIN)
    client.force_login(company.dominic)
    receipt = words(client.get(f"/papers/{paper.slug}/receipt/"))
    assert "Your decision stands. The signed document could not be made yet." in receipt
    assert refusal.sentence not in receipt
    client.force_login(company.saba)
    for said in (page(client, paper), words(client.get("/"))):
        assert refusal.sentence in said
        assert "It is tried again by itself on" in said
    (item,) = work_of(company.saba).waits
    assert (item.reference, item.to_do) == (paper.reference, "Make the signed document")
    settings.SEAL_KEY_FILE = there
    worker()  # nothing: the next try lies ahead
    assert stage(paper) == Stage.AGAIN
    client.post(f"/papers/{paper.slug}/document/")
    assert stage(paper) == Stage.WAITING
    worker()
    assert stage(paper) == Stage.MADE
    assert refusal.sentence not in page(client, paper) + words(client.get("/"))


def test_after_the_last_try_it_waits_for_somebody_to_ask_anew(
    company: Cast,
    worker: Work,
    client: Client,
    settings: Settings,
    tmp_path: Path,
    clone: str,
) -> None:
    there, settings.SEAL_KEY_FILE = settings.SEAL_KEY_FILE, str(tmp_path / "nothing.pem")
    paper = stages.decided(company)
    for _ in range(TRIES + 2):
        worker()
        let_time_pass(clone)
    assert list(DocumentRefusal.objects.values_list("attempt", flat=True)) == [*range(1, TRIES + 1)]
    assert (jobs(), stage(paper)) == ([("failed", TRIES)], Stage.REFUSED)
    client.force_login(company.saba)
    assert "The signed document could not be made. Nothing was sealed because" in page(
        client, paper
    )
    assert "Try again" in page(client, paper)
    settings.SEAL_KEY_FILE = there
    client.post(f"/papers/{paper.slug}/document/")
    assert stage(paper) == Stage.WAITING
    worker()
    assert stage(paper) == Stage.MADE


def test_the_waits_between_tries_grow(
    company: Cast, worker: Work, settings: Settings, tmp_path: Path, clone: str
) -> None:
    settings.SEAL_KEY_FILE = str(tmp_path / "nothing.pem")
    stages.decided(company)
    for wait in WAITS:
        before = timezone.now()
        worker()
        (again,) = ProcrastinateJob.objects.filter(task_name="make_document")
        assert again.scheduled_at is not None
        assert before + wait <= again.scheduled_at <= timezone.now() + wait
        let_time_pass(clone)
    assert list(WAITS) == sorted(WAITS)


def test_what_cannot_be_typeset_is_not_tried_again_by_itself(
    company: Cast, worker: Work, client: Client
) -> None:
    paper = stages.decided(company)
    worker()
    first = newest(paper)
    odd = by_other_hands(first.record, "A summary with \U00013000 in it")
    Edition.objects.create(
        paper=paper,
        number=2,
        signature=first.signature,
        content=odd.to_json(),
        digest=odd.digest,
        note="Made by other hands.",
        made_by=company.saba,
    )
    ask_for_document(newest(paper), company.saba)
    worker()
    assert (jobs(), stage(paper)) == ([("failed", 1)], Stage.REFUSED)
    client.force_login(company.olu)
    said = page(client, paper)
    assert DocumentRefusal.objects.get().sentence in said
    assert "Try again" not in said  # that is the secretariat's


def test_a_document_that_waits_long_says_that_the_worker_may_not_run(
    company: Cast, client: Client, clone: str
) -> None:
    paper = stages.decided(company)
    edition = newest(paper).pk
    soon, later = (timezone.now() + timedelta(minutes=minutes) for minutes in (1, 3))
    assert not progress_of([edition], soon)[edition].late
    assert progress_of([edition], later)[edition].late
    with database.owner_of(clone) as owner:
        owner.execute("UPDATE procrastinate_events SET at = at - interval '3 minutes'")
    client.force_login(company.saba)
    advice = "The worker may not be running. Tell whoever runs the service."
    assert advice in page(client, paper)
    (item,) = work_of(company.saba).waits
    assert item.to_do == "Find out why the signed document is not made"
    assert advice in item.note


def test_while_it_is_made_nobody_is_asked_to_do_anything(company: Cast) -> None:
    paper = stages.decided(company)
    assert work_of(company.saba).waits == ()
    (item,) = work_of(company.saba).awaited
    assert (item.reference, item.to_do) == (
        paper.reference,
        "The signed document, which is being made",
    )


@pytest.mark.django_db
def test_a_decision_whose_job_was_lost_can_be_asked_for(cast: Cast, client: Client) -> None:
    paper = stages.decided(cast)
    again = by_other_hands(newest(paper).record, "Another summary.")
    Edition.objects.create(
        paper=paper,
        number=2,
        signature=newest(paper).signature,
        content=again.to_json(),
        digest=again.digest,
        note="Made by other hands.",
        made_by=cast.saba,
    )
    assert stage(paper) == Stage.UNASKED
    client.force_login(cast.saba)
    assert "It has not been made yet." in page(client, paper)
    client.post(f"/papers/{paper.slug}/document/")
    assert stage(paper) == Stage.WAITING
