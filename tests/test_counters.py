"""The cache of all workers: rows written at once, dropped when they are over and never before."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.races import at_once


def rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_cache")
        return int(cursor.fetchone()[0])


def test_every_write_is_one_statement(clone: str) -> None:
    for write in (
        lambda: cache.set("a", [1.5]),
        lambda: cache.set("a", [2.5, 1.5]),
        lambda: cache.add("a", "other"),
        lambda: cache.add("b", "new"),
    ):
        with CaptureQueriesContext(connection) as asked:
            write()
        assert len(asked) == 1
    assert cache.get_many(["a", "b"]) == {"a": [2.5, 1.5], "b": "new"}


@pytest.mark.django_db
def test_what_is_there_is_not_added_again_until_it_is_over() -> None:
    assert cache.add("a", 1, timeout=60)
    assert not cache.add("a", 2, timeout=60)
    assert cache.get("a") == 1
    cache.set("a", 3, timeout=-1)
    assert cache.add("a", 4, timeout=None)
    assert cache.get("a") == 4


@pytest.mark.django_db
def test_what_was_added_and_rolled_back_can_be_added() -> None:
    with transaction.atomic():
        assert cache.add("a", 1)
        transaction.set_rollback(True)
    assert cache.add("a", 2)


def test_of_four_who_add_at_once_one_does(clone: str) -> None:
    came_to = at_once([lambda: cache.add("a", "spent", timeout=60) for _ in range(4)])
    assert sorted(came_to) == [False, False, False, True]


def test_rows_that_are_over_go_and_no_other_does(clone: str) -> None:
    for number in range(12):
        with transaction.atomic():
            cache.set(f"over-{number}", number, timeout=-1)
    for number in range(400):  # more than Django's own would keep
        with transaction.atomic():
            cache.set(f"counts-{number}", number, timeout=60)
    assert rows() == 412
    cache.set("one-more", 1, timeout=60)
    assert rows() == 412 + 1 - 10
    cache.set("one-more", 2, timeout=60)
    assert rows() == 401
    assert cache.get_many([f"counts-{number}" for number in range(400)]) == {
        f"counts-{number}": number for number in range(400)
    }


@pytest.mark.django_db
def test_what_is_kept_is_text_that_nothing_runs() -> None:
    cache.set("a", [1.5, True, "é"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM accounts_cache")
        assert cursor.fetchall() == [('[1.5, true, "\\u00e9"]',)]
        # What Django's own cache would have run: a call of print, pickled.
        cursor.execute("UPDATE accounts_cache SET value = 'Y2J1aWx0aW5zCnByaW50CihTJ3J1bicKdFIu'")
    with pytest.raises(ValueError, match="Expecting value"):
        cache.get("a")
    with pytest.raises(TypeError):
        cache.set("a", object())
