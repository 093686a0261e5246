"""PostgreSQL makes of a text the same columns as Python does, whatever the text says."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import msgspec
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from decisions.register import shelf
from decisions.register.prose import blocks
from decisions.register.record import Record
from tests.records import (
    acting_signatories,
    corrected,
    partly_approved,
    pcd_1080,
    publication_deferred,
    refused,
)

SHOWN = import_module("decisions.register.migrations.0005_columns_of_the_text").SHOWN
COLUMNS = ("office", "decision_maker", "date_signed", "outcome", "capital", "revenue", "income")
ASKED = (*COLUMNS, "summary")
pytestmark = pytest.mark.django_db

# Marks and spaces of every kind, and what looks like a tag or an entity.
typed = st.lists(
    st.one_of(
        st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=40),
        st.sampled_from(
            [
                "<b>",
                "&amp;",
                "&nbsp;",
                "&lt;p&gt;",
                "a > b",
                "\n\n",
                "- one\n- two",
                "\u2003",
                "\x1c",
            ]
        ),
        st.text(alphabet="ab ,;.", min_size=300, max_size=500),
    ),
    max_size=12,
).map(" ".join)


def by_postgresql(record: Record) -> dict[str, Any]:
    """The columns as the database works them out of the record's text."""
    question = SHOWN.replace("{content}", "t.content")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(ASKED)} FROM (SELECT %s::jsonb AS content) AS t "  # noqa: S608 - ours
            f"CROSS JOIN LATERAL ({question}) AS shown",
            [record.to_json()],
        )
        return dict(zip(ASKED, cursor.fetchone(), strict=True))


def by_python(record: Record) -> dict[str, Any]:
    """The same columns as the shelf would write them."""
    columns = shelf._columns(record)
    return {name: columns[name] for name in ASKED}


@pytest.mark.parametrize(
    "record",
    [
        pcd_1080(),
        corrected(),
        partly_approved(),
        refused(),
        acting_signatories(),
        publication_deferred(),
    ],
    ids=range(6),
)
def test_every_shape_of_record_has_the_same_columns(record: Record) -> None:
    assert by_postgresql(record) == by_python(record)


@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(typed)
def test_every_summary_that_can_be_typed_is_cut_at_the_same_place(text: str) -> None:
    record = msgspec.structs.replace(pcd_1080(), executive_summary=tuple(blocks(text)))
    if shelf.NUL.search(record.to_json()):
        return
    assert by_postgresql(record) == by_python(record)
