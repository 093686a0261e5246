"""A decision maker says no, and the public reads that, and why."""

from __future__ import annotations

import pytest

from tests import stages
from tests.cast import Cast
from tests.journeys.browser import Hand
from tests.journeys.decision import PAPER, People, prove, wait_for_the_document

pytestmark = pytest.mark.browser

WHY = "The present platform is good enough until the contract ends."


def test_a_paper_is_not_approved_and_published_as_such(
    company: Cast, pointing: People, public: Hand
) -> None:
    stages.decision(company)
    dominic, saba = pointing("dominic"), pointing("saba")
    dominic.go(PAPER)
    dominic.press("Decide")
    dominic.press("Sign the decision")
    dominic.sees("There is a problem")
    dominic.choose("Yes")
    dominic.fill("What is your interest?", "My sister works for the supplier.")
    for number in (1, 2):
        dominic.choose("Not approved", group=f"Recommendation {number}")
        dominic.page.get_by_role("group", name=f"Recommendation {number}").get_by_label(
            "Why is it not approved?"
        ).fill(WHY)
    prove(dominic, "dominic")
    dominic.fill("Your password", "not my password at all")
    dominic.press("Sign the decision")
    dominic.sees("That is not your password, so nothing was signed.")
    dominic.sees(WHY)
    prove(dominic, "dominic")
    dominic.press("Sign the decision")
    wait_for_the_document(saba)
    saba.press("Publish")
    saba.choose("Now")
    saba.press("Publish")
    public.go("/decisions/pcd-1828/")
    for words in ("Not approved", WHY, "My sister works for the supplier."):
        public.sees(words)
