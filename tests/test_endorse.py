from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Appointment, Duty, Office
from approvals import actions
from approvals.models import Act, Signature
from decisions.models import Contributor, Paper
from decisions.states import State
from tests import stages
from tests.cast import PASSWORD, Cast, assemble
from tests.pages import errors, signed_in, words
from tests.races import at_once
from tests.verb_pages import answers, as_it_stands, signs

CHANGED = (
    "PCD 1829 changed after you opened this page, so nothing was signed. "
    "The paper as it is now is shown; read it and sign again."
)


def address(paper: Paper) -> str:
    return f"/papers/{paper.slug}/endorse/"


def signatures(paper: Paper) -> list[Signature]:
    return list(Signature.objects.filter(paper=paper, act=Act.ENDORSE))


def another_round(paper: Paper, cast: Cast) -> Paper:
    """Sent back, changed, advised on and submitted again while somebody has the page open."""
    actions.send_back(paper.pk, by=cast.saba, reason="The summary is wrong.")
    stages.change(paper, "summary", cast.olu, executive_summary="This paper asks for less money.")
    return stages.submit(stages.advise_all(stages.ask(stages.fresh(paper), cast)))


@pytest.mark.django_db
def test_the_chief_executive_signs_the_statement_on_the_version_on_the_screen(
    cast: Cast, client: Client
) -> None:
    paper = stages.endorsement(cast)
    client.force_login(cast.celia)
    page = client.get(address(paper))
    assert "I am satisfied that this is an appropriate request to be submitted to the Deputy" in (
        words(page)
    )
    done = client.post(address(paper), answers(page, **signs(cast.celia)), follow=True)
    (signature,) = signatures(paper)
    version = paper.versions.get()
    assert (signature.name, signature.title) == ("Celia Marsh", "Chief Executive Officer")
    assert (signature.version, signature.digest) == (version, version.digest)
    assert signature.identity == "Password and code (weaker than a passkey)"
    assert stages.fresh(paper).state == State.DECISION
    assert done.request["PATH_INFO"] == f"/papers/{paper.slug}/receipt/"
    assert version.digest in words(done)
    assert "Endorsement signed" in words(done)


@pytest.mark.django_db
def test_the_page_shows_the_paper_and_all_advice_with_a_not_content_standing_out(
    cast: Cast, client: Client
) -> None:
    paper = stages.advise_all(stages.consultation(cast), but=["legal", "head_of_service"])
    stages.advise(paper, cast.leo, "legal", "not_content", "The contract is not in force.")
    paper = stages.submit(stages.advise_all(paper))
    client.force_login(cast.celia)
    said = words(client.get(address(paper)))
    assert "This paper asks for money for a platform." in said
    assert "The finance adviser has read the paper." in said
    assert "Warning Leo Grant is not content (Legal Advice). Read why before you go on." in said
    assert "The contract is not in force." in said


@pytest.mark.django_db
def test_part_two_is_offered_to_whoever_is_cleared_and_never_shown_here(
    cast: Cast, client: Client
) -> None:
    paper = stages.endorsement(cast, part_two=True)
    client.force_login(cast.celia)
    page = client.get(address(paper))
    assert f'href="/papers/{paper.slug}/part-two/"' in page.content.decode()
    assert stages.SECRET not in page.content.decode()


@pytest.mark.django_db
def test_a_get_changes_nothing(cast: Cast, client: Client) -> None:
    paper = stages.endorsement(cast)
    before = as_it_stands(paper)
    client.force_login(cast.celia)
    sent = answers(client.get(address(paper)), **signs(cast.celia))
    assert client.get(address(paper), sent).status_code == 200
    assert as_it_stands(paper) == before


@pytest.mark.django_db
def test_the_wrong_person_is_refused(cast: Cast, client: Client) -> None:
    paper = stages.endorsement(cast)
    before = as_it_stands(paper)
    sent = {"mark": stages.mark_of(paper), "key": str(uuid4()), **signs(cast.celia)}
    for person, status in (
        (cast.olu, 403),
        (cast.leo, 403),
        (cast.saba, 403),
        (cast.aud, 403),
        (cast.dominic, 404),
        (cast.oona, 404),
    ):
        client.force_login(person)
        assert client.post(address(paper), sent).status_code == status
    assert as_it_stands(paper) == before


