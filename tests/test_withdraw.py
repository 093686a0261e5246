from __future__ import annotations

import pytest
from django.test import Client

from approvals.models import Reason
from decisions.models import Paper
from decisions.states import State
from tests import stages
from tests.cast import Cast
from tests.pages import errors, words
from tests.verb_pages import answers, as_it_stands, banner

pytestmark = pytest.mark.django_db

REASON = "The money came from elsewhere."
LIVE = [State.DRAFT, State.CONSULTATION, State.ENDORSEMENT, State.DECISION]


def address(paper: Paper) -> str:
    return f"/papers/{paper.slug}/withdraw/"


@pytest.mark.parametrize("state", LIVE)
@pytest.mark.parametrize("who", ["olu", "saba"])
def test_the_officer_and_the_secretariat_withdraw_with_a_reason(
    cast: Cast, client: Client, state: State, who: str
) -> None:
    paper = stages.BY_STATE[state](cast)
    person = cast.everybody[who]
    client.force_login(person)
    sent = answers(client.get(address(paper)), reason=REASON)
    done = client.post(address(paper), sent, follow=True)
    assert stages.fresh(paper).state == State.WITHDRAWN
    reason = Reason.objects.get(event__paper=paper, event__verb="withdraw")
    assert (reason.event.actor, reason.text) == (person, REASON)
    assert banner(done) == "PCD 1829 is withdrawn."
    assert REASON in words(done)


def test_a_get_changes_nothing(cast: Cast, client: Client) -> None:
    paper = stages.draft(cast)
    before = as_it_stands(paper)
    client.force_login(cast.olu)
    page = client.get(address(paper), {"reason": REASON})
    assert "This ends the paper for good. It cannot be undone." in words(page)
    assert as_it_stands(paper) == before


def test_the_wrong_person_is_refused(cast: Cast, client: Client) -> None:
    paper = stages.decision(cast)
    before = as_it_stands(paper)
    for person, status in (
        (cast.leo, 403),
        (cast.celia, 403),
        (cast.dominic, 403),
        (cast.aud, 403),
        (cast.oona, 404),
    ):
        client.force_login(person)
        assert client.post(address(paper), {"reason": REASON}).status_code == status
    assert as_it_stands(paper) == before


def test_it_needs_a_reason(cast: Cast, client: Client) -> None:
    paper = stages.draft(cast)
    client.force_login(cast.olu)
    refused = client.post(address(paper), {"reason": ""})
    assert refused.status_code == 422
    assert errors(refused) == ["Enter why the paper is withdrawn"]
    assert stages.fresh(paper).state == State.DRAFT


def test_nothing_can_be_done_to_a_withdrawn_paper(cast: Cast, client: Client) -> None:
    paper = stages.withdrawn(cast)
    before = as_it_stands(paper)
    client.force_login(cast.olu)
    again = client.post(address(paper), {"reason": REASON})
    assert again.status_code == 409
    assert "PCD 1829 was withdrawn by Olu Adeyemi on" in words(again)
    assert "It is now withdrawn, so nothing more was done." in words(again)
    assert as_it_stands(paper) == before


def test_its_reference_is_never_given_again(cast: Cast) -> None:
    assert stages.withdrawn(cast).reference == "PCD 1829"
    assert stages.draft(cast).reference == "PCD 1830"
