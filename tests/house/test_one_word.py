"""One word all the way down: a verb has the same name wherever it stands."""

from __future__ import annotations

import pytest
from django.urls import reverse

from approvals import actions
from approvals.workflow import ROWS, VERBS
from config.env import PROJECT


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_one_word_everywhere(verb: str) -> None:
    assert callable(getattr(actions, verb)), f"approvals/actions/{verb}.py must define {verb}()"
    places = {
        f"approvals/actions/{verb}.py",
        f"templates/approvals/{verb}.html",
        f"tests/test_{verb}.py",
    }
    missing = {place for place in places if not (PROJECT / place).exists()}
    assert missing == set(), (
        f"The verb {verb!r} is a function, a template and a test file of the same name, so that "
        "one search finds all of it."
    )
    assert reverse(verb, args=["pcd-1828"]) == f"/papers/pcd-1828/{verb}/"


def test_no_verb_stands_twice_in_the_table() -> None:
    assert len({row.verb for row in ROWS}) == len(ROWS)