@pytest.mark.django_db
def test_it_needs_the_signers_own_password(cast: Cast, client: Client) -> None:
    paper = stages.endorsement(cast)
    client.force_login(cast.celia)
    page = client.get(address(paper))
    for wrong in ("not my password", PASSWORD.upper(), PASSWORD + " "):
        typed = signs(cast.celia) | {"password": wrong}
        refused = client.post(address(paper), answers(page, **typed))
        assert refused.status_code == 422
        assert errors(refused) == [
            "That is not your password, so nothing was signed. Type it again."
        ]
        assert wrong not in refused.content.decode()
    refused = client.post(address(paper), answers(page))
    assert errors(refused) == ["Enter your password", "Enter the code"]
    assert signatures(paper) == []


@pytest.mark.django_db
def test_passwords_cannot_be_tried_one_after_the_other(cast: Cast, client: Client) -> None:
    paper = stages.endorsement(cast)
    client.force_login(cast.celia)
    page = client.get(address(paper))
    for _ in range(5):
        typed = signs(cast.celia) | {"password": "wrong"}
        assert client.post(address(paper), answers(page, **typed)).status_code == 422
    refused = client.post(address(paper), answers(page, **signs(cast.celia)))
    assert refused.status_code == 429
    assert errors(refused)[0].startswith("You have typed a wrong password or code too often")
    assert signatures(paper) == []


@pytest.mark.django_db
def test_a_right_password_forgives_the_wrong_ones_before(cast: Cast, client: Client) -> None:
    client.force_login(cast.celia)
    for _ in range(2):
        paper = stages.endorsement(cast)
        page = client.get(address(paper))
        for _ in range(4):
            typed = signs(cast.celia) | {"password": "wrong"}
            assert client.post(address(paper), answers(page, **typed)).status_code == 422
        done = client.post(address(paper), answers(page, **signs(cast.celia)))
        assert done.status_code == 302


@pytest.mark.django_db
def test_it_needs_the_version_on_the_screen(cast: Cast, client: Client) -> None:
    paper = stages.endorsement(cast)
    client.force_login(cast.celia)
    sent = answers(client.get(address(paper)), **signs(cast.celia))
    paper = another_round(paper, cast)
    refused = client.post(address(paper), sent)
    assert refused.status_code == 409
    assert errors(refused) == [CHANGED]
    assert "What changed since you opened this page" in words(refused)
    assert signatures(paper) == []
    assert PASSWORD not in refused.content.decode()
    client.post(address(paper), answers(refused, **signs(cast.celia)))
    (signature,) = signatures(paper)
    assert signature.version.record.executive_summary[0].html == "This paper asks for less money."


@pytest.mark.django_db
def test_it_needs_the_version_on_the_screen_when_only_part_two_changed(
    cast: Cast, client: Client
) -> None:
    paper = stages.endorsement(cast, part_two=True)
    client.force_login(cast.celia)
    sent = answers(client.get(address(paper)), **signs(cast.celia))
    actions.send_back(paper.pk, by=cast.saba, reason="Part 2 is wrong.")
    stages.write_part_two(paper, cast.olu, body="A wholly new price that nobody else may know of.")
    paper = stages.submit(stages.advise_all(stages.ask(stages.fresh(paper), cast)))
    refused = client.post(address(paper), sent)
    assert refused.status_code == 409
    assert "Part 2 changed." in words(refused)
    assert signatures(paper) == []


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["wrote", "changed", "advised"])
def test_it_needs_somebody_elses_paper(cast: Cast, client: Client, how: str) -> None:
    if how == "advised":
        Duty.objects.create(person=cast.celia, kind="legal")
        paper = stages.ask(stages.draft(cast), cast, cast.advisers | {"legal": cast.celia})
        paper = stages.submit(stages.advise_all(paper))
    else:
        paper = stages.advised(cast, by=cast.celia if how == "wrote" else None)
        if how == "changed":
            Contributor.objects.create(paper=paper, person=cast.celia)
        paper = stages.submit(paper)
    client.force_login(cast.celia)
    sent = {"mark": stages.mark_of(paper), "key": str(uuid4()), **signs(cast.celia)}
    refused = client.post(address(paper), sent)
    assert refused.status_code == 409
    assert "so you cannot sign it. Somebody else who holds or acts in the office has to." in (
        words(refused)
    )
    assert signatures(paper) == []


def acting(office: str, person: Any, **dates: Any) -> Appointment:
    """An acting appointment to an office."""
    return Appointment.objects.create(
        office=Office.objects.get(code=office),
        person=person,
        acting=True,
        legal_basis="Letter of the Mayor, 2 May 2026",
        **dates,
    )


