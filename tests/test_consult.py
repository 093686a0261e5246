from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Duty
from approvals import actions
from approvals.models import Consultation
from decisions.models import DeclarationKind, Paper
from decisions.part_two import room
from decisions.states import State
from tests import stages
from tests.cast import Cast
from tests.pages import errors, words
from tests.verb_pages import answers, as_it_stands, banner

pytestmark = pytest.mark.django_db


def address(paper: Paper) -> str:
    return f"/papers/{paper.slug}/consult/"


def chosen(cast: Cast) -> dict[str, str]:
    """Everybody of the cast, each for their own row."""
    return {kind: str(person.pk) for kind, person in cast.advisers.items()}


def asked(paper: Paper) -> dict[str, str]:
    """Who was asked for what in this round."""
    rows = Consultation.objects.filter(paper=paper, round=stages.fresh(paper).round)
    return {row.kind: row.person.name for row in rows}


def test_the_officer_asks_every_adviser_at_once(cast: Cast, client: Client) -> None:
    paper = stages.draft(cast)
    client.force_login(cast.olu)
    page = client.get(address(paper))
    done = client.post(address(paper), answers(page, **chosen(cast)), follow=True)
    assert stages.fresh(paper).state == State.CONSULTATION
    assert asked(paper) == {kind: person.name for kind, person in cast.advisers.items()}
    assert paper.versions.count() == 1
    assert "PCD 1829 is out for advice." in banner(done)


def test_some_advice_may_not_be_needed(cast: Cast, client: Client) -> None:
    paper = stages.draft(cast)
    client.force_login(cast.olu)
    answered = chosen(cast) | {"commercial": "none", "data_protection": "none"}
    client.post(address(paper), answers(client.get(address(paper)), **answered))
    assert set(asked(paper)) == {"finance", "legal", "equalities", "head_of_service"}


def test_a_get_changes_nothing(cast: Cast, client: Client) -> None:
    paper = stages.draft(cast)
    before = as_it_stands(paper)
    client.force_login(cast.olu)
    assert client.get(address(paper), chosen(cast)).status_code == 200
    assert as_it_stands(paper) == before


def test_the_wrong_person_is_refused(cast: Cast, client: Client) -> None:
    paper = stages.draft(cast)
    before = as_it_stands(paper)
    client.force_login(cast.saba)
    refused = client.post(address(paper), chosen(cast))
    assert refused.status_code == 403
    assert "Only the originating officer can do this to PCD 1829 now." in words(refused)
    client.force_login(cast.oona)
    assert client.post(address(paper), chosen(cast)).status_code == 404
    assert as_it_stands(paper) == before


def test_it_needs_a_complete_form(cast: Cast, client: Client) -> None:
    paper = stages.draft(cast)
    paper = stages.change(paper, "summary", cast.olu, executive_summary="")
    client.force_login(cast.olu)
    refused = client.post(address(paper), chosen(cast))
    assert refused.status_code == 409
    assert "The form is not complete: Write the executive summary." in words(refused)
    assert stages.fresh(paper).state == State.DRAFT


def test_it_needs_every_blocking_finding_put_right(cast: Cast, client: Client) -> None:
    paper = stages.draft(cast, part_two=True)
    paper = stages.change(paper, "summary", cast.olu, executive_summary=stages.SECRET)
    client.force_login(cast.olu)
    refused = client.post(address(paper), chosen(cast))
    assert refused.status_code == 409
    assert "A passage of Part 2 also stands in Part 1, which is published." in words(refused)
    assert "Quillfeather" not in words(refused)
    assert stages.fresh(paper).state == State.DRAFT


@pytest.mark.parametrize("kind", ["finance", "legal", "equalities", "head_of_service"])
def test_it_needs_somebody_for_the_advice_that_every_paper_needs(
    cast: Cast, client: Client, kind: str
) -> None:
    paper = stages.draft(cast)
    client.force_login(cast.olu)
    answered = answers(client.get(address(paper)), **chosen(cast))
    del answered[kind]
    refused = client.post(address(paper), answered)
    assert refused.status_code == 422
    assert errors(refused) == [f"Select who gives the advice “{DeclarationKind(kind).label}”"]
    assert answers(refused) == {name: [person] for name, person in answered.items()}
    assert stages.fresh(paper).state == State.DRAFT


def test_only_people_who_do_the_work_today_can_be_chosen(cast: Cast, client: Client) -> None:
    paper = stages.draft(cast)
    yesterday = timezone.localdate() - timedelta(days=1)
    Duty.objects.filter(person=cast.leo).update(ends=yesterday)
    client.force_login(cast.olu)
    page = client.get(address(paper))
    assert "Leo Grant" not in words(page)
    assert "Nobody does the work of “Legal Advice” today." in words(page)
    refused = client.post(address(paper), answers(page, **chosen(cast)))
    assert refused.status_code == 422
    assert stages.fresh(paper).state == State.DRAFT


def test_the_officer_is_not_asked_about_their_own_paper(cast: Cast, client: Client) -> None:
    Duty.objects.create(person=cast.olu, kind="finance")
    paper = stages.draft(cast)
    client.force_login(cast.olu)
    page = client.get(address(paper))
    assert f'value="{cast.olu.pk}"' not in page.content.decode()
    with pytest.raises(actions.Refused, match="You cannot advise on your own paper"):
        actions.consult(paper.pk, by=cast.olu, advisers=cast.advisers | {"finance": cast.olu})


def test_what_the_checks_found_is_shown_without_closing_the_button(
    cast: Cast, client: Client
) -> None:
    paper = stages.draft(cast)
    paper = stages.change(paper, "title", cast.olu, scheme_paragraph="")
    client.force_login(cast.olu)
    page = client.get(address(paper))
    assert "which paragraph of the scheme of delegation it relies on" in words(page)
    client.post(address(paper), answers(page, **chosen(cast)))
    assert stages.fresh(paper).state == State.CONSULTATION


def test_after_being_sent_back_the_same_people_are_offered(cast: Cast, client: Client) -> None:
    paper = stages.consultation(cast)
    actions.send_back(paper.pk, by=cast.saba, reason="The figures are old.")
    client.force_login(cast.olu)
    page = client.get(address(paper))
    assert answers(page) == {kind: [person] for kind, person in chosen(cast).items()}


def test_whoever_is_asked_may_read_part_two(cast: Cast, client: Client) -> None:
    paper = stages.draft(cast, part_two=True)
    client.force_login(cast.olu)
    client.post(address(paper), answers(client.get(address(paper)), **chosen(cast)))
    assert room.is_cleared(paper, cast.leo)
    assert not room.is_cleared(paper, cast.oona)


def test_a_second_click_says_what_the_first_did(cast: Cast, client: Client) -> None:
    paper = stages.draft(cast)
    client.force_login(cast.olu)
    sent = answers(client.get(address(paper)), **chosen(cast))
    client.post(address(paper), sent)
    again = client.post(address(paper), sent)
    assert again.status_code == 409
    assert "PCD 1829 was sent out for advice by Olu Adeyemi on" in words(again)
    assert Consultation.objects.filter(paper=paper).count() == 6
