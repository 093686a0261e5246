"""Two people write the same part: neither text is lost."""

from __future__ import annotations

import pytest

from decisions.models import Paper
from tests import stages
from tests.cast import Cast
from tests.journeys.browser import Hand
from tests.journeys.decision import PAPER, RETURN, People

pytestmark = pytest.mark.browser


def _both_write(people: People) -> tuple[Hand, Hand]:
    """The officer and the secretariat open the summary, and both save it."""
    olu, saba = people("olu"), people("saba")
    for hand in (olu, saba):
        hand.go(f"{PAPER}save/summary/")
    saba.write("Executive summary", "The secretariat mended the summary.")
    saba.press(RETURN)
    olu.write("Executive summary", "The officer wrote another summary.")
    olu.press(RETURN)
    olu.heading("Two people changed")
    olu.sees("secretariat mended the")
    olu.sees("officer wrote another")
    return olu, saba


def test_both_texts_are_shown_and_can_be_combined(company: Cast, pointing: People) -> None:
    stages.draft(company)
    olu, _ = _both_write(pointing)
    olu.write("Executive summary", "The secretariat mended it and the officer wrote more.")
    olu.press(RETURN)
    summary = Paper.objects.get(slug="pcd-1828").executive_summary
    assert summary == "The secretariat mended it and the officer wrote more."


def test_a_conflict_is_settled_without_scripts_too(company: Cast, typing_only: People) -> None:
    stages.draft(company)
    olu, saba = _both_write(typing_only)
    olu.press("Use mine")
    assert Paper.objects.get(slug="pcd-1828").executive_summary == (
        "The officer wrote another summary."
    )
    saba.go(f"{PAPER}history/")
    saba.sees("Olu Adeyemi")