@pytest.mark.django_db
def test_whoever_acts_signs_for_the_office(cast: Cast, client: Client) -> None:
    acting("chief_executive", cast.oona)
    paper = stages.endorsement(cast)
    client.force_login(cast.oona)
    page = client.get(address(paper))
    assert "Oona Petrie, for the Chief Executive Officer" in words(page)
    assert "Letter of the Mayor, 2 May 2026" in words(page)
    client.post(address(paper), answers(page, **signs(cast.oona)))
    (signature,) = signatures(paper)
    assert (signature.name, signature.title, signature.acting_for) == (
        "Oona Petrie",
        "for the Chief Executive Officer",
        "Chief Executive Officer",
    )


@pytest.mark.django_db
def test_an_appointment_that_ended_yesterday_signs_nothing_today(
    cast: Cast, client: Client
) -> None:
    paper = stages.endorsement(cast)
    today = timezone.localdate()
    mine = Appointment.objects.filter(person=cast.celia)
    client.force_login(cast.celia)
    sent = answers(client.get(address(paper)), **signs(cast.celia))
    mine.update(ends=today - timedelta(days=1))
    assert client.post(address(paper), sent).status_code == 404
    assert signatures(paper) == []
    mine.update(ends=today)
    assert client.post(address(paper), sent).status_code == 302


@pytest.mark.django_db
def test_an_appointment_that_begins_tomorrow_signs_nothing_today(
    cast: Cast, client: Client
) -> None:
    acting("chief_executive", cast.oona, starts=timezone.localdate() + timedelta(days=1))
    paper = stages.endorsement(cast)
    client.force_login(cast.oona)
    assert client.get(address(paper)).status_code == 404


@pytest.mark.django_db
def test_a_vacant_office_is_said_to_be_vacant(cast: Cast, client: Client) -> None:
    paper = stages.endorsement(cast)
    Appointment.objects.filter(person=cast.celia).update(ends=date(2026, 1, 1))
    client.force_login(cast.olu)
    said = words(client.get(f"/papers/{paper.slug}/"))
    assert "nobody holds the office of Chief Executive today" in said


@pytest.mark.django_db
def test_a_second_click_gets_the_same_receipt(cast: Cast, client: Client) -> None:
    paper = stages.endorsement(cast)
    client.force_login(cast.celia)
    sent = answers(client.get(address(paper)), **signs(cast.celia))
    first = client.post(address(paper), sent)
    before = as_it_stands(paper)
    again = client.post(address(paper), sent)
    assert (again.status_code, again["Location"]) == (302, first["Location"])
    assert as_it_stands(paper) == before
    assert len(signatures(paper)) == 1


@pytest.mark.django_db
def test_the_key_of_one_paper_signs_no_other(cast: Cast, client: Client) -> None:
    one, other = stages.endorsement(cast), stages.endorsement(cast)
    client.force_login(cast.celia)
    sent = answers(client.get(address(one)), **signs(cast.celia))
    client.post(address(one), sent)
    refused = client.post(address(other), sent | {"mark": stages.mark_of(other)})
    assert refused.status_code == 409
    assert errors(refused) == [
        "This form was already used for another signature. Open the page again."
    ]
    assert signatures(other) == []


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "not-a-key", None])
def test_a_form_without_its_key_signs_nothing(cast: Cast, client: Client, key: str | None) -> None:
    paper = stages.endorsement(cast)
    client.force_login(cast.celia)
    sent = answers(client.get(address(paper)), **signs(cast.celia), key=key)
    refused = client.post(address(paper), {name: v for name, v in sent.items() if v is not None})
    assert refused.status_code == 422
    assert errors(refused) == ["This form cannot be used. Open the page again; nothing was signed."]
    assert signatures(paper) == []


def test_a_double_click_makes_one_signature_and_two_same_receipts(clone: str) -> None:
    cast = assemble()
    paper = stages.endorsement(cast)
    browser = signed_in(cast.celia)
    sent = answers(browser.get(address(paper)), **signs(cast.celia))
    clicks = [lambda: signed_in(cast.celia).post(address(paper), sent) for _ in range(4)]
    came_to = at_once(clicks)
    assert [(answer.status_code, answer.get("Location")) for answer in came_to] == [
        (302, f"/papers/{paper.slug}/receipt/")
    ] * 4
    assert len(signatures(paper)) == 1


def test_the_holder_and_the_acting_holder_at_once_make_one_signature(clone: str) -> None:
    cast = assemble()
    acting("chief_executive", cast.oona)
    paper = stages.endorsement(cast)

    def opened(person: Any) -> Any:
        browser = signed_in(person)
        sent = answers(browser.get(address(paper)), **signs(person))
        return lambda: browser.post(address(paper), sent)

    came_to = at_once([opened(cast.celia), opened(cast.oona)])
    assert len(signatures(paper)) == 1
    assert sorted(answer.status_code for answer in came_to) == [302, 409]
