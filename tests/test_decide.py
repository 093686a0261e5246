from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import Appointment, Office
from approvals import actions
from approvals.models import Act, Edition, Outcome, SealedDocument, Signature
from decisions.models import Contributor, Paper
from decisions.states import State
from tests import stages
from tests.cast import PASSWORD, Cast, assemble
from tests.pages import errors, words
from tests.verb_pages import answers, as_it_stands, signs

ALL_APPROVED = {"has_interest": "no", "outcome_1": "approved", "outcome_2": "approved"}


def address(paper: Paper) -> str:
    return f"/papers/{paper.slug}/decide/"


def signatures(paper: Paper) -> list[Signature]:
    return list(Signature.objects.filter(paper=paper, act=Act.DECIDE))


def outcomes(paper: Paper) -> list[tuple[int, str, str]]:
    rows = Outcome.objects.filter(signature__paper=paper).order_by("number")
    return [(row.number, row.kind, row.words) for row in rows]


@pytest.mark.django_db
def test_the_decision_maker_gives_every_recommendation_its_own_outcome_and_signs(
    cast: Cast, client: Client, seal_key: None
) -> None:
    paper = stages.decision(cast)
    client.force_login(cast.dominic)
    page = client.get(address(paper))
    sent = answers(
        page,
        **signs(cast.dominic),
        has_interest="yes",
        interest="I once worked for the supplier.",
        outcome_1="approved_with_changes",
        changed_1="Approve capital spending of £2.5m on building the platform",
        outcome_2="not_approved",
        refused_2="The supplier has to be chosen in the open.",
    )
    done = client.post(address(paper), sent, follow=True)
    (signature,) = signatures(paper)
    assert signature.interests == "I once worked for the supplier."
    assert outcomes(paper) == [
        (1, "approved_with_changes", "Approve capital spending of £2.5m on building the platform"),
        (2, "not_approved", "The supplier has to be chosen in the open."),
    ]
    assert stages.fresh(paper).state == State.DECIDED
    said = words(done)
    assert "Decision signed" in said
    assert "The supplier has to be chosen in the open." in said
    assert signature.digest in said
    record = Edition.objects.get(paper=paper).record
    assert record.outcome == "approved_with_changes"
    assert record.decision is not None
    assert record.decision.interests == "I once worked for the supplier."


@pytest.mark.django_db
def test_every_recommendation_can_be_deferred_or_refused(
    cast: Cast, client: Client, seal_key: None
) -> None:
    paper = stages.decision(cast)
    client.force_login(cast.dominic)
    answered = {
        "has_interest": "no",
        "outcome_1": "deferred",
        "deferred_1": "Until the new budget is set in March.",
        "outcome_2": "not_approved",
        "refused_2": "It falls with the first.",
    }
    sent = answers(client.get(address(paper)), **signs(cast.dominic), **answered)
    client.post(address(paper), sent)
    assert outcomes(paper) == [
        (1, "deferred", "Until the new budget is set in March."),
        (2, "not_approved", "It falls with the first."),
    ]
    assert signatures(paper)[0].interests == "None."


@pytest.mark.django_db
def test_the_paper_its_advice_and_its_endorsement_stand_beside_the_form(
    cast: Cast, client: Client
) -> None:
    paper = stages.decision(cast)
    client.force_login(cast.dominic)
    said = words(client.get(address(paper)))
    assert "This paper asks for money for a platform." in said
    assert "The finance adviser has read the paper." in said
    assert "Celia Marsh, Chief Executive Officer" in said
    assert "Dominic Vale, Deputy Mayor for Policing and Crime" in said
    assert "I confirm I have considered whether or not I have any personal or prejudicial" in said


