"""Files for the public: rewritten, looked at by a second person, published with the decision."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.db import DatabaseError, connection, transaction

from accounts.models import today
from approvals import actions
from approvals.actions import Refused
from approvals.actions.approve_file import approve_file
from approvals.case import Case
from approvals.library import publish_file
from approvals.workflow import closed
from decisions.drafting.files import remove_public_file, unapproved
from decisions.models import FileApproval
from decisions.register import shelf
from decisions.uploads import store
from tests import stages
from tests.cast import Cast
from tests.pages import errors, notices, signed_in, soup, words
from tests.public_file_world import decided, public_site, ready, says
from tests.uploading import TITLE, address, approve, with_file

pytestmark = pytest.mark.django_db


def test_a_second_person_lets_a_file_be_published(cast: Cast) -> None:
    paper, row = ready(cast)
    client = signed_in(cast.saba)
    page = words(client.get(address(paper, f"{row.pk}/approve/")))
    assert f"May “{TITLE}” be published?" in page
    assert row.public_digest in page
    assert "The fleet" in page
    sent = {"digest": row.public_digest, "looked": "on"}
    done = client.post(address(paper, f"{row.pk}/approve/"), sent)
    assert notices(client, done) == [f"“{TITLE}” may be published with the decision."]
    given = FileApproval.objects.get(paper=paper)
    assert (given.digest, given.approved_by) == (row.public_digest, cast.saba)
    event = paper.events.latest("seq")
    assert (event.verb, event.actor, event.facts) == (
        "approve_file",
        cast.saba,
        f'{{"document":"{row.public_digest}"}}',
    )
    assert unapproved(paper) == []


def test_a_head_of_service_may_look_and_so_may_nobody_else(cast: Cast) -> None:
    _, row = ready(cast)
    for person in (cast.olu, cast.leo, cast.farah, cast.aud):
        assert approve(row, person).status_code == 403
    assert approve(row, cast.celia).status_code == 404  # the paper has not reached her
    assert not FileApproval.objects.exists()
    assert approve(row, cast.hal).status_code == 302


def test_who_uploaded_a_file_does_not_approve_it(cast: Cast) -> None:
    paper = stages.draft(cast)
    row = with_file(paper, cast.saba, says("Uploaded by the secretariat"))
    page = approve(row, cast.saba)
    assert page.status_code == 403
    assert "You uploaded this file" in words(page)
    with pytest.raises(Refused, match="uploaded this file"):
        approve_file(paper.pk, row.pk, by=cast.saba, digest=row.public_digest)


def test_postgresql_takes_no_approval_but_a_second_persons(cast: Cast) -> None:
    paper = stages.draft(cast)
    row = with_file(paper, cast.saba, says("Uploaded by the secretariat"))
    for person, said in (
        (cast.saba, row.public_digest),  # who uploaded it
        (cast.olu, row.public_digest),  # the officer
        (cast.hal, "0" * 64),  # a file that is not on the paper
        (cast.hal, row.digest),  # the file as it was handed in
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            FileApproval.objects.create(paper=paper, digest=said, approved_by=person)
    FileApproval.objects.create(paper=paper, digest=row.public_digest, approved_by=cast.hal)
    for statement in (
        "UPDATE decisions_fileapproval SET digest = ''",
        "DELETE FROM decisions_fileapproval",
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(statement)


def test_a_word_for_a_file_is_no_word_for_ones_own_upload_of_it(cast: Cast) -> None:
    """Approved, removed, and uploaded anew by whoever approved it: a second person looks again."""
    paper = stages.draft(cast)
    file = says("Case")
    row = with_file(paper, cast.olu, file)
    approve(row, cast.saba)
    remove_public_file(paper, row.pk, by=cast.saba)
    again = with_file(paper, cast.saba, file)
    assert again.public_digest == row.public_digest
    assert unapproved(paper) == [again]


def test_the_box_has_to_be_ticked_and_the_file_be_the_one_that_was_shown(cast: Cast) -> None:
    paper, row = ready(cast)
    client = signed_in(cast.saba)
    where = address(paper, f"{row.pk}/approve/")
    assert client.post(where, {"digest": row.public_digest}).status_code == 422
    page = client.post(where, {"digest": "0" * 64, "looked": "on"})
    assert page.status_code == 409
    assert errors(page) == ["The file was removed meanwhile. Nothing was done."]
    assert client.put(where).status_code == 405
    assert not FileApproval.objects.exists()


def test_a_paper_with_a_file_that_nobody_looked_at_is_not_submitted(cast: Cast) -> None:
    paper, row = ready(cast)
    paper = stages.advise_all(paper)
    why = closed(Case(paper, cast.olu), "submit")
    assert why is not None
    assert why.sentence == (
        "Nobody from the secretariat and no head of service has looked at the file "
        f"“{TITLE}” yet. Ask one of them to, or remove it."
    )
    with pytest.raises(Refused, match="has looked at the file"):
        actions.submit(paper.pk, by=cast.olu)
    approve(row, cast.hal)
    assert closed(Case(stages.fresh(paper), cast.olu), "submit") is None


@pytest.mark.usefixtures("seal_key")
def test_the_public_page_lists_the_file_with_its_kind_and_size(cast: Cast) -> None:
    paper, row = decided(cast)
    assert not storages["published"].exists(f"{row.public_digest}.pdf")
    where = f"/decisions/{paper.slug}/files/{row.public_digest}.pdf"
    with public_site() as reader:
        assert reader.get(where).status_code == 404
    stages.publish(paper, cast.saba)
    with public_site() as reader:
        link = soup(reader.get(f"/decisions/{paper.slug}/")).find("a", href=where)
        assert link is not None
        assert link.get_text() == f"{TITLE} (PDF, {round(row.public_size / 1000)} KB)"
        sent = reader.get(where)
        assert (sent.status_code, sent["Content-Type"]) == (200, "application/pdf")
        assert sent["ETag"] == f'"{row.public_digest}"'
        part = reader.get(where, headers={"Range": "bytes=0-3"})
        assert (part.status_code, part.content) == (206, b"%PDF")
        for other in ("0" * 64, row.digest):
            assert reader.get(f"/decisions/{paper.slug}/files/{other}.pdf").status_code == 404
        wrong = f"/decisions/pcd-999999/files/{row.public_digest}.pdf"
        assert reader.get(wrong).status_code == 404


@pytest.mark.usefixtures("seal_key")
def test_the_signed_text_names_the_file_by_its_digest(cast: Cast) -> None:
    paper, row = decided(cast)
    edition = Case(paper, cast.saba).edition
    assert edition is not None
    (named,) = edition.record.files
    assert (named.digest, named.size) == (row.public_digest, row.public_size)
    signed = edition.signature.version
    assert edition.record.signed_digest == signed.digest
    assert row.public_digest in signed.content
    assert row.digest not in signed.content
    assert edition.record.schema == 2
    plain = stages.decided(cast)
    other = Case(plain, cast.saba).edition
    assert other is not None
    assert (other.record.schema, '"file"' in other.content) == (1, False)


@pytest.mark.usefixtures("seal_key")
def test_a_deferred_decision_defers_its_files(cast: Cast) -> None:
    paper, row = decided(cast)
    stages.publish(
        paper,
        cast.saba,
        until=today() + timedelta(days=30),
        reason="The contract is open.",
        owner=cast.olu,
    )
    assert storages["published"].exists(f"{row.public_digest}.pdf")
    where = f"/decisions/{paper.slug}/files/{row.public_digest}.pdf"
    with public_site() as reader:
        for headers in (
            {},
            {"If-None-Match": f'"{row.public_digest}"'},
            {"Range": "bytes=0-3"},
        ):
            answer = reader.get(where, headers=headers)
            assert (answer.status_code, answer.has_header("ETag")) == (404, False)
            assert TITLE.encode() not in answer.content


@pytest.mark.usefixtures("seal_key")
def test_nothing_is_published_when_a_file_is_lost_or_was_changed(cast: Cast) -> None:
    paper, row = decided(cast)
    store.forget(paper.pk, row.public_digest, "pdf")
    page = signed_in(cast.saba).post(f"/papers/{paper.slug}/publish/", {"when": "now"})
    assert page.status_code == 409
    assert "The file is not among those that were kept" in words(page)
    assert not shelf.is_published(paper.slug)
    assert not storages["published"].exists(f"{row.public_digest}.pdf")


@pytest.mark.usefixtures("seal_key")
def test_the_register_takes_no_decision_whose_file_is_not_there(cast: Cast) -> None:
    paper, row = decided(cast)
    edition = Case(paper, cast.saba).edition
    assert edition is not None
    publish_file(edition.document.digest)
    with pytest.raises(shelf.PlacementError, match="A supporting document is not among"):
        shelf.place(edition.record, pdf_digest=edition.document.digest)
    assert row.public_digest in edition.content


def test_a_withdrawn_paper_publishes_no_file(cast: Cast) -> None:
    paper, row = ready(cast)
    approve(row, cast.saba)
    actions.withdraw(paper.pk, by=cast.olu, reason="The money came from elsewhere.")
    assert not storages["published"].exists(f"{row.public_digest}.pdf")
    with public_site() as reader:
        where = f"/decisions/{paper.slug}/files/{row.public_digest}.pdf"
        assert reader.get(where).status_code == 404
    assert approve(row, cast.hal).status_code == 403


@pytest.mark.usefixtures("seal_key")
def test_a_corrected_edition_keeps_the_files(cast: Cast) -> None:
    paper, row = decided(cast)
    stages.publish(paper, cast.saba)
    stages.correct(paper, cast.saba)
    stages.seal(paper, cast.saba)
    stages.publish(stages.fresh(paper), cast.saba)
    with public_site() as reader:
        where = f"/decisions/{paper.slug}/files/{row.public_digest}.pdf"
        assert reader.get(where).status_code == 200
        for number in (1, 2):
            page = reader.get(f"/decisions/{paper.slug}/editions/{number}/")
            assert where.encode() in page.content


def test_addresses_elsewhere_stand_beside_the_files(cast: Cast) -> None:
    paper = stages.draft(cast)
    stages.change_rows(
        paper,
        "supporting-documents",
        cast.olu,
        [{"title": "Elsewhere", "address": "https://example.org/a"}],
    )
    with_file(paper, cast.olu)
    paper = stages.ask(stages.fresh(paper), cast)
    documents = paper.versions.get().record.supporting_documents
    assert [(one.title, one.address, bool(one.file)) for one in documents] == [
        ("Elsewhere", "https://example.org/a", False),
        (TITLE, "", True),
    ]
