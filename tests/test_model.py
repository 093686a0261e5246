"""Anybody tries anything in any order: nothing self-approved, early, unsigned or lost."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.model import LifeOfAPaper

# The same lives each time in the short form; the long one looks for new ones.
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
SHORT = settings(
    max_examples=8,
    stateful_step_count=20,
    derandomize=True,
    phases=(Phase.generate,),
    deadline=None,
    suppress_health_check=SLOW,
    database=None,
)
LONG = settings(
    max_examples=150,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=SLOW,
    database=None,
)


@pytest.mark.usefixtures("seal_key")
@pytest.mark.django_db
def test_a_few_lives_of_a_paper() -> None:
    run_state_machine_as_test(LifeOfAPaper, settings=SHORT)


@pytest.mark.long
@pytest.mark.usefixtures("seal_key")
@pytest.mark.django_db
def test_many_lives_of_a_paper() -> None:
    run_state_machine_as_test(LifeOfAPaper, settings=LONG)
