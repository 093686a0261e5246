from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Appointment, User
from approvals import actions
from approvals.actions.approve_file import approve_file
from approvals.models import Act, Consultation, Signature
from approvals.work import Item, work_of
from decisions.models import Contributor, DeclarationKind, Paper, Reader, Series, Version
from decisions.states import State
from tests import stages
from tests.cast import Cast
from tests.pages import signed_in, words
from tests.uploading import with_file

# The most that a page of one's own work may ask of the database, whoever looks at it.
MOST = 12


def lines(items: tuple[Item, ...]) -> list[tuple[str, str]]:
    """What a list says: the reference and what is to be done or awaited."""
    return [(item.reference, item.to_do) for item in items]


@pytest.mark.django_db
def test_an_officer_finishes_drafts_and_waits_for_advisers_by_name(cast: Cast) -> None:
    stages.blank(cast)
    stages.advise_all(stages.consultation(cast), but=["legal", "head_of_service"])
    work = work_of(cast.olu)
    assert lines(work.waits) == [("PCD 1829", "Finish the draft")]
    assert lines(work.awaited) == [
        ("PCD 1830", "Advice from Leo Grant (Legal Advice) and Hal Osei (Director/Head of Service)")
    ]


@pytest.mark.django_db
def test_a_paper_that_was_sent_back_shows_its_reason_to_the_officer(cast: Cast) -> None:
    paper = stages.endorsement(cast)
    actions.send_back(paper.pk, by=cast.celia, reason="The second figure is missing.")
    (item,) = work_of(cast.olu).waits
    assert item.to_do == "Put right and send out again"
    assert item.note == "Sent back by Celia Marsh: The second figure is missing."


@pytest.mark.django_db
@pytest.mark.parametrize("stage", [stages.draft, stages.consultation])
def test_a_file_for_the_public_waits_for_those_who_may_look_at_it(
    cast: Cast, stage: Callable[[Cast], Paper]
) -> None:
    paper = stages.draft(cast)
    file = with_file(paper, cast.olu)
    if stage is stages.consultation:
        stages.ask(paper, cast)
    (item,) = work_of(cast.saba).waits
    assert (item.to_do, item.do_url) == (
        "Look at a file before it is published",
        f"/papers/{paper.slug}/files/{file.pk}/approve/",
    )
    assert file.title not in str([work_of(cast.olu), work_of(cast.farah)])
    asked = stage is stages.consultation
    assert (item.to_do in words(signed_in(cast.hal).get("/"))) == asked, "Then he sees the paper."
    approve_file(paper.pk, file.pk, by=cast.saba, digest=file.public_digest)
    for person in cast.everybody.values():
        assert item.to_do not in [each.to_do for each in work_of(person).waits]


@pytest.mark.django_db
def test_who_uploaded_a_file_is_not_asked_to_look_at_it(cast: Cast) -> None:
    paper = stages.draft(cast)
    with_file(paper, cast.saba)
    assert work_of(cast.saba).waits == ()


@pytest.mark.django_db
def test_an_officer_submits_when_everybody_has_advised(cast: Cast) -> None:
    paper = stages.advised(cast)
    (item,) = work_of(cast.olu).waits
    assert (item.to_do, item.do_url) == (
        "Submit to the Chief Executive",
        f"/papers/{paper.slug}/submit/",
    )


@pytest.mark.django_db
def test_an_adviser_sees_what_they_owe_on_the_newest_version_alone(cast: Cast) -> None:
    paper = stages.consultation(cast)
    assert lines(work_of(cast.leo).waits) == [(paper.reference, "Give advice")]
    stages.advise(paper, cast.leo, "legal")
    assert work_of(cast.leo).waits == ()
    stages.change(paper, "summary", cast.olu, executive_summary="This paper asks for less money.")
    assert lines(work_of(cast.leo).waits) == [(paper.reference, "Give advice")]


@pytest.mark.django_db
def test_the_head_of_service_waits_until_the_others_have_advised(cast: Cast) -> None:
    paper = stages.consultation(cast)
    assert work_of(cast.hal).waits == ()
    stages.advise_all(paper, but=["head_of_service"])
    assert lines(work_of(cast.hal).waits) == [(paper.reference, "Give advice")]


@pytest.mark.django_db
def test_each_office_sees_the_papers_that_have_reached_it(cast: Cast) -> None:
    stages.endorsement(cast)
    stages.decision(cast)
    assert lines(work_of(cast.celia).waits) == [("PCD 1829", "Endorse")]
    assert lines(work_of(cast.celia).awaited) == [("PCD 1830", "Decision by Dominic Vale")]
    assert lines(work_of(cast.dominic).waits) == [("PCD 1830", "Decide")]


@pytest.mark.django_db
def test_nobody_is_asked_to_sign_what_they_wrote(cast: Cast) -> None:
    paper = stages.draft(cast)
    Contributor.objects.create(paper=paper, person=cast.dominic)
    stages.endorse(stages.submit(stages.advise_all(stages.ask(paper, cast))), cast.celia)
    assert work_of(cast.dominic).waits == ()


@pytest.mark.django_db
def test_the_secretariat_waits_for_documents_and_publishes(cast: Cast, seal_key: None) -> None:
    stages.decided(cast)
    stages.sealed(cast)
    work = work_of(cast.saba)
    assert lines(work.awaited) == [("PCD 1829", "The signed document, which is being made")]
    assert lines(work.waits) == [("PCD 1830", "Publish")]


