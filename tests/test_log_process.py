"""The staff process as it is really started: what it says when a save of Part 2 fails."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup

from decisions.models import Paper
from tests import database, stages
from tests.cast import assemble
from tests.pages import fields_of
from tests.staff_process import Staff, staff_process

CANARY = f"Zander{uuid4().hex}"


@pytest.fixture
def paper(clone: str) -> Paper:
    """A paper with Part 2, in a database that refuses a word in it."""
    made = stages.draft(assemble(), part_two=True)
    with database.owner_of(clone) as owner:
        owner.execute(
            "ALTER TABLE conf.part_two ADD CONSTRAINT no_bird CHECK (body NOT LIKE 'Zander%')"
        )
    return made


@pytest.fixture
def staff(clone: str, paper: Paper, tmp_path: Path) -> Iterator[Staff]:
    """The process, with the paper's officer signed in."""
    with staff_process(clone, paper.officer, tmp_path) as running:
        yield running


def test_a_save_that_the_database_refuses_is_told_by_kind_and_place_alone(
    staff: Staff, paper: Paper
) -> None:
    address = f"/papers/{paper.slug}/part-two/"
    status, page = staff.ask(address)
    assert status == 200, page
    form = BeautifulSoup(page, "html.parser").select_one("main form[method=post]")
    assert form is not None
    typed = fields_of(form)
    pages = []
    for body in (CANARY, f"{CANARY} " + "x" * 200_000, f"{CANARY}\0"):
        status, page = staff.ask(f"{address}?q={CANARY}", typed | {"body": body})
        pages.append(status)
        if status == 500:
            assert CANARY not in page
    assert pages == [500, 200, 500]  # too long is said by the form; a NUL is dropped before
    saved, _ = staff.ask(address, typed | {"body": f"A {CANARY} that is no fault."})
    assert saved == 302
    assert CANARY in staff.ask(address)[1]
    told = staff.log.read_text()
    assert told.count("The database refused. CheckViolation (23514)") == 2
    assert "decisions/part_two/room.py" in told
    assert CANARY not in told


def test_the_process_dumps_no_core(staff: Staff) -> None:
    assert staff.ask("/healthz")[0] == 200
    assert resource.prlimit(staff.number, resource.RLIMIT_CORE) == (0, 0)
