"""Who may see which rows of the staff process: PostgreSQL says what the pages say, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import Appointment, Duty, DutyKind, Office, User, today
from approvals import actions
from approvals.sample.cast import find
from approvals.sealing import development
from config import env
from config.database.acting import acting_as
from decisions.history import record
from decisions.models import Paper, Reader
from decisions.part_two import room
from decisions.queries import visible_to
from tests import database, stages
from tests.cast import Cast, assemble
from tests.need_to_know_world import BY_PASSKEY, OF_CLEARED, WITH_ITS_PAPER, rows, write
from tests.sample_world import connected


@pytest.fixture(scope="module")
def made(migrated: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database with papers of two officers in every state, and one that waits for its day."""
    name = f"{settings.TEST_DATABASE}_need_to_know"
    development.make_pair()
    with django_db_blocker.unblock():
        database.create(name, template=migrated)
    with connected(name, django_db_blocker):
        write(assemble())
    yield name
    with django_db_blocker.unblock():
        database.drop(name)


@pytest.fixture
def papers(made: str, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Paper]]:
    """Those papers; what a test does to them is undone."""
    with connected(made, django_db_blocker), transaction.atomic():
        yield list(Paper.objects.select_related("officer").order_by("pk"))
        transaction.set_rollback(True)


@pytest.fixture
def people(papers: list[Paper]) -> Cast:
    """The cast that wrote them."""
    return find()


def seen(person: User) -> set[int]:
    """The papers that PostgreSQL shows a person."""
    with acting_as(person.pk):
        return set(Paper.objects.values_list("pk", flat=True))


def asked(person: User) -> set[int]:
    """The papers that the pages show a person, asked of everything that there is."""
    return set(visible_to(User.objects.get(pk=person.pk)).values_list("pk", flat=True))


def test_postgresql_and_the_pages_show_everybody_the_same_papers(
    people: Cast, papers: list[Paper]
) -> None:
    everything = {paper.pk for paper in papers}
    shown = {name: seen(person) for name, person in people.everybody.items()}
    assert shown == {name: asked(person) for name, person in people.everybody.items()}
    assert shown["saba"] == shown["aud"] == everything
    assert shown["olu"] & shown["oona"] == set()
    assert set() < shown["dominic"] < shown["celia"] < everything


def others() -> Iterator[User]:
    """People whom dates make somebody, or nobody any more."""
    day, offices = today(), {office.code: office for office in Office.objects.all()}
    spans = {
        "yesterday": (day - timedelta(days=9), day - timedelta(days=1)),
        "until today": (day - timedelta(days=9), day),
        "from today": (day, None),
        "tomorrow": (day + timedelta(days=1), None),
    }
    for name, (starts, ends) in spans.items():
        clerk = User.objects.create_user(f"clerk-{starts}-{ends}@example.org", name)
        Duty.objects.create(person=clerk, kind=DutyKind.SECRETARIAT, starts=starts, ends=ends)
        yield clerk
        for code, office in offices.items():
            acts = User.objects.create_user(f"{code}-{starts}-{ends}@example.org", name)
            with transaction.atomic():
                Appointment.objects.create(
                    office=office,
                    person=acts,
                    acting=True,
                    legal_basis="A letter of the Mayor.",
                    starts=starts,
                    ends=ends,
                )
                yield acts
                transaction.set_rollback(True)
    gone = User.objects.create_user("gone@example.org", "Gone")
    Duty.objects.create(person=gone, kind=DutyKind.AUDITOR)
    gone.is_active = False
    gone.save()
    yield gone
    yield User.objects.create_user("nobody@example.org", "Nobody in particular")


def test_the_day_decides_in_both_who_holds_and_who_does_what(
    people: Cast, papers: list[Paper]
) -> None:
    sizes = set()
    for person in others():
        assert seen(person) == asked(person), person.email
        sizes.add(len(seen(person)))
    assert {0, len(papers)} < sizes


def test_whoever_was_asked_to_read_a_paper_sees_that_one(people: Cast, papers: list[Paper]) -> None:
    assert papers[0].pk not in seen(people.oona)
    Reader.objects.create(paper=papers[0], person=people.oona)
    assert seen(people.oona) == asked(people.oona)
    assert papers[0].pk in seen(people.oona)


def test_what_hangs_on_a_paper_is_seen_with_it_and_only_with_it(
    people: Cast, papers: list[Paper]
) -> None:
    for relation, paper in WITH_ITS_PAPER.items():
        belongs = dict[int, int](rows(f"SELECT t.id, ({paper}) FROM {relation} t"))  # noqa: S608 - from above
        assert belongs or relation == BY_PASSKEY, relation
        for name, person in people.everybody.items():
            may = asked(person)
            with acting_as(person.pk):
                found = {row[0] for row in rows(f"SELECT id FROM {relation}")}  # noqa: S608
            assert found == {pk for pk, of in belongs.items() if of in may}, (relation, name)


def test_part_two_is_for_who_sees_the_paper_and_is_let_in(
    people: Cast, papers: list[Paper]
) -> None:
    let_in = {
        name: {p.pk for p in papers if room.is_cleared(p, person)} & asked(person)
        for name, person in people.everybody.items()
    }
    assert let_in["aud"] == let_in["saba"] == set()
    for relation, paper in OF_CLEARED.items():
        belongs = dict[int, int](rows(f"SELECT t.id, ({paper}) FROM {relation} t"))  # noqa: S608 - from above
        assert len(set(belongs.values())) > 1, relation
        shown = {}
        for name, person in people.everybody.items():
            with acting_as(person.pk):
                shown[name] = {row[0] for row in rows(f"SELECT id FROM {relation}")}  # noqa: S608
        assert shown == {
            name: {pk for pk, of in belongs.items() if of in papers}
            for name, papers in let_in.items()
        }, relation


