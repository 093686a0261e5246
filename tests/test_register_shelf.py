"""The shelves: what may be placed, in what order, and that nothing placed is ever changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import psycopg
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import IntegrityError
from psycopg import sql
from pytest_django.plugin import DjangoDbBlocker

from config import env
from decisions.register import shelf
from decisions.register.models import Decision, Embargo, Live
from decisions.register.record import Block, digest_of
from tests import ambient, database
from tests.records import corrected, draft_of_pcd_1080, pcd_1080, signed
from tests.register_world import Register, document, numbered, register

HOUR = timedelta(hours=1)


@pytest.fixture
def world(migrated: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Register]:
    with register(migrated, django_db_blocker) as made:
        yield made


@pytest.fixture(scope="module")
def placed(migrated: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Register]:
    """A register with a live and a waiting edition, for tests that change nothing in it."""
    with register(migrated, django_db_blocker) as made:
        made.place(numbered(1001))
        made.place(numbered(1002), not_before=soon())
        yield made


def soon(by: timedelta = HOUR) -> datetime:
    return datetime.now(UTC) + by


def read(slug: str) -> list[Decision]:
    return list(Decision.objects.filter(slug=slug).order_by("edition"))


def test_a_row_says_what_its_record_says(world: Register) -> None:
    record = pcd_1080()
    world.place(record, published_at=datetime(2021, 11, 24, 9, tzinfo=UTC))
    row = Decision.objects.get(slug="pcd-1080")
    assert (row.reference, row.edition, row.title) == ("PCD 1080", 1, record.title)
    assert (row.office, row.decision_maker) == (record.office, "Dominic Vale")
    assert (row.date_signed.isoformat(), row.outcome) == ("2021-11-23", "approved")
    assert (row.capital, row.revenue, row.income) == (Decimal(0), Decimal(947393), Decimal(0))
    assert row.published_at == row.edition_published_at == datetime(2021, 11, 24, 9, tzinfo=UTC)
    assert (row.current, row.sample) == (True, True)
    assert row.content == record.to_json()
    assert row.digest == digest_of(row.content)
    assert row.pdf_digest == document("PCD 1080, edition 1")


def test_the_date_of_signing_is_that_of_london(world: Register) -> None:
    record = signed(draft_of_pcd_1080())
    assert record.decision is not None
    late = msgspec.structs.replace(
        pcd_1080(),
        decision=msgspec.structs.replace(
            record.decision, signed_at=datetime(2022, 6, 30, 23, 30, tzinfo=UTC)
        ),
    )
    world.place(late)
    assert Decision.objects.get().date_signed.isoformat() == "2022-07-01"


def test_a_long_summary_is_cut_at_a_word(world: Register) -> None:
    words = Block(kind="paragraph", html="<strong>Money</strong> &amp; time. " * 200)
    world.place(msgspec.structs.replace(pcd_1080(), executive_summary=(words,)))
    summary = Decision.objects.get().summary
    assert summary.startswith("Money & time. Money & time.")
    assert summary.endswith("…")
    assert len(summary) <= shelf.SUMMARY_LENGTH + 1


def test_200_kb_of_text_can_be_placed_and_found(world: Register) -> None:
    word = " ".join(f"word{n}" for n in range(25_000))
    record = pcd_1080()
    long = msgspec.structs.replace(
        record.sections[0], blocks=(Block(kind="paragraph", html=word, number="1.1"),)
    )
    world.place(msgspec.structs.replace(record, sections=(long,)))
    assert len(word) > 200_000
    assert "PCD 1080" in world.text("/decisions/?q=word12000")


@pytest.mark.parametrize(
    ("refused", "sentence"),
    [
        (draft_of_pcd_1080, "is not decided"),
        (lambda: signed(draft_of_pcd_1080()), "is not decided"),
        (lambda: msgspec.structs.replace(pcd_1080(), slug="PCD 1080"), "cannot be an address"),
        (lambda: msgspec.structs.replace(pcd_1080(), title="A\x00B"), "does not read back"),
    ],
)
def test_what_cannot_be_published_is_refused_with_a_sentence(
    placed: Register, refused: Callable[[], Any], sentence: str
) -> None:
    with pytest.raises(shelf.PlacementError, match=sentence):
        placed.place(refused())
    assert not Decision.objects.filter(slug__icontains="1080").exists()


def test_a_backslash_before_the_letters_of_a_nul_is_ordinary_text(world: Register) -> None:
    world.place(msgspec.structs.replace(pcd_1080(), title=r"The sequence \u0000 in writing"))
    assert Decision.objects.get().title == r"The sequence \u0000 in writing"


@pytest.mark.parametrize("digest", ["", "0" * 63, "G" * 64, "../../etc/passwd"])
def test_a_document_must_have_a_digest(placed: Register, digest: str) -> None:
    with placed.staff(), pytest.raises(shelf.PlacementError, match="digest is missing"):
        shelf.place(pcd_1080(), pdf_digest=digest)


def test_a_document_must_lie_among_the_published_files(placed: Register) -> None:
    with placed.staff(), pytest.raises(shelf.PlacementError, match="not among the published files"):
        shelf.place(pcd_1080(), pdf_digest="0" * 64)


def test_a_document_must_be_the_one_that_was_sealed(placed: Register) -> None:
    name = f"{'1' * 64}.pdf"
    if not storages["published"].exists(name):
        storages["published"].save(name, ContentFile(b"something else"))
    with placed.staff(), pytest.raises(shelf.PlacementError, match="not the one that was sealed"):
        shelf.place(pcd_1080(), pdf_digest="1" * 64)


def test_an_edition_that_is_public_is_never_placed_again(world: Register) -> None:
    world.place(pcd_1080())
    with pytest.raises(IntegrityError, match="public already"):
        world.place(pcd_1080())
    with pytest.raises(IntegrityError, match="public already"):
        world.place(pcd_1080(), not_before=soon())
    world.place(numbered(1090), not_before=soon())
    world.let_pass(HOUR)
    with pytest.raises(IntegrityError, match="public already"):
        world.place(numbered(1090), not_before=soon())
    assert len(read("pcd-1080")) == len(read("pcd-1090")) == 1


def test_an_earlier_edition_cannot_follow_a_later_one(world: Register) -> None:
    world.place(corrected())
    world.place(numbered(1090, corrected()), not_before=soon())
    for first in (pcd_1080(), numbered(1090)):
        with pytest.raises(IntegrityError, match="A later edition is in the register"):
            world.place(first)


def test_a_correction_is_current_and_keeps_the_first_day_of_publication(world: Register) -> None:
    world.place(pcd_1080(), published_at=datetime(2021, 11, 24, 9, tzinfo=UTC))
    world.place(corrected(), published_at=datetime(2022, 1, 14, 9, tzinfo=UTC))
    first, second = read("pcd-1080")
    assert (first.current, second.current) == (False, True)
    assert second.published_at == first.edition_published_at == first.published_at
    assert second.edition_published_at == datetime(2022, 1, 14, 9, tzinfo=UTC)


def test_a_live_edition_is_never_dated_in_the_future(world: Register) -> None:
    world.place(pcd_1080(), published_at=soon())
    with world.staff():
        row = Live.objects.get()
    assert row.published_at == row.placed_at


# A deferral decided anew


def test_the_newest_decision_about_a_deferral_counts(world: Register) -> None:
    later = soon(2 * HOUR)
    world.place(pcd_1080(), not_before=soon())
    world.place(pcd_1080(), not_before=later)
    with world.staff():
        assert shelf.due_at("pcd-1080") == later
        assert Embargo.objects.count() == 2
    world.place(pcd_1080())
    with world.staff():
        assert shelf.due_at("pcd-1080") is None
        assert shelf.is_published("pcd-1080")
    assert len(read("pcd-1080")) == 1


def test_a_moment_set_anew_replaces_one_that_comes_earlier(world: Register) -> None:
    world.place(pcd_1080(), not_before=soon(HOUR))
    world.place(pcd_1080(), not_before=soon(3 * HOUR))
    world.let_pass(2 * HOUR)
    with world.staff():
        assert Embargo.objects.filter(not_before__lt=datetime.now(UTC)).count() == 1
    assert read("pcd-1080") == []
    world.let_pass(HOUR)
    assert len(read("pcd-1080")) == 1


def test_a_text_corrected_before_anyone_could_read_it_never_appears(world: Register) -> None:
    world.place(pcd_1080(), not_before=soon())
    world.place(corrected())
    with world.staff():
        assert shelf.due_at("pcd-1080") is None
    world.let_pass(2 * HOUR)
    assert [row.edition for row in read("pcd-1080")] == [2]


# What PostgreSQL refuses

CHANGES = {
    "change": "UPDATE register.{} SET title = 'Something else'",
    "remove": "DELETE FROM register.{}",
    "empty": "TRUNCATE register.{}",
}


@pytest.mark.parametrize("table", ["register_live", "register_embargo"])
@pytest.mark.parametrize("statement", CHANGES.values(), ids=CHANGES.keys())
def test_not_even_the_owner_changes_what_was_placed(
    placed: Register, table: str, statement: str
) -> None:
    with (
        psycopg.connect(database.address(env.OWNER, placed.name)) as owner,
        pytest.raises(psycopg.errors.RestrictViolation, match="never changed or removed"),
    ):
        owner.execute(statement.format(table))


def test_no_setting_of_a_session_silences_a_guard(placed: Register) -> None:
    with psycopg.connect(database.address(env.OWNER, placed.name)) as owner:
        guards = owner.execute(
            "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger"
            " WHERE tgrelid IN ('register.register_live'::regclass,"
            "                   'register.register_embargo'::regclass)"
        ).fetchall()
    names = (
        *("actor_is_set", "check_1_text", "check_2_order"),
        *("refuse_change", "refuse_truncate"),
    )
    tables = ("register.register_live", "register.register_embargo")
    of_live_alone = {("register.register_live", "not_twice", "A")}
    assert set(guards) == {(t, name, "A") for t in tables for name in names} | of_live_alone


@pytest.mark.parametrize("statement", CHANGES.values(), ids=CHANGES.keys())
def test_the_staff_role_has_no_right_to_change_what_was_placed(
    placed: Register, statement: str
) -> None:
    with (
        psycopg.connect(database.address(env.STAFF, placed.name)) as staff,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        staff.execute(statement.format("register_live"))


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("digest", "0" * 64, "The digest is not that of the text"),
        ("content", "{}", "The digest is not that of the text"),
        ("title", "Another title", "differ from the text"),
        ("reference", "PCD 1", "differ from the text"),
        ("slug", "pcd-1", "differ from the text"),
        ("edition", 2, "differ from the text"),
        ("sample", False, "differ from the text"),
    ],
)
@pytest.mark.parametrize("model", [Live, Embargo])
def test_a_row_that_differs_from_its_text_is_refused(
    placed: Register, model: type[Live | Embargo], column: str, value: object, sentence: str
) -> None:
    values = shelf._columns(pcd_1080()) | shelf._document(document("PCD 1080, edition 1"))
    more = {} if model is Live else {"not_before": soon()}
    with placed.staff(), pytest.raises(IntegrityError, match=sentence):
        model.objects.create(**(values | {column: value}), **more)


def test_two_placings_at_once_leave_one_edition(world: Register) -> None:
    """The second waits for the first, then sees it."""
    values = shelf._columns(pcd_1080()) | shelf._document(document("PCD 1080, edition 1"))
    values |= {"not_before": soon(), "published_at": soon()}

    def insert(table: str, *columns: str) -> sql.Composed:
        names = [*(values.keys() - {"not_before", "published_at"}), *columns]
        return sql.SQL("INSERT INTO register.{} ({}) VALUES ({})").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, names)),
            sql.SQL(", ").join(map(sql.Placeholder, names)),
        )

    address = database.address(env.STAFF, world.name)
    live = insert("register_live", "published_at")
    with psycopg.connect(address) as first, psycopg.connect(address) as second:
        ambient.speak(first)
        ambient.speak(second)
        first.execute(insert("register_embargo", "not_before"), values)
        second.execute("SET lock_timeout = '200ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            second.execute(live, values)
        second.rollback()
        first.commit()
        with pytest.raises(psycopg.errors.CheckViolation, match="has a deferral"):
            second.execute(live, values)
