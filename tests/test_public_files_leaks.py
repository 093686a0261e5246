"""Nothing of Part 2, and nothing that hides in an upload, is in a file for the public."""

from __future__ import annotations

import hashlib
import unicodedata

import pikepdf
import pytest
from django.core.files.storage import storages

from approvals.case import Case
from approvals.workflow import closed
from decisions.part_two import passages, room
from tests import stages
from tests.cast import Cast
from tests.pages import errors, signed_in, soup, words
from tests.pdfs import strings, text
from tests.public_file_world import CANARY, decided, public_site, ready, says, stuffed
from tests.stages import SECRET
from tests.test_upload_cut import CUT
from tests.upload_corpus import pdf
from tests.uploading import TITLE, address, approve, hand_in, kept, with_file

pytestmark = pytest.mark.django_db


def digest(file: bytes) -> str:
    return hashlib.sha256(file).hexdigest()


def test_the_list_of_what_was_taken_out_names_each_thing(cast: Cast) -> None:
    paper, row = ready(cast, stuffed())
    assert row.left_out == [
        "What the file said of itself: its author and the program that made the PDF.",
        "A second description of the file, of the kind that programs read.",
        "Its bookmarks.",
        "Private data of the program that wrote it.",
        "Notes, marks and fields that lie on the pages (1).",
        "What cameras and programs wrote beside its photographs, if they did.",
        "Drawings or pictures that its pages themselves do not draw.",
        "Comments among the instructions that draw its pages.",
        "Wording that stands behind the wording on the pages.",
    ]
    page = signed_in(cast.saba).get(address(paper, f"{row.pk}/approve/"))
    listed = [item.get_text() for item in soup(page).select("main ul.govuk-list li")]
    assert listed == row.left_out


def test_whoever_approves_is_warned_of_what_is_still_in_the_file(cast: Cast) -> None:
    _, whole = ready(cast, stuffed())
    paper, row = ready(cast, CUT["in a window"])
    assert (whole.still_there, row.left_out) == ([], [])
    page = signed_in(cast.saba).get(address(paper, f"{row.pk}/approve/"))
    warnings = [
        told.get_text(" ", strip=True)
        for told in soup(page).select("main .govuk-warning-text__text")
    ]
    assert warnings == [f"Warning {sentence}" for sentence in row.still_there]
    assert len(warnings) == 1


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


PASSAGE = "the officer is confident of the offer of the financier in figures"


@pytest.mark.parametrize(
    "drawn",
    [
        PASSAGE.replace("ffi", "\N{LATIN SMALL LIGATURE FFI}").replace("fi", "\ufb01"),
        f"less than a < b, and {PASSAGE}, and c > d",
        f"one page with a table <5%\n{PASSAGE}\nand one with a table >10%",
        unicodedata.normalize("NFD", PASSAGE.replace("financier", "financiér")),
    ],
)
def test_a_passage_is_found_however_its_letters_are_drawn(drawn: str) -> None:
    written = f"<p>{PASSAGE.replace('financier', 'financiér')} and more.</p>"
    assert passages.share_letters(f"<p>{PASSAGE}</p>{written}", drawn)
    assert not passages.share_letters("<p>Of the fleet.</p>", drawn)


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
