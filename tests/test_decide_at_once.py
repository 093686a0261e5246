"""decide, when two people or two clicks arrive at the same moment."""

from __future__ import annotations

import pytest

from approvals.actions.move import Refused, move
from approvals.models import Edition
from config.database.acting import acting_as
from decisions.states import State
from tests import stages
from tests.cast import Cast, assemble
from tests.pages import signed_in
from tests.races import at_once
from tests.test_decide import ALL_APPROVED, address, outcomes, signatures
from tests.verb_pages import answers, signs


def test_a_double_click_makes_one_decision_and_two_same_receipts(clone: str) -> None:
    cast = assemble()
    paper = stages.decision(cast)
    browser = signed_in(cast.dominic)
    sent = answers(browser.get(address(paper)), **signs(cast.dominic), **ALL_APPROVED)
    clicks = [lambda: signed_in(cast.dominic).post(address(paper), sent) for _ in range(4)]
    came_to = at_once(clicks)
    assert [(answer.status_code, answer.get("Location")) for answer in came_to] == [
        (302, f"/papers/{paper.slug}/receipt/")
    ] * 4
    assert len(signatures(paper)) == 1
    assert Edition.objects.filter(paper=paper).count() == 1
    assert outcomes(paper) == [(1, "approved", ""), (2, "approved", "")]


def test_a_decision_and_a_withdrawal_at_once_end_in_one_of_the_two(clone: str) -> None:
    cast = assemble()
    paper = stages.decision(cast)
    deciding, withdrawing = signed_in(cast.dominic), signed_in(cast.saba)
    sent = answers(deciding.get(address(paper)), **signs(cast.dominic), **ALL_APPROVED)
    came_to = at_once(
        [
            lambda: deciding.post(address(paper), sent),
            lambda: withdrawing.post(f"/papers/{paper.slug}/withdraw/", {"reason": "Not needed."}),
        ]
    )
    decided = stages.fresh(paper).state == State.DECIDED
    assert [answer.status_code for answer in came_to] == ([302, 409] if decided else [404, 302])
    assert len(signatures(paper)) == (1 if decided else 0)


@pytest.mark.django_db
def test_who_finds_the_paper_gone_when_it_is_their_turn_is_refused_in_words(cast: Cast) -> None:
    paper = stages.withdrawn(cast)
    held = move(paper.pk, "decide", cast.dominic)
    with acting_as(cast.dominic.pk), pytest.raises(Refused, match="no such paper that you can"):
        held.__enter__()
