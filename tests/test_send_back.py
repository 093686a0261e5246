from __future__ import annotations

import pytest
from django.test import Client

from approvals import actions
from approvals.models import Reason, Signature
from decisions.models import Paper
from decisions.states import State
from tests import stages
from tests.cast import Cast
from tests.pages import errors, words
from tests.verb_pages import answers, as_it_stands, banner

pytestmark = pytest.mark.django_db

REASON = "The second figure does not agree with the table."


def address(paper: Paper) -> str:
    return f"/papers/{paper.slug}/send_back/"


def reasons(paper: Paper) -> list[tuple[str, str, str]]:
    """Who sent it back or withdrew it, and why."""
    rows = Reason.objects.filter(event__paper=paper)
    return [(row.event.verb, row.event.actor.name, row.text) for row in rows]


@pytest.mark.parametrize(
    ("state", "who"),
    [
        (State.CONSULTATION, "leo"),
        (State.CONSULTATION, "saba"),
        (State.ENDORSEMENT, "celia"),
        (State.ENDORSEMENT, "saba"),
        (State.DECISION, "dominic"),
        (State.DECISION, "saba"),
    ],
)
def test_whoever_has_it_and_the_secretariat_send_it_back_with_a_reason(
    cast: Cast, client: Client, state: State, who: str
) -> None:
    paper = stages.BY_STATE[state](cast)
    person = cast.everybody[who]
    client.force_login(person)
    sent = answers(client.get(address(paper)), reason=REASON)
    done = client.post(address(paper), sent, follow=True)
    now = stages.fresh(paper)
    assert (now.state, now.round) == (State.DRAFT, paper.round + 1)
    assert reasons(paper) == [("send_back", person.name, REASON)]
    assert banner(done) == "PCD 1829 is back in draft. Olu Adeyemi sees your reason."


def test_the_officer_reads_the_reason_on_the_paper(cast: Cast, client: Client) -> None:
    paper = stages.endorsement(cast)
    client.force_login(cast.celia)
    client.post(address(paper), {"reason": REASON})
    client.force_login(cast.olu)
    said = words(client.get(f"/papers/{paper.slug}/"))
    assert "Celia Marsh" in said
    assert REASON in said


def test_the_signature_of_the_round_no_longer_counts(cast: Cast, client: Client) -> None:
    paper = stages.decision(cast)
    client.force_login(cast.dominic)
    page = client.get(address(paper))
    assert "The signature it has no longer counts." in words(page)
    client.post(address(paper), {"reason": REASON})
    stages.submit(stages.advise_all(stages.ask(stages.fresh(paper), cast)))
    client.force_login(cast.celia)
    assert client.get(f"/papers/{paper.slug}/endorse/").status_code == 200
    assert Signature.objects.filter(paper=paper, round=1).count() == 1
    assert Signature.objects.filter(paper=paper, round=2).count() == 0


def test_a_get_changes_nothing(cast: Cast, client: Client) -> None:
    paper = stages.endorsement(cast)
    before = as_it_stands(paper)
    client.force_login(cast.celia)
    assert client.get(address(paper), {"reason": REASON}).status_code == 200
    assert as_it_stands(paper) == before


def test_the_wrong_person_is_refused(cast: Cast, client: Client) -> None:
    paper = stages.endorsement(cast)
    before = as_it_stands(paper)
    for person, status in ((cast.olu, 403), (cast.leo, 403), (cast.oona, 404), (cast.dominic, 404)):
        client.force_login(person)
        assert client.post(address(paper), {"reason": REASON}).status_code == status
    assert as_it_stands(paper) == before


def test_it_needs_a_reason(cast: Cast, client: Client) -> None:
    paper = stages.endorsement(cast)
    client.force_login(cast.celia)
    refused = client.post(address(paper), {"reason": "   "})
    assert refused.status_code == 422
    assert errors(refused) == ["Enter why you send the paper back"]
    assert stages.fresh(paper).state == State.ENDORSEMENT


def test_a_reason_that_is_far_too_long_gets_a_sentence_and_is_kept(
    cast: Cast, client: Client
) -> None:
    paper = stages.endorsement(cast)
    client.force_login(cast.celia)
    typed = "too long " * 25_000
    refused = client.post(address(paper), {"reason": typed})
    assert refused.status_code == 422
    (error,) = errors(refused)
    assert error.startswith("Why you send the paper back must be 10000 characters or fewer.")
    assert answers(refused)["reason"].split() == typed.split()
    assert stages.fresh(paper).state == State.ENDORSEMENT


def test_a_character_that_no_text_has_is_left_out(cast: Cast, client: Client) -> None:
    paper = stages.endorsement(cast)
    client.force_login(cast.celia)
    assert client.post(address(paper), {"reason": "One\x00 word."}).status_code == 302
    assert reasons(paper) == [("send_back", "Celia Marsh", "One word.")]


def test_script_in_a_reason_is_shown_as_it_was_typed(cast: Cast, client: Client) -> None:
    paper = stages.endorsement(cast)
    client.force_login(cast.celia)
    client.post(address(paper), {"reason": "<script>alert(1)</script> & more"})
    client.force_login(cast.olu)
    page = client.get(f"/papers/{paper.slug}/")
    assert "<script>alert(1)</script> & more" in words(page)
    assert "<script>alert(1)" not in page.content.decode()


def test_a_decided_paper_cannot_be_sent_back_and_the_text_is_kept(
    cast: Cast, client: Client
) -> None:
    paper = stages.decided(cast)
    client.force_login(cast.saba)
    refused = client.post(address(paper), {"reason": REASON})
    assert refused.status_code == 409
    assert "PCD 1829 is decided, and it can only be sent back to draft when it is" in words(refused)
    assert REASON in words(refused)
    assert stages.fresh(paper).state == State.DECIDED


def test_a_reason_typed_for_a_paper_that_has_gone_can_be_copied(cast: Cast, client: Client) -> None:
    paper = stages.endorsement(cast)
    client.force_login(cast.celia)
    sent = answers(client.get(address(paper)), reason=REASON)
    actions.withdraw(paper.pk, by=cast.olu, reason="Not needed.")
    refused = client.post(address(paper), sent)
    assert refused.status_code == 404
    assert REASON in words(refused)