def test_the_receipt_says_that_the_document_is_being_made_and_then_that_it_is(
    clone: str, worker: Callable[[], None], client: Client, seal_key: None
) -> None:
    cast = assemble()
    paper = stages.decision(cast)
    client.force_login(cast.dominic)
    sent = answers(client.get(address(paper)), **signs(cast.dominic), **ALL_APPROVED)
    done = client.post(address(paper), sent, follow=True)
    assert "Your decision stands. The signed document is being made" in words(done)
    assert client.get(f"/papers/{paper.slug}/signed.pdf").status_code == 404
    worker()
    assert SealedDocument.objects.get(edition__paper=paper).made_by == cast.dominic
    assert "is made and sealed" in words(client.get(f"/papers/{paper.slug}/receipt/"))
    pdf = client.get(f"/papers/{paper.slug}/signed.pdf")
    assert (pdf.status_code, pdf["Content-Type"]) == (200, "application/pdf")
    assert pdf.content.startswith(b"%PDF-")


@pytest.mark.django_db
def test_without_a_seal_key_the_decision_stands(
    cast: Cast, client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.SEAL_KEY_FILE = str(tmp_path / "nothing.pem")
    paper = stages.decision(cast)
    client.force_login(cast.dominic)
    sent = answers(client.get(address(paper)), **signs(cast.dominic), **ALL_APPROVED)
    assert "Your decision stands." in words(client.post(address(paper), sent, follow=True))
    assert stages.fresh(paper).state == State.DECIDED


@pytest.mark.django_db
def test_a_get_changes_nothing(cast: Cast, client: Client) -> None:
    paper = stages.decision(cast)
    before = as_it_stands(paper)
    client.force_login(cast.dominic)
    sent = answers(client.get(address(paper)), **signs(cast.dominic), **ALL_APPROVED)
    assert client.get(address(paper), sent).status_code == 200
    assert as_it_stands(paper) == before


@pytest.mark.django_db
def test_the_wrong_person_is_refused(cast: Cast, client: Client) -> None:
    paper = stages.decision(cast)
    before = as_it_stands(paper)
    sent = {
        "mark": stages.mark_of(paper),
        "key": str(uuid4()),
        **signs(cast.dominic),
        **ALL_APPROVED,
    }
    for person, status in (
        (cast.olu, 403),
        (cast.celia, 403),
        (cast.saba, 403),
        (cast.leo, 403),
        (cast.oona, 404),
    ):
        client.force_login(person)
        assert client.post(address(paper), sent).status_code == status
    assert as_it_stands(paper) == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answered", "sentences"),
    [
        ({"has_interest": None}, ["Select whether you have an interest in this matter"]),
        ({"has_interest": "yes"}, ["Enter what your interest is"]),
        ({"outcome_1": None}, ["Select an outcome for recommendation 1"]),
        (
            {"outcome_1": None, "outcome_2": None},
            [
                "Select an outcome for recommendation 1",
                "Select an outcome for recommendation 2",
            ],
        ),
        (
            {"outcome_2": "approved_with_changes"},
            ["Change the words of recommendation 2, or select “Approved”."],
        ),
        (
            {"outcome_2": "approved_with_changes", "changed_2": ""},
            ["Enter recommendation 2 as you approve it"],
        ),
        ({"outcome_1": "not_approved"}, ["Enter why recommendation 1 is not approved"]),
        ({"outcome_1": "deferred"}, ["Enter why recommendation 1 is deferred"]),
        ({"password": ""}, ["Enter your password"]),
    ],
)
def test_it_needs_interests_and_an_outcome_with_its_words_for_every_recommendation(
    cast: Cast, client: Client, answered: dict[str, Any], sentences: list[str]
) -> None:
    paper = stages.decision(cast)
    client.force_login(cast.dominic)
    given = {**signs(cast.dominic), **ALL_APPROVED, "refused_2": "Typed before.", **answered}
    sent = answers(client.get(address(paper)), **given)
    refused = client.post(address(paper), {name: v for name, v in sent.items() if v is not None})
    assert refused.status_code == 422
    assert errors(refused) == sentences
    assert answers(refused)["refused_2"] == "Typed before."
    assert PASSWORD not in refused.content.decode()
    assert signatures(paper) == []