def test_the_rooms_own_questions_are_answered_for_papers_that_one_sees_alone(
    people: Cast, papers: list[Paper]
) -> None:
    draft = papers[0]
    with acting_as(people.aud.pk):
        assert room.facts(draft)[0]
        assert room.shares_a_passage(draft, stages.SECRET)
        assert rows("SELECT id FROM conf.part_two") == set()
    with acting_as(people.oona.pk):
        assert rows(f"SELECT id FROM sight.part_two_unread({draft.pk})") == set()  # noqa: S608
        assert rows(f"SELECT id FROM sight.exemptions_unread({draft.pk})") == set()  # noqa: S608
        everything = "ARRAY(SELECT generate_series(1, 100000))::bigint[]"
        own = rows(f"SELECT id FROM sight.frozen_unread({everything})")  # noqa: S608 - from above
    assert own < rows(f"SELECT id FROM sight.frozen_unread({everything})")  # noqa: S608


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO decisions_contributor (paper_id, person_id, since) VALUES (%s, %s, now())",
        "INSERT INTO decisions_reader (paper_id, person_id, since) VALUES (%s, %s, now())",
        "INSERT INTO decisions_event (paper_id, actor_id, verb, facts) VALUES (%s, %s, 'x', '{}')",
        (
            "INSERT INTO decisions_section (paper_id, position, kind, heading, body, included) "
            "VALUES (%s, %s, 'extra', 'Mine', '', true)"
        ),
        (
            "INSERT INTO conf.part_two_clearance (paper_id, person_id, granted_by_id, reason, "
            "granted_at) VALUES (%s, %s, {oona}, 'I wish', now())"
        ),
    ],
)
def test_nobody_adds_a_row_to_a_paper_that_they_may_not_see(cast: Cast, statement: str) -> None:
    paper = stages.draft(cast)
    said = statement.replace("{oona}", str(cast.oona.pk))
    with (
        pytest.raises(DatabaseError, match=r"42501|row-level"),
        transaction.atomic(),
        acting_as(cast.oona.pk),
        connection.cursor() as cursor,
    ):
        cursor.execute(said, [paper.pk, cast.oona.pk])


def test_nobody_changes_or_removes_a_row_of_a_paper_that_they_may_not_see(cast: Cast) -> None:
    paper = stages.draft(cast, part_two=True)
    with acting_as(cast.oona.pk), connection.cursor() as cursor:
        for statement in (
            "UPDATE decisions_paper SET title = 'Mine', version = version + 1",
            "UPDATE decisions_section SET body = 'Mine'",
            "DELETE FROM decisions_recommendation",
            "UPDATE conf.part_two SET body = 'Mine'",
            "DELETE FROM conf.part_two_exemption",
        ):
            cursor.execute(statement)
            assert cursor.rowcount == 0, statement
    with acting_as(cast.olu.pk), connection.cursor() as cursor:
        cursor.execute("UPDATE decisions_section SET body = 'Mine'")
        assert cursor.rowcount == paper.sections.count() > 0


def test_whoever_sends_a_paper_back_writes_it_down_and_then_sees_it_no_more(clone: str) -> None:
    cast = assemble()
    paper = stages.endorsement(cast)
    with acting_as(cast.celia.pk):
        actions.send_back(paper.pk, by=cast.celia, reason="The sums do not add up.")
        assert not Paper.objects.filter(pk=paper.pk).exists()
    event = paper.events.order_by("-seq")[0]
    assert (event.verb, event.reason.text) == ("send_back", "The sums do not add up.")


def test_an_event_about_no_paper_is_shown_to_who_did_it_and_to_who_sees_everything(
    cast: Cast,
) -> None:
    event = record(None, "begin", cast.olu)
    one = f"SELECT id FROM decisions_event WHERE id = {event.pk}"  # noqa: S608 - our own number
    shown = {}
    for name, person in cast.everybody.items():
        with acting_as(person.pk):
            shown[name] = bool(rows(one))
    assert {name for name, is_shown in shown.items() if is_shown} == {"olu", "saba", "aud"}


def test_the_other_logins_read_what_they_read_before(clone: str, seal_key: None) -> None:
    cast = assemble()
    paper = stages.published(cast)
    wanted = {
        env.RENDERER: (
            "approvals_edition",
            "approvals_sealeddocument",
            "(SELECT id, seq FROM decisions_event)",
        ),
        env.MAILER: ("approvals_notice",),
        env.WITNESS: ("decisions_event",),
    }
    assert paper.events.count() > 0
    for role, relations in wanted.items():
        with psycopg.connect(database.address(role, clone), autocommit=True) as login:
            for relation in relations:
                question = f"SELECT count(*) FROM {relation} AS t"  # noqa: S608 - from above
                (number,) = login.execute(question.encode()).fetchone() or (0,)
                assert number > 0
                assert rows(question) == {(number,)}, (role, relation)


def test_a_backup_by_the_owner_holds_every_row(clone: str) -> None:
    stages.draft(assemble(), part_two=True)
    with database.owner_of(clone) as owner:
        owner.execute("SET row_security = off")  # as pg_dump does: an error where rows would lack
        for relation in (*WITH_ITS_PAPER, *OF_CLEARED):
            owner.execute(f"SELECT count(*) FROM {relation}".encode())  # noqa: S608 - from above
        assert owner.execute("SELECT count(*) FROM conf.part_two").fetchone() == (1,)
