"""Due decisions move to the live shelf: nothing visible changes, and nothing moves early."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from pytest_django.plugin import DjangoDbBlocker

from config import env
from decisions.register import shelf
from decisions.register.models import Embargo, Live
from tests import database
from tests.ambient import speak
from tests.records import corrected, pcd_1080
from tests.register_world import Register, document, numbered, register

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
ALL: Final = "SELECT * FROM pub.decision ORDER BY slug, edition"


@pytest.fixture
def waiting(migrated: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Register]:
    """A public decision, one that is due since an hour ago, and one that is due in a day."""
    with register(migrated, django_db_blocker) as made:
        made.place(pcd_1080())
        made.place(numbered(1977), not_before=datetime.now(UTC) + HOUR)
        made.place(numbered(1978), not_before=datetime.now(UTC) + 3 * HOUR + DAY)
        made.let_pass(2 * HOUR)
        yield made


def move(made: Register) -> int:
    """As the worker does, in its own role and with its own search path."""
    database.connect("default", env.RENDERER, made.name, "public")
    try:
        return shelf.move_due()
    finally:
        database.connect("default", env.PUBLIC, made.name, "pub")


def seen(made: Register) -> list[Any]:
    """Every row, whole, that the public role reads."""
    with psycopg.connect(database.address(env.PUBLIC, made.name)) as public:
        return public.execute(ALL).fetchall()


def shelves(made: Register) -> tuple[list[str], list[str]]:
    with made.staff():
        return (
            sorted(Live.objects.values_list("slug", flat=True)),
            sorted(Embargo.objects.values_list("slug", flat=True)),
        )


def test_what_is_due_moves_and_the_public_sees_no_difference(waiting: Register) -> None:
    before = seen(waiting)
    assert shelves(waiting) == (["pcd-1080"], ["pcd-1977", "pcd-1978"])
    assert move(waiting) == 1
    assert shelves(waiting) == (["pcd-1080", "pcd-1977"], ["pcd-1978"])
    assert seen(waiting) == before
    assert len(before) == 2


def test_to_move_again_changes_nothing(waiting: Register) -> None:
    assert move(waiting) == 1
    before = seen(waiting)
    assert move(waiting) == 0
    assert (seen(waiting), shelves(waiting)[1]) == (before, ["pcd-1978"])


def test_nothing_moves_before_its_moment_on_the_clock_of_postgresql(waiting: Register) -> None:
    move(waiting)
    with waiting.staff():
        shelf.place(
            numbered(1979),
            pdf_digest=document("PCD 1979, edition 1"),
            not_before=datetime.now(UTC) + 10 * HOUR,
        )
    waiting.let_pass(9 * HOUR)
    assert move(waiting) == 0
    waiting.let_pass(HOUR)
    assert move(waiting) == 1


def test_a_page_appears_on_time_whether_or_not_anything_moved(waiting: Register) -> None:
    where = "/decisions/pcd-1978/"
    assert waiting.client().get(where).status_code == 404
    move(waiting)
    assert waiting.client().get(where).status_code == 404
    waiting.let_pass(DAY + HOUR)
    page = waiting.client().get(where)
    assert page.status_code == 200
    assert move(waiting) == 1
    assert waiting.client().get(where).content == page.content


def test_a_moment_set_anew_moves_once_and_the_former_one_never_comes_back(
    migrated: str, django_db_blocker: DjangoDbBlocker
) -> None:
    with register(migrated, django_db_blocker) as made:
        record = numbered(1977)
        made.place(record, not_before=datetime.now(UTC) + HOUR)
        made.place(record, not_before=datetime.now(UTC) + 3 * HOUR)
        made.let_pass(2 * HOUR)
        assert (move(made), seen(made)) == (0, [])
        made.let_pass(2 * HOUR)
        before = seen(made)
        assert len(before) == 1
        assert move(made) == 1
        assert seen(made) == before
        made.let_pass(DAY)
        assert (move(made), len(seen(made))) == (0, 1)


def test_editions_keep_their_order_and_their_first_day(
    migrated: str, django_db_blocker: DjangoDbBlocker
) -> None:
    with register(migrated, django_db_blocker) as made:
        made.place(pcd_1080(), not_before=datetime.now(UTC) + HOUR)
        made.let_pass(2 * HOUR)
        made.place(corrected())
        before = seen(made)
        assert len(before) == 2
        assert move(made) == 1
        assert seen(made) == before
        with made.staff(), pytest.raises(DatabaseError, match="public already"):
            shelf.place(pcd_1080(), pdf_digest=document("PCD 1080, edition 1"))


@pytest.mark.parametrize("role", [env.STAFF, env.PUBLIC, env.MAILER, env.WITNESS])
def test_only_the_worker_may_ask_for_it(waiting: Register, role: str) -> None:
    with (
        psycopg.connect(database.address(role, waiting.name)) as other,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        other.execute("SELECT public.move_due_decisions()")
    assert shelves(waiting)[1] == ["pcd-1977", "pcd-1978"]


COPY: Final = """
INSERT INTO register.register_live (reference, slug, edition, title, office, decision_maker,
  date_signed, outcome, summary, capital, revenue, income, sample, content, digest, pdf_digest,
  pdf_size, placed_at, first_published_at, published_at)