@pytest.mark.django_db
def test_it_needs_outcomes_for_exactly_the_recommendations_of_the_paper(cast: Cast) -> None:
    paper = stages.decision(cast)
    approved = [actions.OutcomeGiven(number, "approved") for number in (1, 2)]
    for wrong in (
        [],
        approved[:1],
        [*approved, actions.OutcomeGiven(3, "approved")],
        [*approved, approved[0]],
        [approved[0], actions.OutcomeGiven(2, "maybe")],
        [approved[0], actions.OutcomeGiven(2, "deferred", "  ")],
    ):
        with pytest.raises(actions.Refused):
            actions.decide(
                paper.pk,
                by=cast.dominic,
                mark=stages.mark_of(paper),
                proof=stages.proof_of(cast.dominic),
                key=uuid4(),
                interests="None.",
                outcomes=wrong,
            )
    assert signatures(paper) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("where", "answered"),
    [
        ("changed_1", {"outcome_1": "approved_with_changes"}),
        ("refused_2", {"outcome_2": "not_approved"}),
        ("deferred_2", {"outcome_2": "deferred"}),
        ("interest", {"has_interest": "yes"}),
    ],
)
def test_it_needs_part_two_to_be_in_no_words_that_are_published(
    cast: Cast, client: Client, where: str, answered: dict[str, str]
) -> None:
    paper = stages.decision(cast, part_two=True)
    client.force_login(cast.dominic)
    quoted = stages.SECRET.replace(" will go ", "\nwill “go” ")
    given = ALL_APPROVED | answered | {where: f"They said: {quoted}."}
    sent = answers(client.get(address(paper)), **signs(cast.dominic), **given)
    refused = client.post(address(paper), sent)
    assert refused.status_code == 422
    (error,) = errors(refused)
    assert error.startswith("A passage of Part 2 stands in words that will be published, so noth")
    assert answers(refused)[where].split() == f"They said: {quoted}.".split()
    assert signatures(paper) == []


@pytest.mark.django_db
def test_it_needs_the_signers_own_password_and_keeps_everything_else(
    cast: Cast, client: Client
) -> None:
    paper = stages.decision(cast)
    client.force_login(cast.dominic)
    given = ALL_APPROVED | {"outcome_2": "deferred", "deferred_2": "Until March."}
    sent = answers(
        client.get(address(paper)), **signs(cast.dominic) | {"password": "wrong"}, **given
    )
    refused = client.post(address(paper), sent)
    assert refused.status_code == 422
    assert errors(refused) == ["That is not your password, so nothing was signed. Type it again."]
    kept = answers(refused)
    assert (kept["outcome_2"], kept["deferred_2"]) == (["deferred"], "Until March.")
    assert kept["password"] == ""
    assert signatures(paper) == []


@pytest.mark.django_db
def test_it_needs_the_version_on_the_screen_and_asks_again_about_what_changed(
    cast: Cast, client: Client, seal_key: None
) -> None:
    paper = stages.decision(cast)
    client.force_login(cast.dominic)
    given = ALL_APPROVED | {"outcome_2": "deferred", "deferred_2": "Until March."}
    sent = answers(client.get(address(paper)), **signs(cast.dominic), **given)
    actions.send_back(paper.pk, by=cast.saba, reason="The amount is wrong.")
    less = [{**stages.RECOMMENDATIONS[0], "text": "less"}, stages.RECOMMENDATIONS[1]]
    stages.change_rows(paper, "recommendations", cast.olu, less)
    stages.submit(stages.advise_all(stages.ask(stages.fresh(paper), cast)))
    stages.endorse(paper, cast.celia)
    refused = client.post(address(paper), sent)
    assert refused.status_code == 409
    assert "PCD 1829 changed after you opened this page, so nothing was signed." in words(refused)
    kept = answers(refused)
    assert "outcome_1" not in kept
    assert (kept["outcome_2"], kept["deferred_2"]) == (["deferred"], "Until March.")
    assert signatures(paper) == []
    client.post(address(paper), kept | signs(cast.dominic) | {"outcome_1": "approved"})
    assert outcomes(paper) == [(1, "approved", ""), (2, "deferred", "Until March.")]


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["wrote", "changed", "endorsed"])
def test_it_needs_somebody_elses_paper(cast: Cast, client: Client, how: str) -> None:
    decider = cast.celia if how == "endorsed" else cast.dominic
    if how == "endorsed":
        office = Office.objects.get(code="dmpc")
        Appointment.objects.create(
            office=office, person=cast.celia, acting=True, legal_basis="Letter of the Mayor"
        )
    paper = stages.advised(cast, by=cast.dominic if how == "wrote" else None)
    if how == "changed":
        Contributor.objects.create(paper=paper, person=cast.dominic)
    paper = stages.submit(paper)
    stages.endorse(paper, cast.celia)
    client.force_login(decider)
    sent = {"mark": stages.mark_of(paper), "key": str(uuid4()), **signs(cast.dominic)}
    refused = client.post(address(paper), sent | ALL_APPROVED)
    assert refused.status_code == 409
    expected = {
        "wrote": "You wrote or changed PCD 1829, so you cannot sign it.",
        "changed": "You wrote or changed PCD 1829, so you cannot sign it.",
        "endorsed": "You have already signed PCD 1829 in this round.",
    }
    assert expected[how] in words(refused)
    assert signatures(paper) == []


