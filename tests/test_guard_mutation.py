"""Every guard in PostgreSQL is taken away in turn, and something must notice each time.

The guards are found in the catalogue, so a new one without an attack of its own is a survivor too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

import pytest
from django.conf import settings
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from config import env
from tests import database
from tests.guards import sight, world
from tests.guards.attacks import attacked
from tests.guards.catalogue import Connection, Guard, constraints, policies, triggers

# Guards that are not attacked here, with the reason in words.
_BY_PEOPLE = (
    "Its attack needs a proposal and a confirmation: tests/test_people_guards.py takes it away."
)
ELSEWHERE = {
    "secretariat_keeps_people": _BY_PEOPLE,
    "dated_row_keeps_its_past": _BY_PEOPLE,
    "duty_is_given_by_secretariat": _BY_PEOPLE,
    "appointment_by_two": _BY_PEOPLE,
    "office_stays": _BY_PEOPLE,
    "series_stays": _BY_PEOPLE,
    "accounts_appointment_proposal_id_key": _BY_PEOPLE,
}


@pytest.fixture(scope="module")
def superuser(
    migrated: str, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Connection]:
    """A superuser in a database where every table of ours has a row."""
    name = f"{settings.TEST_DATABASE}_guards"
    before = dict(connections["default"].settings_dict)
    with django_db_blocker.unblock():
        database.create(name, template=migrated)
        world.make_world(name, tmp_path_factory.mktemp("witness") / "kept")
        connections["default"].close()
        with database.superuser_of(name) as superuser:
            world.add_what_no_act_leaves(superuser)
            yield superuser
        connections.close_all()
        connections["default"].settings_dict.update(before)
        for each in (name, f"{name}_earlier"):
            database.drop(each)


def survivors(
    superuser: Connection,
    guards: list[Guard],
    attack: Callable[[Connection, Guard], tuple[str, str]],
    but: Collection[str] = ELSEWHERE.keys(),
) -> list[str]:
    """Those guards whose attack comes to the same without them, or is not refused with them."""
    found = []
    for guard in guards:
        if guard.name in but:
            continue
        said, meant = attack(superuser, guard)
        if said != meant:
            found.append(f"{guard} stands, and its attack comes to: {said}, not: {meant}")
            continue
        with superuser.transaction(force_rollback=True):
            superuser.execute(guard.mutation.encode())
            if attack(superuser, guard)[0] == meant:
                found.append(f"{guard}: nothing missed it")
    return found


def test_every_table_has_a_row_to_attack(superuser: Connection) -> None:
    assert ", ".join(world.empty_tables(superuser)) == ""


def test_every_trigger_is_missed_and_none_can_be_silenced(superuser: Connection) -> None:
    found = triggers(superuser)
    assert len(found) >= 2 * 60
    assert "\n".join(survivors(superuser, found, attacked)) == ""


def test_every_constraint_is_missed(superuser: Connection) -> None:
    found = constraints(superuser)
    assert len(found) >= 100
    assert "\n".join(survivors(superuser, found, attacked)) == ""


def test_every_policy_is_missed(superuser: Connection) -> None:
    found = policies(superuser)
    assert len(found) >= 60
    assert "\n".join(survivors(superuser, found, sight.seen)) == ""


@pytest.mark.parametrize(
    "every", [pytest.param(1, marks=pytest.mark.long), 20], ids=["all", "a twentieth"]
)
def test_every_right_too_much_is_missed(superuser: Connection, every: int) -> None:
    assert {role: sight.unlisted(superuser, role) for role in env.ROLES} == dict.fromkeys(
        env.ROLES, ""
    )
    found = sight.grants(superuser)
    assert len(found) >= 1500
    assert "\n".join(survivors(superuser, found[::every], sight.granted)) == ""