SELECT reference, slug, edition, title, office, decision_maker, date_signed, outcome, summary,
  capital, revenue, income, sample, content, digest, pdf_digest, pdf_size, placed_at,
  first_published_at, not_before
FROM register.register_embargo WHERE slug = %s
"""


def test_staff_cannot_have_a_row_visible_twice(waiting: Register) -> None:
    """A copy on the live shelf while the row still waits is refused when it is committed."""
    with psycopg.connect(database.address(env.STAFF, waiting.name)) as staff:
        speak(staff)
        staff.execute(COPY, ["pcd-1977"])
        with pytest.raises(psycopg.errors.UniqueViolation, match="public already"):
            staff.commit()
    assert shelves(waiting)[0] == ["pcd-1080"]


def test_staff_cannot_move_what_waits(waiting: Register) -> None:
    with psycopg.connect(database.address(env.STAFF, waiting.name)) as staff:
        speak(staff)
        with pytest.raises(psycopg.errors.IntegrityError, match="has a deferral"):
            staff.execute(COPY, ["pcd-1978"])


def test_not_even_the_owner_takes_a_row_away_that_is_not_on_the_live_shelf(
    waiting: Register,
) -> None:
    for slug in ("pcd-1977", "pcd-1978"):
        with (
            database.owner_of(waiting.name) as owner,
            pytest.raises(psycopg.errors.RestrictViolation, match="never changed or removed"),
        ):
            owner.execute("DELETE FROM register.register_embargo WHERE slug = %s", [slug])
    move(waiting)
    with (
        database.owner_of(waiting.name) as owner,
        pytest.raises(psycopg.errors.RestrictViolation, match="never changed or removed"),
    ):
        owner.execute("DELETE FROM register.register_live WHERE slug = 'pcd-1977'")


def test_the_command_runs_as_the_worker_and_says_what_it_did(
    waiting: Register, capsys: pytest.CaptureFixture[str]
) -> None:
    database.connect("default", env.RENDERER, waiting.name, "public")
    try:
        call_command("move_due")
        call_command("move_due")
    finally:
        database.connect("default", env.PUBLIC, waiting.name, "pub")
    assert capsys.readouterr().out.splitlines() == [
        "Moved to the live shelf: 1 edition.",
        "Moved to the live shelf: 0 editions.",
    ]
    with waiting.staff(), pytest.raises(CommandError, match="Only countersign_renderer may ask"):
        call_command("move_due")
    assert connection.settings_dict["USER"] == env.PUBLIC