@pytest.mark.django_db
def test_whoever_acts_decides_for_the_office(cast: Cast, client: Client, seal_key: None) -> None:
    Appointment.objects.filter(person=cast.dominic).update(ends="2026-01-01")
    Appointment.objects.create(
        office=Office.objects.get(code="dmpc"),
        person=cast.oona,
        acting=True,
        legal_basis="Letter of the Mayor, 2 May 2026",
    )
    paper = stages.decision(cast)
    client.force_login(cast.oona)
    sent = answers(client.get(address(paper)), **signs(cast.oona), **ALL_APPROVED)
    client.post(address(paper), sent)
    decided = Edition.objects.get(paper=paper).record.decision
    assert decided is not None
    assert (decided.name, decided.acting_for) == (
        "Oona Petrie",
        "Deputy Mayor for Policing and Crime",
    )


@pytest.mark.django_db
def test_a_second_click_gets_the_same_receipt(cast: Cast, client: Client, seal_key: None) -> None:
    paper = stages.decision(cast)
    client.force_login(cast.dominic)
    sent = answers(client.get(address(paper)), **signs(cast.dominic), **ALL_APPROVED)
    first = client.post(address(paper), sent)
    before = as_it_stands(paper)
    again = client.post(address(paper), sent)
    assert (again.status_code, again["Location"]) == (302, first["Location"])
    assert as_it_stands(paper) == before
    assert len(signatures(paper)) == 1


@pytest.mark.django_db
def test_a_second_tab_is_told_what_the_first_did_and_keeps_its_words(
    cast: Cast, client: Client, seal_key: None
) -> None:
    paper = stages.decision(cast)
    client.force_login(cast.dominic)
    second = answers(client.get(address(paper)), **signs(cast.dominic), **ALL_APPROVED)
    second |= {"outcome_2": "not_approved", "refused_2": "I had a reason."}
    first = answers(client.get(address(paper)), **signs(cast.dominic), **ALL_APPROVED)
    client.post(address(paper), first)
    refused = client.post(address(paper), second)
    assert refused.status_code == 409
    assert "PCD 1829 was decided by Dominic Vale on" in words(refused)
    assert "Recommendation 2: why not approved I had a reason." in words(refused)
    assert PASSWORD not in refused.content.decode()
    assert outcomes(paper) == [(1, "approved", ""), (2, "approved", "")]


@pytest.mark.django_db
def test_the_key_of_a_paper_that_one_cannot_see_signs_nothing(cast: Cast, client: Client) -> None:
    hidden = stages.decision(cast)
    key = Signature.objects.get(paper=hidden).key
    actions.send_back(hidden.pk, by=cast.dominic, reason="The sums do not add up.")
    paper = stages.decision(cast)
    client.force_login(cast.dominic)
    assert client.get(f"/papers/{hidden.slug}/").status_code == 404
    page = client.get(address(paper))
    refused = client.post(
        address(paper), answers(page, **signs(cast.dominic), **ALL_APPROVED, key=str(key))
    )
    assert "This form was already used for another signature." in words(refused)
    assert signatures(paper) == []
