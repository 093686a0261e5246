"""The public site's list and its check of documents, asked what no person asks: never a crash."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django.plugin import DjangoDbBlocker

from tests import form_sending
from tests.form_sending import Sent
from tests.odd_values import MEGABYTE, values
from tests.records import pcd_1080
from tests.register_world import Register, register

LIST: Final = "/decisions/"
VERIFY: Final = "/verify/"
FIELDS: Final = {
    LIST: ("q", "office", "year", "sort", "page", "kind", "from", "until", "unknown"),
    VERIFY: ("reference", "digest", "unknown"),
    "/decisions.json": ("q", "page", "year"),
    "/decisions.csv": ("q", "year"),
    "/decisions.atom": ("q",),
}
ANSWERS: Final = frozenset({200, 301, 302, 400, 403, 404, 405, 409, 413, 414, 415, 422, 429})
QUIETLY: Final[dict[str, Any]] = {
    "deadline": None,
    "derandomize": True,
    "database": None,
    "suppress_health_check": list(HealthCheck),
}
asked = st.sampled_from(sorted(FIELDS)).flatmap(
    lambda address: st.tuples(
        st.just(address),
        st.dictionaries(
            st.sampled_from(FIELDS[address]), st.lists(values, min_size=1, max_size=2), min_size=1
        ),
    )
)


@pytest.fixture(scope="module")
def world(migrated: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Register]:
    """A register with one decision in it."""
    with register(migrated, django_db_blocker) as made:
        made.place(pcd_1080())
        yield made


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


def send(world: Register, method: str, address: str, body: bytes = b"", kind: str = "") -> int:
    client = world.client()
    client.raise_request_exception = False
    status: int = client.generic(method, address, body, content_type=kind).status_code
    return status


@settings(max_examples=100, **QUIETLY)
@given(asked=asked)
def test_no_question_breaks_a_page(
    world: Register, asked: tuple[str, dict[str, list[str]]]
) -> None:
    address, texts = asked
    assert send(world, "GET", f"{address}?{Sent(texts).query()}") in ANSWERS


@pytest.mark.long
@settings(max_examples=5_000, **QUIETLY)
@given(asked=asked)
def test_nor_do_thousands(world: Register, asked: tuple[str, dict[str, list[str]]]) -> None:
    address, texts = asked
    assert send(world, "GET", f"{address}?{Sent(texts).query()}") in ANSWERS


def test_what_is_no_form_is_refused(world: Register, seal_key: None) -> None:
    statuses = {
        send(world, "POST", VERIFY, body, content_type)
        for content_type, body in form_sending.NO_FORMS
    }
    assert statuses <= {400, 411, 413, 415, 422}


@settings(max_examples=5, **QUIETLY)  # each is read in a process of its own
@given(name=values, said=values)
def test_whatever_is_handed_in_is_answered(
    world: Register, seal_key: None, name: str, said: str
) -> None:
    for field in ("document", "reference"):
        sent = Sent({"digest": [said]}, {field: (name, said.encode("utf-8", "replace"))})
        content_type, body = sent.body()
        assert send(world, "POST", VERIFY, body, content_type) in ANSWERS


def test_a_megabyte_of_question_is_answered(world: Register) -> None:
    for address in (LIST, VERIFY):
        for name in FIELDS[address]:
            texts = Sent({name: [MEGABYTE]})
            assert send(world, "GET", f"{address}?{texts.query()}") in ANSWERS