@pytest.mark.django_db
def test_a_deferral_waits_by_itself_and_is_looked_at_before_it_ends(
    cast: Cast, seal_key: None
) -> None:
    day = timezone.localdate() + timedelta(days=60)
    paper = stages.sealed(cast)
    stages.publish(paper, cast.saba, until=day, reason="The contract is open.", owner=cast.olu)
    assert work_of(cast.saba).waits == ()
    assert [item.to_do for item in work_of(cast.saba).awaited] == [
        f"Publication on {day:%-d %B %Y}"
    ]
    soon = timezone.now() + timedelta(days=50)
    assert [item.to_do for item in work_of(cast.saba, soon).waits] == ["Look at the deferral"]
    after = work_of(cast.saba, timezone.now() + timedelta(days=61))
    assert (after.waits, after.awaited) == ((), ())


@pytest.mark.django_db
def test_what_is_published_waits_for_nobody(cast: Cast, seal_key: None) -> None:
    stages.published(cast)
    for person in cast.everybody.values():
        work = work_of(person)
        assert (work.waits, work.awaited) == ((), ())


@pytest.mark.django_db
def test_an_empty_office_is_said_to_be_empty(cast: Cast) -> None:
    stages.endorsement(cast)
    Appointment.objects.filter(person=cast.celia).update(ends=date(2026, 1, 1))
    (item,) = work_of(cast.olu).awaited
    assert item.to_do == "Endorsement by nobody yet: the office has no holder today"


@pytest.mark.django_db
def test_the_longest_wait_stands_first(cast: Cast) -> None:
    many(cast, State.DECISION, 3)
    since = [item.since for item in work_of(cast.dominic).waits]
    assert since == sorted(since)
    assert len(since) == 3


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3, 45])
def test_my_work_asks_as_much_of_the_database_for_many_papers_as_for_one(
    cast: Cast, count: int, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for state in (State.DRAFT, State.CONSULTATION, State.ENDORSEMENT, State.DECISION):
        many(cast, state, count)
    for who in ("olu", "leo", "celia", "dominic", "saba"):
        client.force_login(cast.everybody[who])
        with django_assert_max_num_queries(MOST):
            page = client.get("/")
        assert page.status_code == 200
        assert page.content.decode().count(">PCD 2") >= count


@pytest.mark.django_db
def test_my_work_shows_each_paper_with_its_verb_as_a_link(cast: Cast, client: Client) -> None:
    paper = stages.decision(cast)
    client.force_login(cast.dominic)
    page = client.get("/").content.decode()
    assert f'href="/papers/{paper.slug}/decide/"' in page
    assert paper.title in page
    assert "You hold the office of Deputy Mayor for Policing and Crime." in page


def many(cast: Cast, state: State, count: int) -> None:
    """Papers in a state, made without the actions: only how they are listed is looked at."""
    series = Series.objects.get(code="pcd")
    first = 2000 + 50 * list(State).index(state)
    papers = Paper.objects.bulk_create(
        Paper(
            series=series,
            number=first + place,
            reference=f"PCD {first + place}",
            slug=f"pcd-{first + place}",
            office=series.office,
            officer=cast.olu,
            title=f"Paper {place} in {state}",
            state_since=timezone.now() - timedelta(days=(place * 7) % 45),
        )
        for place in range(count)
    )
    steps = list(State)[1 : list(State).index(state) + 1]
    versions = freeze(papers, cast.olu) if steps else []
    for step in steps:
        if step == State.DECISION:
            endorse(versions, cast)
        Paper.objects.filter(pk__in=[paper.pk for paper in papers]).update(
            state=step, version=F("version") + 1
        )
    if state == State.CONSULTATION:
        for paper in papers:
            ask(paper, cast.olu, {"finance": cast.farah, "legal": cast.leo})
            for asked in (cast.farah, cast.leo):
                Reader.objects.create(paper=paper, person=asked)


def freeze(papers: list[Paper], by: User) -> list[Version]:
    """A version of each paper, as a row."""
    digest = hashlib.sha256(b"{}").hexdigest()
    return Version.objects.bulk_create(
        Version(paper=paper, number=1, round=1, content="{}", digest=digest, taken_by=by)
        for paper in papers
    )


def endorse(versions: list[Version], cast: Cast) -> None:
    """The Chief Executive's signature on each version, as a row."""
    held = Appointment.objects.select_related("office").get(person=cast.celia)
    Signature.objects.bulk_create(
        Signature(
            paper=version.paper,
            version=version,
            round=1,
            act=Act.ENDORSE,
            signer=cast.celia,
            appointment=held,
            office=held.office,
            name=cast.celia.name,
            title=held.title,
            statement="Advice was taken.",
            digest=version.digest,
            identity="Made as a row",
            key=uuid4(),
        )
        for version in versions
    )


def ask(paper: Paper, by: User, advisers: dict[str, User]) -> None:
    """Consultations on a paper, as rows."""
    Consultation.objects.bulk_create(
        Consultation(paper=paper, round=1, kind=DeclarationKind(kind), person=person, asked_by=by)
        for kind, person in advisers.items()
    )
