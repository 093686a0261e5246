"""Whatever is killed while people sign: what was acknowledged is there, and nothing half done."""

from __future__ import annotations

import contextvars
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import global_settings
from django.db import connections
from django.db.models import Count
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from approvals import sealing
from approvals.library import read_file
from approvals.models import DocumentRefusal, Edition, Notice, SealedDocument, Signature
from approvals.sealing import development
from config import env
from decisions.chain import rows
from decisions.chain.verify import verify_chain
from decisions.models import Event, Paper
from decisions.states import State
from setup import devdb
from tests import database, stages
from tests.cast import PASSWORD, Cast, assemble
from tests.kill_world import (
    KILLS,
    PATIENCE,
    Browser,
    Service,
    connect_everything,
    own_cluster,
    sign_all,
    until,
)

EARNED = {
    frozenset[str](): State.ENDORSEMENT,
    frozenset({"endorse"}): State.DECISION,
    frozenset({"endorse", "decide"}): State.DECIDED,
}


@pytest.fixture
def service(
    django_db_blocker: DjangoDbBlocker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Service]:
    """A service on a PostgreSQL of its own, which waits for the disk."""
    before = dict(connections["default"].settings_dict)
    with django_db_blocker.unblock(), own_cluster(f"kills-{os.getpid()}") as cluster:
        monkeypatch.setenv("DATABASE_URL", cluster.url)
        database.migrate(devdb.DATABASE)
        connect_everything(cluster)
        development.make_pair()
        made = Service(cluster, tmp_path)
        made.start("staff", "worker")
        try:
            made.revive()
            yield made
        finally:
            made.stop()
            connections.close_all()
            connections["default"].settings_dict.update(before)


def give_lasting_passwords(cast: Cast, settings: Settings) -> None:
    """Let the staff process know the signers' passwords: it does not take the tests' quick hash."""
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS
    for person in (cast.celia, cast.dominic):
        person.set_password(PASSWORD)
        person.save()


def kill_while_signing(service: Service, cast: Cast, kills: list[int]) -> float:
    """Kill these, one after the other, while two people sign; the longest time to be back."""
    papers = [stages.endorsement(cast, part_two=True) for _ in range(max(2, len(kills) // 2))]
    slugs = [paper.slug for paper in papers]
    done: set[tuple[str, str]] = set()
    signing = threading.Event()
    people = {"endorse": cast.celia, "decide": cast.dominic}
    browsers = {verb: Browser(person, service.port) for verb, person in people.items()}
    threads = [
        threading.Thread(
            target=contextvars.copy_context().run,
            args=(sign_all, browser, verb, slugs, done, signing),
        )
        for verb, browser in browsers.items()
    ]
    for thread in threads:
        thread.start()
    worst = 0.0
    for kill in kills:
        before = len(done)
        signing.clear()
        until(
            lambda: signing.is_set() or not any(thread.is_alive() for thread in threads),
            "somebody is signing",
        )
        start = time.monotonic()
        KILLS[kill](service)
        service.revive()
        worst = max(worst, time.monotonic() - start)
        until(
            lambda before=before: len(done) > before or len(done) == 2 * len(slugs),  # type: ignore[misc]
            "signing goes on",
        )
    for thread in threads:
        thread.join()
    connections.close_all()
    service.settle()
    assert done == {(slug, verb) for slug in slugs for verb in ("endorse", "decide")}
    for slug, verb in done:
        assert Signature.objects.filter(paper__slug=slug, act=verb).count() == 1, (slug, verb)
    return worst


def assert_nothing_is_half_done(service: Service) -> None:
    """States are earned, the chain holds, messages and documents are there, each once."""
    for paper in Paper.objects.exclude(state__in=[State.DRAFT, State.CONSULTATION]):
        acts = paper.signatures.filter(round=paper.round).values_list("act", flat=True)
        assert paper.state == EARNED[frozenset(acts)], paper.reference
    database.connect("default", env.WITNESS, devdb.DATABASE, "public")
    assert verify_chain(rows.read()) == []
    database.connect("default", env.STAFF, devdb.DATABASE)
    signed = Event.objects.filter(verb__in=["endorse", "decide"])
    assert signed.count() == Signature.objects.count()
    for event in signed:
        assert Notice.objects.filter(event=event, kind=event.verb).exists(), event.seq
    twice = Notice.objects.values("event", "kind", "recipient").annotate(n=Count("pk"))
    assert not twice.filter(n__gt=1).exists()
    editions = Edition.objects.count()
    assert editions == Signature.objects.filter(act="decide").count()

    def are_made() -> bool:
        service.supervise()  # a worker whose database died ends a while later
        return SealedDocument.objects.count() == editions

    until(are_made, "every document is made", _jobs_now)
    until(
        lambda: not ProcrastinateJob.objects.filter(status="doing").exists(),
        "no job is left",
        _jobs_now,
    )
    for document in SealedDocument.objects.all():
        assert sealing.verify(read_file(document.digest)).ok
    assert Event.objects.filter(verb="seal").count() == editions


def _jobs_now() -> list[Any]:
    """What jobs there are, and why documents were refused."""
    jobs = ProcrastinateJob.objects.values_list(
        "task_name", "status", "attempts", "scheduled_at", "worker_id"
    )
    return [timezone.now(), *jobs, *DocumentRefusal.objects.values_list("attempt", "sentence")]


@pytest.mark.parametrize(
    "rounds", [1, pytest.param(50, marks=pytest.mark.long)], ids=["once each", "250 kills"]
)
def test_what_was_acknowledged_is_never_lost(
    service: Service,
    rounds: int,
    settings: Settings,
    record_property: Callable[[str, object], None],
) -> None:
    cast = assemble()
    give_lasting_passwords(cast, settings)
    order = random.Random(27)  # noqa: S311 - the order of a drill, the same each time
    worst = 0.0
    for _ in range(rounds):
        kills = list(range(len(KILLS)))
        order.shuffle(kills)
        worst = max(worst, kill_while_signing(service, cast, kills))
        assert_nothing_is_half_done(service)
    assert Signature.objects.count() >= 4 * rounds
    assert worst < PATIENCE
    record_property("kills", rounds * len(KILLS))
    record_property("signatures", Signature.objects.count())
    record_property("longest_until_back", round(worst, 1))
