from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Appointment, Office
from approvals import actions, sealing
from approvals.models import SealedDocument
from decisions.models import Paper
from decisions.states import State
from tests import stages
from tests.cast import Cast
from tests.pages import soup, words
from tests.pdfs import text as text_of
from tests.verb_pages import as_it_stands, banner

pytestmark = pytest.mark.django_db


def address(paper: Paper, page: str = "") -> str:
    return f"/papers/{paper.slug}/{page}"


def says(client: Client, paper: Paper) -> str:
    return words(client.get(address(paper)))


@pytest.mark.parametrize(
    ("state", "turn"),
    [
        (State.DRAFT, "Whose turn it is Olu Adeyemi, the originating officer"),
        (State.CONSULTATION, "Whose turn it is Farah Malik (Financial Advice), Leo Grant (Legal"),
        (State.ENDORSEMENT, "Whose turn it is Celia Marsh, Chief Executive"),
        (State.DECISION, "Whose turn it is Dominic Vale, Deputy Mayor for Policing and Crime"),
        (State.DECIDED, "Whose turn it is The secretariat"),
    ],
)
def test_each_state_says_whose_turn_it_is_and_since_when(
    cast: Cast, client: Client, state: State, turn: str
) -> None:
    paper = stages.BY_STATE[state](cast)
    client.force_login(cast.saba)
    said = says(client, paper)
    assert turn in said
    assert f"{state.label} since {timezone.localdate():%-d %B %Y}" in said


def test_a_withdrawn_paper_is_nobodys_turn_and_says_why(cast: Cast, client: Client) -> None:
    paper = stages.withdrawn(cast)
    client.force_login(cast.olu)
    said = says(client, paper)
    assert "Whose turn it is" not in said
    assert "Olu Adeyemi" in said
    assert "The money came from elsewhere." in said
    assert soup(client.get(address(paper))).select(".app-verbs a") == []


def test_an_acting_holder_is_said_to_act(cast: Cast, client: Client) -> None:
    Appointment.objects.create(
        office=Office.objects.get(code="chief_executive"),
        person=cast.oona,
        acting=True,
        legal_basis="Letter of the Mayor",
    )
    paper = stages.endorsement(cast)
    client.force_login(cast.olu)
    assert "Celia Marsh, Chief Executive or Oona Petrie, acting for the Chief Executive" in (
        says(client, paper)
    )


def test_a_closed_button_stands_beside_its_reason(cast: Cast, client: Client) -> None:
    paper = stages.blank(cast)
    client.force_login(cast.olu)
    page = soup(client.get(address(paper)))
    (closed,) = page.select(".app-closed")
    button = closed.select_one("button[disabled]")
    assert button is not None
    assert button.get_text(strip=True) == "Ask for advice"
    assert "The form is not complete: Write the executive summary. There are" in (
        " ".join(closed.get_text(" ").split())
    )
    assert [link["href"] for link in page.select(".app-verbs a")] == [address(paper, "withdraw/")]


def test_the_officer_gets_the_task_list_and_everybody_else_the_paper(
    cast: Cast, client: Client
) -> None:
    paper = stages.consultation(cast)
    client.force_login(cast.olu)
    assert "parts done" in says(client, paper)
    assert "This paper asks for money for a platform." not in says(client, paper)
    client.force_login(cast.leo)
    assert "parts done" not in says(client, paper)
    assert "This paper asks for money for a platform." in says(client, paper)


def test_advice_given_and_outstanding_stand_with_their_positions(
    cast: Cast, client: Client
) -> None:
    paper = stages.consultation(cast)
    stages.advise(paper, cast.leo, "legal", "not_content", "The contract is not in force.")
    client.force_login(cast.olu)
    said = says(client, paper)
    assert "Legal Advice Not content The legal adviser has read the paper." in said
    assert "Financial Advice Awaited Farah Malik, asked on" in said
    stages.change(paper, "summary", cast.olu, executive_summary="This paper asks for less money.")
    assert "The paper has changed since, so this advice is asked for again" in says(client, paper)


def test_part_two_is_offered_only_to_whoever_is_cleared(cast: Cast, client: Client) -> None:
    paper = stages.consultation(cast, part_two=True)
    for person, offered in ((cast.leo, True), (cast.olu, True), (cast.saba, False)):
        client.force_login(person)
        page = client.get(address(paper)).content.decode()
        assert (f'href="{address(paper, "part-two/")}"' in page) == offered
        assert stages.SECRET not in page


def test_a_paper_that_one_may_not_see_looks_like_one_that_does_not_exist(
    cast: Cast, client: Client
) -> None:
    paper = stages.draft(cast)
    client.force_login(cast.oona)
    for page in ("", "consult/", "receipt/", "signed.pdf", "preview.pdf"):
        hidden = client.get(address(paper, page))
        unknown = client.get(f"/papers/pcd-9999/{page}")
        assert (hidden.status_code, unknown.status_code) == (404, 404)
        assert words(hidden) == words(unknown).replace("9999", "1829")
    assert client.post(address(paper, "document/")).status_code == 404


@pytest.mark.usefixtures("seal_key")
def test_editions_documents_and_publication_stand_on_the_page(cast: Cast, client: Client) -> None:
    paper = stages.sealed(cast)
    day = timezone.localdate() + timedelta(days=30)
    stages.publish(paper, cast.saba, until=day, reason="The contract is open.", owner=cast.olu)
    client.force_login(cast.olu)
    said = says(client, paper)
    assert f"From {day:%-d %B %Y}, set by Saba Rahman on" in said
    assert "Reason for the deferral: The contract is open. Olu Adeyemi answers for it." in said
    assert "The public page" not in said
    stages.publish(paper, cast.saba)
    actions.correct(paper.pk, by=cast.saba, note="One word.", passages={"summary": "Other words."})
    said = says(client, paper)
    assert "Edition 2" in said
    assert "One word." in said
    assert "The public page" in said


