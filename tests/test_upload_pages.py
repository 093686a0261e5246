"""Files on a paper, through the pages: added, refused, opened, removed; never shown to others."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from decisions.part_two import room
from decisions.part_two.models import PartTwoFile
from decisions.uploads import LARGEST, store
from decisions.uploads.kinds import Kind
from decisions.uploads.names import clean_name
from tests import stages
from tests.cast import Cast
from tests.hostile_files import HOSTILE
from tests.pages import errors, notices, signed_in, soup, words
from tests.upload_corpus import GOOD, pdf
from tests.uploading import (
    TITLE,
    address,
    hand_in,
    kept,
    rows,
    with_confidential_file,
    with_file,
)

pytestmark = pytest.mark.django_db


def digest(file: bytes) -> str:
    return hashlib.sha256(file).hexdigest()


def test_an_officer_adds_a_file_for_the_public(cast: Cast) -> None:
    paper = stages.draft(cast)
    client = signed_in(cast.olu)
    file = pdf()
    done = hand_in(client, paper, file, "Business  case.pdf")
    assert done.status_code == 302
    assert notices(client, done) == ["The file was uploaded."]
    row = paper.files.get()
    assert (row.title, row.name, row.size, row.digest, row.added_by) == (
        TITLE,
        "Business case.pdf",
        len(file),
        digest(file),
        cast.olu,
    )
    assert store.read(paper.pk, row.digest, "pdf") == file
    assert digest(store.read(paper.pk, row.public_digest, "pdf")) == row.public_digest
    assert kept(paper) == {f"{row.digest}-{paper.pk}.pdf", f"{row.public_digest}-{paper.pk}.pdf"}
    assert f"{TITLE} (PDF" in words(client.get(address(paper)))
    event = paper.events.latest("seq")
    assert (event.verb, '"subject":"files"' in event.facts) == ("save", True)


@pytest.mark.parametrize("name", GOOD)
def test_an_officer_adds_a_confidential_file_of_each_kind(cast: Cast, name: str) -> None:
    paper = stages.draft(cast, part_two=True)
    client = signed_in(cast.olu)
    file = GOOD[name]()
    done = hand_in(client, paper, file, name, audience="confidential")
    assert done["Location"] == f"/papers/{paper.slug}/part-two/"
    row = PartTwoFile.objects.get(paper=paper)
    assert (row.name, row.kind, row.digest) == (name, name.split(".")[1], digest(file))
    facts = paper.events.latest("seq").facts
    assert '"subject":"part-two-files"' in facts
    assert row.digest not in facts
    assert TITLE in words(client.get(done["Location"]))
    assert not paper.files.exists()


@pytest.mark.parametrize("audience", ["public", "confidential"])
def test_no_hostile_file_is_let_in_and_nothing_of_it_is_kept(cast: Cast, audience: str) -> None:
    """Every class of the corpus, through the page; the title that was typed stays."""
    paper = stages.draft(cast, part_two=True)
    client = signed_in(cast.olu)
    accepted = []
    for name, (made, sentence) in HOSTILE.items():
        page = hand_in(client, paper, made(), name, audience=audience, title=f"Case {name}")
        said = errors(page) if page.status_code == 422 else []
        if len(said) != 1 or sentence not in said[0] or rows(paper):
            accepted.append((name, page.status_code, said))
        field = soup(page).find("input", {"name": "title"})
        assert field is not None
        assert field["value"] == f"Case {name}"
        beside = soup(page).select_one("#id_file_error")
        assert beside is not None, name
    assert accepted == []
    assert len(HOSTILE) >= 40
    assert kept(paper) == set()


@pytest.mark.parametrize("name", ["good.docx", "good.xlsx"])
def test_an_office_file_is_never_for_the_public(cast: Cast, name: str) -> None:
    paper = stages.draft(cast)
    page = hand_in(signed_in(cast.olu), paper, GOOD[name](), name)
    (said,) = errors(page)
    assert said == (
        "A Word document or an Excel workbook is never published, for the things that hide in it. "
        "Save it as a PDF and upload that."
    )
    assert (rows(paper), kept(paper)) == (0, set())


def test_a_file_of_twenty_megabytes_is_let_in_and_a_byte_more_is_not(cast: Cast) -> None:
    paper = stages.draft(cast, part_two=True)
    client = signed_in(cast.olu)
    small = pdf()
    # What stands between the objects of a PDF is nothing.
    head, end = small.rsplit(b"startxref", 1)
    full = head + b" " * (LARGEST - len(small)) + b"startxref" + end
    assert len(full) == LARGEST
    assert hand_in(client, paper, full, audience="confidential").status_code == 302
    page = hand_in(client, paper, full + b"\n", audience="confidential")
    (said,) = errors(page)
    assert said == (
        "The file is larger than 20 MB. Make it smaller, for example by saving its pictures in a "
        "lower resolution, or split it."
    )
    assert rows(paper) == 1


def test_nothing_that_arrives_is_written_where_temporary_files_lie(cast: Cast) -> None:
    paper = stages.draft(cast, part_two=True)
    before = set(Path(tempfile.gettempdir()).glob("*.upload*"))
    seen: list[set[Path]] = []

    class Watching(Client):
        def request(self, **request: Any) -> Any:
            answer = super().request(**request)
            seen.append(set(Path(tempfile.gettempdir()).glob("*.upload*")) - before)
            return answer

    client = Watching()
    client.force_login(cast.olu)
    big = pdf() + b"\n" * 5_000_000
    assert hand_in(client, paper, big, audience="confidential").status_code == 422
    assert seen == [set()]
    assert settings.FILE_UPLOAD_HANDLERS == ["decisions.uploads.arriving.OneInMemory"]


def test_each_question_has_to_be_answered(cast: Cast) -> None:
    paper = stages.draft(cast)
    page = signed_in(cast.olu).post(address(paper, "add/"), {})
    assert page.status_code == 422
    assert errors(page) == ["Enter the title", "Select who may see it", "Select the file"]


def test_without_a_part_two_nothing_can_be_confidential(cast: Cast) -> None:
    paper = stages.draft(cast)
    client = signed_in(cast.olu)
    page = client.get(address(paper, "add/"))
    assert [field["value"] for field in soup(page).select("[name=audience]")] == ["public"]
    assert "Say that there is a Part 2" in words(page)
    assert hand_in(client, paper, pdf(), audience="confidential").status_code == 422
    assert rows(paper) == 0


def test_the_same_file_stands_on_a_paper_once(cast: Cast) -> None:
    paper = stages.draft(cast, part_two=True)
    client = signed_in(cast.olu)
    file = pdf()
    hand_in(client, paper, file)
    before = kept(paper)
    for title, audience in (("Case again", "public"), ("Hidden", "confidential")):
        page = hand_in(client, paper, file, title=title, audience=audience)
        (said,) = errors(page)
        assert said == (
            f"This file is on the paper already, as “{TITLE}”. To change its title, or to make it "
            "confidential, remove it there first."
        )
    assert (rows(paper), kept(paper)) == (1, before)
    other = stages.draft(cast)
    assert hand_in(client, other, file).status_code == 302


def test_who_is_not_cleared_cannot_put_a_confidential_file_before_the_public(cast: Cast) -> None:
    """Nor, by removing a copy of their own, take the bytes away that Part 2 names."""
    paper = stages.draft(cast, part_two=True)
    file = pdf()
    with_confidential_file(paper, cast.olu, file, "case.pdf")
    client = signed_in(cast.saba)
    assert not room.is_cleared(paper, cast.saba)
    page = hand_in(client, paper, file)
    assert "already among the confidential files of Part 2" in errors(page)[0]
    row = PartTwoFile.objects.get(paper=paper)
    assert kept(paper) == {f"{row.digest}-{paper.pk}.pdf"}
    paper = stages.ask(stages.fresh(paper), cast)
    signed_in(cast.olu).post(f"/papers/{paper.slug}/part-two/files/{row.pk}/remove/")
    assert hand_in(client, paper, file).status_code == 302
    client.post(address(paper, f"{paper.files.get().pk}/remove/"))
    assert f"{row.digest}-{paper.pk}.pdf" in kept(paper)


def test_a_confidential_file_cannot_be_put_before_the_public(cast: Cast) -> None:
    paper = stages.draft(cast, part_two=True)
    client = signed_in(cast.olu)
    file = pdf()
    hand_in(client, paper, file, audience="confidential")
    page = hand_in(client, paper, file)
    assert "already among the confidential files of Part 2" in errors(page)[0]
    assert not paper.files.exists()


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\olu\\case.pdf", "case.pdf"),
        ("case\u202efdp.docx.pdf", "casefdp.docx.pdf"),
        ("a\x00b\r\nSet-Cookie: x=1.pdf", "ab Set-Cookie x 1.pdf"),
        ('"; filename="x.html.pdf', "filename x.html.pdf"),
        (".pdf", "file.pdf"),
        ("…/.hidden.pdf", "hidden.pdf"),
        ("Prüfung – Ω.PDF", "Prüfung – Ω.pdf"),
        (f"{'long ' * 60}.pdf", f"{('long ' * 60)[:100].strip()}.pdf"),
    ],
)
def test_a_name_is_made_fit_to_be_shown(given: str, shown: str) -> None:
    assert clean_name(given, Kind.PDF) == shown


def test_a_file_is_removed_with_all_that_was_kept_of_it(cast: Cast) -> None:
    paper = stages.draft(cast)
    row = with_file(paper, cast.olu)
    client = signed_in(cast.olu)
    where = address(paper, f"{row.pk}/remove/")
    assert "Do you want to remove this file?" in words(client.get(where))
    assert rows(paper) == 1
    client.post(where)
    assert (rows(paper), kept(paper)) == (0, set())
    assert client.post(where).status_code == 404


def test_what_a_version_names_stays_when_the_file_is_removed(cast: Cast) -> None:
    paper = stages.draft(cast, part_two=True)
    row = with_file(paper, cast.olu)
    with_confidential_file(paper, cast.olu, GOOD["good.docx"](), "good.docx")
    hidden = PartTwoFile.objects.get(paper=paper)
    paper = stages.ask(stages.fresh(paper), cast)
    version = paper.versions.get()
    assert [file.digest for file in version.record.files] == [row.public_digest]
    assert hidden.digest not in version.content
    frozen = room.read_frozen(version, by=cast.olu)
    assert frozen is not None
    assert [file.digest for file in frozen.text.files] == [hidden.digest]
    client = signed_in(cast.olu)
    client.post(address(paper, f"{row.pk}/remove/"))
    client.post(f"/papers/{paper.slug}/part-two/files/{hidden.pk}/remove/")
    assert rows(paper) == 0
    assert kept(paper) == {
        f"{row.public_digest}-{paper.pk}.pdf",
        f"{hidden.digest}-{paper.pk}.docx",
    }
    newest = paper.versions.latest("number")
    assert (newest.number, newest.record.files) == (3, ())


def test_the_commitment_to_part_two_covers_its_files(cast: Cast) -> None:
    paper = stages.consultation(cast, part_two=True)
    before = paper.versions.latest("number")
    with_confidential_file(paper, cast.olu, GOOD["good.docx"](), "good.docx")
    after = paper.versions.latest("number")
    assert after.number == before.number + 1
    assert after.digest == before.digest
    assert after.part_two_commitment != before.part_two_commitment


def test_to_write_part_two_while_a_file_is_added_is_no_conflict(cast: Cast) -> None:
    paper = stages.draft(cast, part_two=True)
    token = room.token(paper)
    with_confidential_file(paper, cast.olu, GOOD["good.docx"](), "good.docx")
    assert room.token(paper) == token


def test_a_lost_or_changed_file_is_said_to_be_so(cast: Cast) -> None:
    paper = stages.draft(cast)
    row = with_file(paper, cast.olu)
    store.forget(paper.pk, row.digest, "pdf")
    page = signed_in(cast.olu).get(address(paper, f"{row.pk}/"))
    assert page.status_code == 500
    assert "The file is not among those that were kept" in words(page)


def test_a_flood_is_cut_off(cast: Cast) -> None:
    paper = stages.draft(cast)
    fields = {f"f{number}": "x" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    client = signed_in(cast.olu)
    client.raise_request_exception = False
    assert client.post(address(paper, "add/"), fields).status_code == 400
