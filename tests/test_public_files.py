"""Files for the public: rewritten, looked at by a second person, published with the decision."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from typing import Any, Final

import pikepdf
import pytest
from django.core.files.storage import storages
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from accounts.models import today
from approvals import actions
from approvals.actions import Refused
from approvals.actions.approve_file import approve_file
from approvals.case import Case
from approvals.library import publish_file
from approvals.workflow import closed
from config.settings import public
from decisions.drafting.files import remove_public_file, unapproved
from decisions.models import FileApproval, Paper, SupportingFile
from decisions.part_two import room
from decisions.register import shelf
from decisions.uploads import store
from tests import stages
from tests.cast import Cast
from tests.pages import errors, notices, signed_in, soup, words
from tests.pdfs import strings, text
from tests.register_world import Reader
from tests.stages import SECRET
from tests.upload_corpus import annotation, pdf
from tests.uploading import TITLE, address, approve, hand_in, kept, with_file

pytestmark = pytest.mark.django_db

_numbers = itertools.count(1)
CANARY: Final = "Zanderquist"


def says(*lines: str) -> bytes:
    """A PDF of one page with these lines on it, unlike any other."""

    def change(document: pikepdf.Pdf) -> None:
        shown = " T* ".join(f"({line}) Tj" for line in (*lines, f"No {next(_numbers)}"))
        document.pages[0].obj.Contents = document.make_stream(
            f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET".encode()
        )

    return pdf(change)


def stuffed() -> bytes:
    """A PDF with the canary everywhere but on its page."""

    def change(document: pikepdf.Pdf) -> None:
        document.docinfo["/Author"] = CANARY
        with document.open_metadata() as metadata:
            metadata["dc:creator"] = [CANARY]
        with document.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem(CANARY, 0))
        annotation(document, Subtype=pikepdf.Name.Text, Contents=pikepdf.String(CANARY), T=CANARY)
        page = document.pages[0].obj
        page.PieceInfo = pikepdf.Dictionary(X=pikepdf.String(CANARY))
        drawn = page.Contents.read_bytes()
        behind = b"/Span <</ActualText (" + CANARY.encode() + b")>> BDC % " + CANARY.encode()
        page.Contents = document.make_stream(behind + b"\n" + drawn + b" EMC")
        jpeg = (
            b"\xff\xd8\xff\xe1\x00\x15Exif\0\0"
            + CANARY.encode()
            + b"\0\0\xff\xfe\x00\x0d"
            + CANARY.encode()
            + b"\xff\xda\x00\x02data\xff\xd9"
            + CANARY.encode()
        )
        picture = document.make_stream(jpeg)
        picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        picture.Width = picture.Height = 1
        picture.ColorSpace, picture.BitsPerComponent = pikepdf.Name.DeviceGray, 8
        picture.Filter = pikepdf.Name.DCTDecode
        page.Resources.XObject = pikepdf.Dictionary(P=picture)

    first = pdf(change)
    with pikepdf.open(BytesIO(first)) as document:
        assert "/Outlines" in document.Root
    return first


def digest(file: bytes) -> str:
    return hashlib.sha256(file).hexdigest()


def ready(cast: Cast, file: bytes | None = None, **options: Any) -> tuple[Paper, SupportingFile]:
    """A paper out for advice with a file for the public."""
    paper = stages.draft(cast, **options)
    row = with_file(paper, cast.olu, file or says("The fleet"))
    return stages.ask(stages.fresh(paper), cast), row


def decided(cast: Cast, file: bytes | None = None, **options: Any) -> tuple[Paper, SupportingFile]:
    """A decided paper with its sealed document and an approved file."""
    paper, row = ready(cast, file, **options)
    assert approve(row, cast.saba).status_code == 302
    paper = stages.submit(stages.advise_all(paper))
    stages.endorse(paper, cast.celia)
    stages.decide(stages.fresh(paper), cast.dominic)
    stages.seal(paper, cast.saba)
    return stages.fresh(paper), row


@contextmanager
def public_site() -> Iterator[Reader]:
    """The public process's own pages, on what this test has published."""
    with override_settings(ROOT_URLCONF=public.ROOT_URLCONF, MIDDLEWARE=public.MIDDLEWARE):
        yield Reader()


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


