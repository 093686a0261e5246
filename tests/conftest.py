"""The real parts that tests stand on: PostgreSQL with its roles, the cast, both processes."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import connections
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app, connector_params
from pytest_django.plugin import DjangoDbBlocker

from approvals.sealing import development
from config import env
from config.database.acting import acting_as
from tests import database, matrix_world
from tests.ambient import AMBIENT
from tests.cast import Cast, assemble
from tests.matrix_world import Standing
from tests.sample_world import connected
from tests.seal_world import World, serving

_clones = itertools.count(1)


@pytest.fixture(scope="session", autouse=True)
def _ambient() -> Iterator[None]:
    """Somebody acts in every test, for what it prepares and looks at directly."""
    with acting_as(AMBIENT):
        yield


@pytest.fixture(scope="session")
def migrated(django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The name of a migrated, empty database that only serves as a template."""
    name = f"{settings.TEST_DATABASE}_template"
    with django_db_blocker.unblock():
        database.create(name)
        database.migrate(name)
    yield name
    with django_db_blocker.unblock():
        database.drop(name)


@pytest.fixture(scope="session")
def django_db_setup(migrated: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database of ordinary tests: each runs as the staff role and is rolled back."""
    name = settings.TEST_DATABASE
    with django_db_blocker.unblock():
        database.create(name, template=migrated)
        database.connect("default", env.STAFF, name)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        database.drop(name)


@pytest.fixture(scope="session")
def papers_in_every_state(migrated: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Standing]:
    """Two officers' papers in every state, in a database of their own: what is done is undone."""
    with matrix_world.made(migrated, django_db_blocker) as standing:
        yield standing


@pytest.fixture
def standing(
    papers_in_every_state: Standing, django_db_blocker: DjangoDbBlocker
) -> Iterator[Standing]:
    """Those papers, with the staff process connected to their database."""
    with connected(papers_in_every_state.name, django_db_blocker):
        yield papers_in_every_state


@pytest.fixture
def clone(migrated: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database of this test's own, connected as staff; what is committed here stays here."""
    name = f"{settings.TEST_DATABASE}_clone{next(_clones)}"
    before = dict(connections["default"].settings_dict)
    with django_db_blocker.unblock():
        database.create(name, template=migrated)
        database.connect("default", env.STAFF, name)
        yield name
        connections.close_all()
        connections["default"].settings_dict.update(before)
        database.drop(name)


@pytest.fixture
def worker(clone: str, django_db_blocker: DjangoDbBlocker) -> Callable[[], None]:
    """Does every job that waits, in the worker's role, until there is nothing to do now."""

    def work() -> None:
        database.connect("default", env.RENDERER, clone, "public")
        try:
            connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=3)
            with app.replace_connector(connector) as working:
                working.run_worker(wait=False, listen_notify=False, install_signal_handlers=False)
        finally:
            database.connect("default", env.STAFF, clone)

    return work


@pytest.fixture
def cast(db: None) -> Cast:
    """The sample cast, in the database of an ordinary test."""
    return assemble()


@pytest.fixture(scope="session")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Authorities that give time stamps and say what was revoked, served on this machine."""
    with serving(tmp_path_factory.mktemp("authorities")) as world:
        yield world


@pytest.fixture
def seal_key() -> None:
    """A development key to seal with, made once among the files of this test run."""
    development.make_pair()
