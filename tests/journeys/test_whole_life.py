"""The whole life of PCD 1828: with mouse and scripts, and with the keyboard alone without them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys import decision
from tests.journeys.browser import Hand
from tests.journeys.decision import CHANGED, PAPER, SECRET, People

pytestmark = pytest.mark.browser


def test_a_decision_from_the_first_word_to_the_public_page(
    pointing: People, public: Hand, tmp_path: Path
) -> None:
    _live(pointing, public, tmp_path)


def test_the_same_by_keyboard_and_without_scripts(
    typing_only: People, public: Hand, tmp_path: Path
) -> None:
    _live(typing_only, public, tmp_path)


def _live(people: People, public: Hand, folder: Path) -> None:
    olu, celia, dominic, saba = (people(name) for name in ("olu", "celia", "dominic", "saba"))
    decision.draft(olu)
    decision.consult(olu)
    decision.advise(people)
    decision.submit(olu)
    decision.send_back(celia, "Say in the summary when the work would begin.")
    _mend(olu)
    decision.consult(olu)
    decision.advise(people)
    decision.submit(olu)
    decision.endorse(celia)
    _nothing_is_public(public)
    _decide(dominic)
    _publish(saba)
    _read(public, folder)
    _secret_exists_but_not_here(olu, public)


def _mend(olu: Hand) -> None:
    """The officer reads why it came back, and changes the summary."""
    olu.go("/")
    olu.sees("Say in the summary when the work would begin.")
    olu.go(PAPER)
    olu.follow("Executive summary")
    olu.write("Executive summary", "The work would begin in the spring.", "It pays for itself.")
    olu.press(decision.RETURN)


def _decide(dominic: Hand) -> None:
    """One recommendation as asked, one with other words."""
    dominic.go("/")
    dominic.sees("PCD 1828")
    dominic.go(PAPER)
    dominic.press("Decide")
    dominic.sees("The work would begin in the spring.")
    dominic.choose("No")
    dominic.choose("Approved", group="Recommendation 1")
    dominic.choose("Approved with changes", group="Recommendation 2")
    dominic.fill("Recommendation 2 as you approve it", CHANGED)
    decision.prove(dominic, "dominic")
    dominic.press("Sign the decision")
    dominic.sees("Dominic Vale, Deputy Mayor for Policing and Crime")
    dominic.sees("Your decision stands.")


def _publish(saba: Hand) -> None:
    """The secretariat publishes at once."""
    decision.wait_for_the_document(saba)
    saba.press("Publish")
    saba.choose("Now")
    saba.press("Publish")
    saba.sees("Published by Saba Rahman")


def _nothing_is_public(public: Hand) -> None:
    """Before it is published, the public sees nothing of it."""
    public.go("/decisions/pcd-1828/")
    public.heading("Page not found")


def _read(public: Hand, folder: Path) -> None:
    """The public finds the decision, reads it, and opens its document."""
    public.go("/decisions/?q=servicenow")
    public.page.get_by_role("link", name="PCD 1828").first.click()
    public.look()
    public.heading(decision.TITLE)
    for words in (
        "£3.049m",
        CHANGED,
        "Approved with changes",
        "Dominic Vale, Deputy Mayor for Policing and Crime",
        "Celia Marsh",
        "OFFICIAL-SENSITIVE [COMMERCIAL]",
        "The work would begin in the spring.",
    ):
        public.sees(words)
    expect(public.page.locator("#p2-3")).to_contain_text("DDaT Board")
    text = _document(public, folder)
    for words in ("PCD 1828", "Approved with changes", "no more than £1.000m", "2.3", "£3,049,000"):
        assert words in text
    assert "Thornquill" not in text


def _document(public: Hand, folder: Path) -> str:
    """The text of the sealed document, as a program that reads PDF gives it."""
    answer = public.page.request.get("/decisions/pcd-1828/decision.pdf")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    file = folder / "decision.pdf"
    file.write_bytes(answer.body())
    read = subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], check=True, capture_output=True, text=True
    )
    return " ".join(read.stdout.split())


def _secret_exists_but_not_here(olu: Hand, public: Hand) -> None:
    """What Part 2 says is there for those who need it, and on no public page."""
    olu.go(f"{PAPER}part-two/")
    olu.sees(SECRET)
    for address in (
        "/decisions/pcd-1828/",
        "/decisions/pcd-1828.json",
        "/decisions.csv",
        "/decisions.json",
        "/decisions.atom",
        "/decisions/?q=Thornquill",
    ):
        answer = public.page.request.get(address)
        assert answer.status == 200
        assert "settle for 585" not in answer.text()