def test_the_list_of_what_was_taken_out_names_each_thing(cast: Cast) -> None:
    paper, row = ready(cast, stuffed())
    assert row.left_out == [
        "What the file said of itself: its author and the program that made the PDF.",
        "A second description of the file, of the kind that programs read.",
        "Its bookmarks.",
        "Private data of the program that wrote it.",
        "Notes, marks and fields that lie on the pages (1).",
        "What cameras and programs wrote beside its photographs, if they did.",
    ]
    page = signed_in(cast.saba).get(address(paper, f"{row.pk}/approve/"))
    listed = [item.get_text() for item in soup(page).select("main ul.govuk-list li")]
    assert listed == row.left_out


@pytest.mark.usefixtures("seal_key")
def test_what_hides_in_an_upload_is_in_no_published_byte(cast: Cast) -> None:
    upload = stuffed()
    assert strings(upload).count(CANARY) >= 7
    assert upload.count(CANARY.encode()) >= 3
    paper, row = decided(cast, upload)
    stages.publish(paper, cast.saba)
    with storages["published"].open(f"{row.public_digest}.pdf") as kept_file:
        published = kept_file.read()
    assert digest(published) == row.public_digest
    assert "The fleet" in text(published)
    with public_site() as reader:
        shown = [
            reader.get(f"/decisions/{paper.slug}/{rest}")
            for rest in ("", f"files/{row.public_digest}.pdf", "decision.pdf")
        ]
        shown.append(reader.get(f"/decisions/{paper.slug}.json"))
    assert [answer.status_code for answer in shown] == [200] * 4
    for answer in shown:
        assert CANARY.encode() not in answer.content
    assert shown[1].content == published
    for made in (published, shown[2].content):
        assert CANARY not in strings(made)
    assert not storages["published"].exists(f"{row.digest}.pdf")


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


@pytest.mark.parametrize("spelled", ["whole", "letter by letter", "over several lines"])
def test_a_file_that_repeats_part_two_is_found(cast: Cast, spelled: str) -> None:
    passage = SECRET.split()[:10]
    lines = {
        "whole": [" ".join(passage)],
        "letter by letter": [") Tj 9 0 Td (".join("".join(passage))],
        "over several lines": passage,
    }[spelled]
    paper = stages.draft(cast, part_two=True)
    row = with_file(paper, cast.olu, says("Nothing to see", *lines))
    assert room.letters_share_a_passage(paper, row.words)
    page = approve(row, cast.saba)
    assert page.status_code == 403
    assert f"“{TITLE}” repeats a passage of Part 2" in words(page)
    why = closed(Case(stages.advise_all(stages.ask(paper, cast)), cast.olu), "submit")
    assert why is not None
    assert why.sentence == (
        f"The file “{TITLE}” repeats a passage of Part 2, so it cannot be published. Remove it."
    )


def test_a_file_that_shares_seven_words_with_part_two_is_no_leak(cast: Cast) -> None:
    paper = stages.draft(cast, part_two=True)
    row = with_file(paper, cast.olu, says(" ".join(SECRET.split()[:7])))
    assert not room.letters_share_a_passage(paper, row.words)
    assert approve(row, cast.saba).status_code == 302


def test_hidden_layers_keep_a_file_from_the_public_and_nothing_of_it_is_kept(cast: Cast) -> None:
    def change(document: pikepdf.Pdf) -> None:
        layer = document.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=pikepdf.String(CANARY))
        )
        document.Root.OCProperties = pikepdf.Dictionary(
            OCGs=pikepdf.Array([layer]), D=pikepdf.Dictionary(OFF=pikepdf.Array([layer]))
        )

    paper = stages.draft(cast, part_two=True)
    file = pdf(change)
    assert CANARY in strings(file)
    page = hand_in(signed_in(cast.olu), paper, file)
    assert "hidden layers" in errors(page)[0]
    assert kept(paper) == set()
    done = hand_in(signed_in(cast.olu), paper, file, audience="confidential")
    assert done.status_code == 302


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
