from __future__ import annotations

import pytest
from django.test import Client

from decisions.models import Paper
from decisions.part_two import room
from decisions.states import State
from tests import stages
from tests.cast import Cast
from tests.pages import words
from tests.verb_pages import answers, as_it_stands, banner

pytestmark = pytest.mark.django_db


def address(paper: Paper) -> str:
    return f"/papers/{paper.slug}/submit/"


@pytest.mark.parametrize("who", ["olu", "saba"])
def test_the_officer_and_the_secretariat_submit(cast: Cast, client: Client, who: str) -> None:
    paper = stages.advised(cast)
    client.force_login(cast.everybody[who])
    done = client.post(address(paper), answers(client.get(address(paper))), follow=True)
    assert stages.fresh(paper).state == State.ENDORSEMENT
    assert banner(done) == "PCD 1829 is with the Chief Executive."


def test_the_page_shows_all_advice_and_who_is_not_content(cast: Cast, client: Client) -> None:
    paper = stages.advise_all(stages.consultation(cast), but=["legal", "head_of_service"])
    stages.advise(paper, cast.leo, "legal", "not_content", "The contract is not in force.")
    stages.advise_all(paper)
    client.force_login(cast.olu)
    said = words(client.get(address(paper)))
    assert "Not content" in said
    assert "The contract is not in force." in said


def test_a_get_changes_nothing(cast: Cast, client: Client) -> None:
    paper = stages.advised(cast)
    before = as_it_stands(paper)
    client.force_login(cast.olu)
    assert client.get(address(paper)).status_code == 200
    assert as_it_stands(paper) == before


def test_the_wrong_person_is_refused(cast: Cast, client: Client) -> None:
    paper = stages.advised(cast)
    before = as_it_stands(paper)
    for person, status in ((cast.leo, 403), (cast.aud, 403), (cast.oona, 404), (cast.celia, 404)):
        client.force_login(person)
        assert client.post(address(paper)).status_code == status
    assert as_it_stands(paper) == before


def test_it_needs_all_advice_on_this_very_version(cast: Cast, client: Client) -> None:
    paper = stages.advise_all(stages.consultation(cast), but=["legal", "head_of_service"])
    client.force_login(cast.olu)
    refused = client.post(address(paper))
    assert refused.status_code == 409
    assert (
        "Advice on this version is still awaited from Leo Grant (Legal Advice) and Hal Osei "
        "(Director/Head of Service)."
    ) in words(refused)
    stages.advise_all(paper)
    stages.change(paper, "summary", cast.olu, executive_summary="This paper asks for less money.")
    assert client.post(address(paper)).status_code == 409
    assert stages.fresh(paper).state == State.CONSULTATION
    stages.advise_all(paper)
    assert client.post(address(paper)).status_code == 302
    assert stages.fresh(paper).state == State.ENDORSEMENT


def test_it_needs_a_complete_form(cast: Cast, client: Client) -> None:
    paper = stages.consultation(cast)
    stages.change(paper, "summary", cast.olu, executive_summary="")
    stages.advise_all(paper)
    client.force_login(cast.olu)
    refused = client.post(address(paper))
    assert refused.status_code == 409
    assert "The form is not complete: Write the executive summary." in words(refused)


def test_it_needs_every_blocking_finding_put_right(cast: Cast, client: Client) -> None:
    paper = stages.consultation(cast, part_two=True)
    stages.change(paper, "summary", cast.olu, executive_summary=stages.SECRET)
    stages.advise_all(paper)
    client.force_login(cast.olu)
    refused = client.post(address(paper))
    assert refused.status_code == 409
    assert "A passage of Part 2 also stands in Part 1" in words(refused)


def test_the_chief_executive_may_then_read_part_two(cast: Cast, client: Client) -> None:
    paper = stages.advised(cast, part_two=True)
    assert not room.is_cleared(paper, cast.celia)
    client.force_login(cast.olu)
    client.post(address(paper))
    assert room.is_cleared(paper, cast.celia)


def test_a_second_click_says_what_the_first_did(cast: Cast, client: Client) -> None:
    paper = stages.advised(cast)
    client.force_login(cast.olu)
    client.post(address(paper))
    before = as_it_stands(paper)
    again = client.post(address(paper))
    assert again.status_code == 409
    assert "PCD 1829 was submitted to the Chief Executive by Olu Adeyemi on" in words(again)
    assert as_it_stands(paper) == before
