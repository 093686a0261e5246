"""Somebody checks documents at the public site: with a mouse, by keyboard alone, on a phone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import ViewportSize, expect

from approvals import sealing
from decisions.register import shelf
from tests import tampering
from tests.journeys.browser import Keyboard, Pointer
from tests.records import corrected, pcd_1080
from tests.register_world import without_papers
from tests.seal_world import small

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser
    from pytest_django import Settings

    from tests.journeys.browser import Hand
    from tests.journeys.processes import Doors

pytestmark = pytest.mark.browser
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}


@dataclass(frozen=True)
class Files:
    """Documents in a folder, as a reader has them, and the digest of the current one."""

    folder: Path
    digest: str

    def __call__(self, name: str) -> str:
        """Where a file lies."""
        return str(self.folder / f"{name}.pdf")


@pytest.fixture
def files(clone: str, doors: Doors, settings: Settings, tmp_path: Path) -> Files:
    """A decision with two editions in the register, and files to check."""
    settings.SEAL_KEY_FILE = str(doors.data / "seal" / "key.pem")
    settings.SEAL_CERT_FILE = str(doors.data / "seal" / "certificate.pem")
    published = doors.data / "files" / "published"
    published.mkdir(parents=True, exist_ok=True)
    options = {"OPTIONS": {"location": published}}
    settings.STORAGES = settings.STORAGES | {"published": settings.STORAGES["published"] | options}
    without_papers(clone)
    first, second, elsewhere = (sealing.seal(small()) for _ in range(3))
    for record, pdf in ((pcd_1080(), first), (corrected(), second)):
        digest = hashlib.sha256(pdf).hexdigest()
        (published / f"{digest}.pdf").write_bytes(pdf)
        shelf.place(record, pdf_digest=digest)
    folder = tmp_path / "downloads"
    folder.mkdir()
    for name, pdf in {
        "current": second,
        "replaced": first,
        "unpublished": elsewhere,
        "altered": tampering.annotate(second),
        "not ours": small(),
        "unreadable": b"no document",
        "too large": bytes(30 * 1024 * 1024),
    }.items():
        (folder / f"{name}.pdf").write_bytes(pdf)
    return Files(folder, corrected().digest)


@pytest.fixture
def reader(browser: Browser, doors: Doors) -> Iterator[Hand]:
    """Somebody with a mouse on a phone."""
    context = browser.new_context(base_url=doors.public, viewport=PHONE, has_touch=True)
    yield Pointer(context)
    context.close()


@pytest.fixture
def typist(browser: Browser, doors: Doors) -> Iterator[Hand]:
    """Somebody with the keyboard alone, without scripts."""
    context = browser.new_context(base_url=doors.public, java_script_enabled=False)
    context.set_default_timeout(30_000)
    yield Keyboard(context)
    context.close()


def hand_in(hand: Hand, file: str) -> None:
    hand.field("The document, as a PDF file").set_input_files(file)
    hand.press("Check this file")


def fits(hand: Hand) -> None:
    """The page needs no scrolling sideways."""
    width = hand.page.evaluate("() => document.documentElement.scrollWidth")
    assert width <= PHONE["width"], hand.page.url


def test_every_answer_can_be_had_on_a_phone(files: Files, reader: Hand) -> None:
    reader.go("/")
    reader.follow("Check a document")
    reader.heading("Check a document")
    fits(reader)
    reader.press("Check this file")
    reader.sees("Select the PDF file that you want to check")
    fits(reader)
    for name, answer in {
        "current": "Genuine and current",
        "replaced": "Genuine, but replaced by a later edition",
        "unpublished": "Our seal, but not a document published here",
        "altered": "Altered after it was sealed",
        "not ours": "Not a document of ours",
        "unreadable": "This file cannot be read",
    }.items():
        hand_in(reader, files(name))
        reader.heading(answer)
        fits(reader)
    hand_in(reader, files("too large"))
    reader.sees("The selected file must be smaller than 25 MB.")
    reader.fill("Reference", "PCD 1080")
    reader.fill("Digest", "0" * 16)
    reader.press("Check this digest")
    reader.heading("Nothing published here matches")
    fits(reader)


def test_the_keyboard_alone_leads_from_a_decision_to_its_answer(files: Files, typist: Hand) -> None:
    typist.go("/decisions/pcd-1080/")
    typist.follow("Check this document")
    typist.heading("This is the digest of the current edition")
    # What was asked stays in the form, to be asked again.
    expect(typist.field("Digest")).to_have_value(files.digest)
    typist.fill("Digest", "not a digest")
    typist.press("Check this digest")
    typist.sees("There is a problem")
    typist.fill("Digest", f"{files.digest[:8]} {files.digest[8:16].upper()}")
    typist.press("Check this digest")
    typist.heading("This is the digest of the current edition")
    typist.field("The document, as a PDF file").set_input_files(files("altered"))
    typist.press("Check this file")
    typist.heading("Altered after it was sealed")
    typist.sees("It was made from a document that is published here")
