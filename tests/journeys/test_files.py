"""Files of a paper: handed in, refused, looked at by a second person, published or kept apart."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from io import BytesIO
from typing import Final

import pikepdf
import pytest
from playwright.sync_api import expect

from decisions.models import Paper, SupportingFile
from decisions.part_two.models import PartTwoFile
from decisions.register.templatetags.register_words import file_size
from tests import pdfs, stages
from tests.cast import Cast
from tests.hostile_files import HOSTILE
from tests.journeys.browser import Hand
from tests.journeys.decision import PAPER, People, wait_for_the_document
from tests.public_file_world import says
from tests.upload_corpus import packed, sheet, sheet_parts

pytestmark = pytest.mark.browser

AUTHOR: Final = "Hollis Penhaligon"
SAID: Final = "Two hundred servers are older than ten years"
PRICES: Final = "Quillfeather prices"
CASE: Final = "Business case"
# The link to the file that will be published, which ends with its size.
LISTED: Final = re.compile(rf"^{CASE} \(PDF, \d")
FILES: Final = f"{PAPER}files/"
PART_TWO: Final = f"{PAPER}part-two/"


def test_files_are_handed_in_looked_at_published_and_kept_apart(
    company: Cast, pointing: People, public: Hand
) -> None:
    _files(company, pointing, public)


def test_the_same_by_keyboard_and_without_scripts(
    company: Cast, typing_only: People, public: Hand
) -> None:
    _files(company, typing_only, public)


def _files(company: Cast, people: People, public: Hand) -> None:
    paper = stages.draft(company, part_two=True)
    olu = people("olu")
    _wrong_files_lose_nothing(olu)
    _hand_in_for_the_public(olu)
    _hand_in_for_part_two(olu)
    paper = stages.ask(stages.fresh(paper), company)
    _a_second_person_looks(people)
    paper = stages.submit(stages.advise_all(paper))
    stages.endorse(paper, company.celia)
    stages.decide(stages.fresh(paper), company.dominic)
    _publish(people("saba"))
    row = paper.files.get()
    _the_public_has_the_one(public, row)
    hidden = PartTwoFile.objects.get(paper=paper)
    _and_not_the_other(paper, public, {row.digest, hidden.digest})
    _who_is_cleared_has_it(people, f"{PART_TWO}files/{hidden.pk}/")


def business_case() -> bytes:
    """A page that says something, in a file that says who wrote it."""
    with pikepdf.open(BytesIO(says(SAID))) as document:
        document.docinfo["/Author"] = AUTHOR
        file = BytesIO()
        document.save(file)
    return file.getvalue()


@cache  # the same file each time: an archive says when it was packed
def price_list() -> bytes:
    """An Excel workbook with one price in it."""
    rows = '<row><c t="inlineStr"><is><t>Quillfeather</t></is></c><c><v>1337</v></c></row>'
    return packed(sheet_parts() | {"xl/worksheets/sheet1.xml": sheet(rows)})


def _wrong_files_lose_nothing(olu: Hand) -> None:
    """A workbook for the public, then a PDF with a script: the sentence, and what was typed."""
    olu.go(PAPER)
    olu.follow("Files for the public")
    olu.sees("There is no file yet.")
    olu.press("Add a file")
    olu.press("Upload the file")
    for missing in ("Enter the title", "Select who may see it", "Select the file"):
        olu.sees(missing)
    olu.fill("Title", CASE)
    olu.choose("It may be public")
    for name, file, sentence in (
        ("case.xlsx", price_list(), "Save it as a PDF and upload that."),
        ("script.pdf", HOSTILE["script.pdf"][0](), HOSTILE["script.pdf"][1]),
    ):
        olu.attach("File", name, file)
        olu.press("Upload the file")
        expect(olu.page.locator("#id_file_error")).to_contain_text(sentence)
        expect(olu.field("Title")).to_have_value(CASE)
        expect(olu.field("It may be public")).to_be_checked()


def _hand_in_for_the_public(olu: Hand) -> None:
    """On the page that refused the others; then the officer sees what will be published."""
    olu.attach("File", "Case, final.pdf", business_case())
    olu.press("Upload the file")
    olu.sees("The file was uploaded.")
    olu.sees("Not yet. The paper cannot be submitted until it is.")
    name, file = olu.download("Case, final.pdf")
    assert (name, AUTHOR.encode() in file) == ("Case, final.pdf", True)
    _, shown = olu.download(LISTED)
    assert SAID in pdfs.text(shown)
    assert AUTHOR.encode() not in shown


def _hand_in_for_part_two(olu: Hand) -> None:
    """A workbook, which only Part 2 takes; it stands there and not among the public files."""
    olu.go(PART_TWO)
    olu.press("Add a confidential file")
    olu.fill("Title", PRICES)
    olu.choose("Confidential (Part 2)")
    olu.attach("File", "prices.xlsx", price_list())
    olu.press("Upload the file")
    olu.sees("The file was uploaded.")
    assert olu.download(PRICES) == ("prices.xlsx", price_list())
    olu.follow(f"Remove {PRICES}")
    olu.follow("Keep it")
    olu.go(FILES)
    expect(olu.page.locator("body")).not_to_contain_text(PRICES)
    olu.follow(f"Remove {CASE}")
    olu.sees("Do you want to remove this file?")
    olu.follow("Keep it")


def _a_second_person_looks(people: People) -> None:
    """Whoever uploaded it cannot, an adviser is not asked to; the head of service does."""
    leo = people("leo")
    leo.go(FILES)
    assert not leo.link(f"Look at it for the public ({CASE})").count()
    hal = people("hal")
    hal.go(PAPER)
    hal.go(FILES)
    hal.follow(f"Look at it for the public ({CASE})")
    hal.sees("its author")
    _, shown = hal.download(LISTED)
    assert SAID in pdfs.text(shown)
    hal.press("Let it be published")
    hal.sees("There is a problem")
    hal.choose(re.compile("I have opened the file for the public"))
    hal.press("Let it be published")
    hal.sees(f"“{CASE}” may be published with the decision.")
    olu = people("olu")
    olu.go(FILES)
    olu.sees("Hal Osei, ")
    olu.go(f"{FILES}{Paper.objects.get().files.get().pk}/approve/")
    olu.sees("Only the secretariat and heads of service look at files")


def _publish(saba: Hand) -> None:
    wait_for_the_document(saba)
    saba.press("Publish")
    saba.choose("Now")
    saba.press("Publish")
    saba.sees("Published by Saba Rahman")


def _the_public_has_the_one(public: Hand, row: SupportingFile) -> None:
    """Behind its name and size, as it was looked at."""
    answer = public.page.request.get(_address(row.public_digest))
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    file = answer.body()
    assert hashlib.sha256(file).hexdigest() == row.public_digest
    assert SAID in pdfs.text(file)
    assert AUTHOR.encode() not in file
    public.go("/decisions/pcd-1828/")
    link = public.link(f"{CASE} (PDF, {file_size(len(file))})")
    expect(link).to_have_attribute("href", _address(row.public_digest))


def _and_not_the_other(paper: Paper, public: Hand, digests: set[str]) -> None:
    """Neither by its address, nor by a word of it, nor what the first hid before."""
    ask = public.page.request.get
    assert len(digests) == 2
    assert [ask(_address(digest)).status for digest in digests] == [404, 404]
    for pk in (1, PartTwoFile.objects.get(paper=paper).pk):
        assert ask(f"{PART_TWO}files/{pk}/").status == 404
    for address in (
        *("/decisions/pcd-1828/", "/decisions/pcd-1828.json", "/decisions/pcd-1828/decision.pdf"),
        *("/decisions.csv", "/decisions.json", "/decisions.atom", "/decisions/?q=Quillfeather"),
    ):
        answer = ask(address)
        assert answer.status == 200
        said = pdfs.text(answer.body()) if address.endswith(".pdf") else answer.text()
        for secret in (PRICES, "prices.xlsx", AUTHOR, *digests):
            assert secret not in said


def _who_is_cleared_has_it(people: People, address: str) -> None:
    """The decision maker opens it; the secretariat, not cleared, reads why it cannot."""
    dominic, saba = people("dominic"), people("saba")
    dominic.go(PART_TWO)
    assert dominic.download(PRICES) == ("prices.xlsx", price_list())
    saba.go(address)
    saba.sees("You are not cleared for this Part 2")
    assert saba.page.request.get(address).status == 403


def _address(digest: str) -> str:
    return f"/decisions/pcd-1828/files/{digest}.pdf"