@pytest.mark.usefixtures("seal_key")
def test_the_page_asks_as_much_of_the_database_for_many_editions_as_for_one(
    cast: Cast, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    paper = stages.published(cast)
    client.force_login(cast.saba)
    with django_assert_max_num_queries(100) as one:
        client.get(address(paper))
    for text in ("Second words.", "Third words."):
        actions.correct(paper.pk, by=cast.saba, note="Words.", passages={"summary": text})
        stages.seal(paper, cast.saba)
        stages.publish(paper, cast.saba)
    with django_assert_max_num_queries(len(one)):
        client.get(address(paper))


def test_the_preview_is_a_document_marked_as_a_draft(cast: Cast, client: Client) -> None:
    paper = stages.draft(cast, part_two=True)
    client.force_login(cast.olu)
    before = as_it_stands(paper)
    pdf = client.get(address(paper, "preview.pdf"))
    assert (pdf.status_code, pdf["Content-Type"]) == (200, "application/pdf")
    assert 'inline; filename="pcd-1829-draft.pdf"' in pdf["Content-Disposition"]
    printed = text_of(pdf.content)
    assert "Draft, not signed" in printed
    assert "This paper asks for money for a platform." in printed
    assert "Quillfeather" not in printed
    assert as_it_stands(paper) == before


@pytest.mark.usefixtures("seal_key")
def test_whoever_sees_the_paper_reads_the_sealed_document(cast: Cast, client: Client) -> None:
    paper = stages.sealed(cast)
    client.force_login(cast.olu)
    pdf = client.get(address(paper, "signed.pdf"))
    assert sealing.verify(pdf.content).ok
    assert pdf["Content-Disposition"] == 'inline; filename="pcd-1829-edition-1.pdf"'
    saved = client.get(address(paper, "signed.pdf"), {"download": ""})
    assert saved["Content-Disposition"].startswith("attachment;")
    assert pdf["Cache-Control"] == "no-store"


def kept(paper: Paper) -> str:
    """The name under which the document of a paper is kept."""
    return f"{SealedDocument.objects.get(edition__paper=paper).digest}.pdf"


@pytest.mark.usefixtures("seal_key")
@pytest.mark.parametrize("edition", ["2", "0", "99999999999999999999", "x"])
def test_an_edition_that_does_not_exist_is_not_found_or_the_newest_is_shown(
    cast: Cast, client: Client, edition: str
) -> None:
    paper = stages.sealed(cast)
    client.force_login(cast.olu)
    answer = client.get(address(paper, "signed.pdf"), {"edition": edition})
    assert answer.status_code == (200 if edition == "x" else 404)


def test_a_paper_without_a_document_says_so(cast: Cast, client: Client) -> None:
    paper = stages.decided(cast)
    client.force_login(cast.olu)
    missing = client.get(address(paper, "signed.pdf"))
    assert missing.status_code == 404
    assert "There is no signed document of PCD 1829 here." in words(missing)
    assert "The signed document is being made." in says(client, paper)


@pytest.mark.usefixtures("seal_key")
def test_a_document_that_was_tampered_with_is_not_shown(cast: Cast, client: Client) -> None:
    paper = stages.sealed(cast)
    with storages["restricted"].open(kept(paper), "r+b") as file:
        file.seek(300)
        file.write(b"tampered")
    client.force_login(cast.olu)
    refused = client.get(address(paper, "signed.pdf"))
    assert refused.status_code == 500
    assert "was changed after it was sealed, so it is not shown" in words(refused)


@pytest.mark.usefixtures("seal_key")
def test_only_the_secretariat_asks_for_the_document_and_only_by_a_post(
    cast: Cast, client: Client
) -> None:
    paper = stages.decided(cast)
    client.force_login(cast.olu)
    assert "Only the secretariat makes signed documents." in banner(
        client.post(address(paper, "document/"), follow=True)
    )
    client.force_login(cast.saba)
    assert client.get(address(paper, "document/")).status_code == 405
    assert not SealedDocument.objects.exists()
    for _ in range(2):
        done = client.post(address(paper, "document/"), follow=True)
        assert banner(done).endswith("The signed document of PCD 1829 is being made.")
    stages.seal(paper, cast.saba)
    done = client.post(address(paper, "document/"), follow=True)
    assert banner(done).endswith("The signed document of PCD 1829 is made.")
    assert SealedDocument.objects.count() == 1


@pytest.mark.usefixtures("seal_key")
def test_there_is_no_document_of_what_is_not_decided(cast: Cast, client: Client) -> None:
    paper = stages.draft(cast)
    client.force_login(cast.saba)
    done = client.post(address(paper, "document/"), follow=True)
    assert "PCD 1829 is not decided. Nothing was done." in banner(done)


def test_a_receipt_is_the_signers_alone(cast: Cast, client: Client) -> None:
    paper = stages.decision(cast)
    client.force_login(cast.celia)
    receipt = words(client.get(address(paper, "receipt/")))
    assert "Endorsement signed" in receipt
    assert paper.versions.get().digest in receipt
    client.force_login(cast.olu)
    missing = client.get(address(paper, "receipt/"))
    assert missing.status_code == 404
    assert "You have not signed PCD 1829" in words(missing)
