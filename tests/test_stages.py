from __future__ import annotations

import pytest

from decisions.states import State
from tests import stages
from tests.cast import Cast


@pytest.mark.django_db
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("part_two", [False, True])
def test_every_state_can_be_reached_by_the_real_actions(
    cast: Cast, state: State, part_two: bool
) -> None:
    assert stages.BY_STATE[state](cast, part_two=part_two).state == state
