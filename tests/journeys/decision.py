"""PCD 1828 through all of its life, by whatever hands: the steps that journeys are made of."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Final

from accounts.models import User
from approvals.sample import pcd_1828
from decisions.models import DeclarationKind, SectionKind
from tests.cast import PASSWORD, code_of
from tests.journeys.browser import Hand
from tests.journeys.processes import PATIENCE

People = Callable[..., Hand]

PAPER: Final = "/papers/pcd-1828/"
TITLE: Final = "ServiceNow Fit for future"
SECRET: Final = "Thornquill would settle for 585 pounds a day if all orders came together."
CHANGED: Final = (
    "Approve the award of Project Work Orders worth up to £1.810m to the Supplier, of which no "
    "more than £1.000m before the design has been accepted."
)
ADVISERS: Final = {
    "farah": ("finance", "Farah Malik"),
    "leo": ("legal", "Leo Grant"),
    "esme": ("equalities", "Esme Castle"),
    "cormac": ("commercial", "Cormac Byrne"),
    "dita": ("data_protection", "Dita Novak"),
    "hal": ("head_of_service", "Hal Osei"),
}
RETURN: Final = "Save and return to the list"


def paragraphs(text: str | None) -> list[str]:
    """The paragraphs of a text, which are parted by an empty line."""
    return [" ".join(part.split()) for part in (text or "").split("\n\n")]


def draft(olu: Hand) -> None:
    """Begin the paper and fill in every part of the form, field by field."""
    olu.follow("Papers")
    olu.press("Begin a paper")
    olu.fill("Title", TITLE)
    olu.press("Begin the paper")
    olu.heading(re.compile(TITLE))
    olu.follow("Title, board and power to decide")
    olu.choose(re.compile("Investment Advisory and Monitoring"))
    olu.fill("Paragraph of the scheme of delegation", "4.8")
    olu.press(RETURN)
    olu.follow("Executive summary")
    olu.write("Executive summary", *paragraphs(pcd_1828.SUMMARY))
    olu.press(RETURN)
    _recommendations(olu)
    _costs(olu)
    for kind in SectionKind:
        olu.follow(kind.label)
        olu.write("Text", *paragraphs(pcd_1828.TEXT.sections[kind]))
        olu.press(RETURN)
    _publication(olu)
    olu.follow("Originating officer’s declaration")
    for row in DeclarationKind:
        olu.choose(f"I confirm this statement ({row.label})")
    olu.press(RETURN)


def _recommendations(olu: Hand) -> None:
    olu.follow("Recommendations")
    for place, asked in enumerate(pcd_1828.ASKS):
        olu.press("Add another recommendation" if place else "Add a recommendation")
        olu.fill("What exactly", asked.text)
        olu.fill("Amount", ("3.049m", "£1,810,000")[place])
        olu.select("Capital or revenue", "Capital")
        olu.press("Save this recommendation")
    olu.follow("Return to the list of parts")


def _costs(olu: Hand) -> None:
    olu.follow("Costs and funding")
    for place, line in enumerate(pcd_1828.COSTS):
        olu.press("Add another line" if place else "Add a line")
        olu.fill("What it is for", line.label)
        olu.fill("Amount", f"{line.amount:,.2f}")
        olu.choose("Capital")
        olu.fill("Where the money comes from", pcd_1828.PLAN)
        olu.press("Save this line")
    olu.sees("£3,049,000")
    olu.follow("Return to the list of parts")


def _publication(olu: Hand) -> None:
    olu.follow("When Part 1 is published")
    olu.choose("No")
    olu.press(RETURN)
    olu.follow("Whether there is a Part 2")
    olu.choose("Yes")
    olu.press(RETURN)
    olu.follow("Part 2")
    olu.write("Confidential facts and advice", SECRET)
    olu.fill("Legal rationale for not publishing it", "One rate would be the floor for the next.")
    olu.select("Security marking", "OFFICIAL-SENSITIVE [COMMERCIAL]")
    olu.choose("Article 2(2)(a)")
    olu.choose(re.compile("Section 43"))
    olu.fill(
        re.compile("balance for section 43"), "The total is published; the rates serve competitors."
    )
    olu.fill("Why Part 2 is not published, for the public", "It is commercially sensitive.")
    olu.choose("When something has happened")
    olu.fill("What has to have happened", "the contract is completed")
    olu.press(RETURN)


def consult(olu: Hand) -> None:
    """Ask one adviser of each kind."""
    olu.go(PAPER)
    olu.press("Ask for advice")
    for kind, name in ADVISERS.values():
        olu.choose(name, group=DeclarationKind(kind).label)
    olu.press("Ask for advice")
    olu.sees("Out for advice")


def advise(people: People) -> None:
    """Every adviser gives advice; the head of service last."""
    for name in ADVISERS:
        adviser = people(name)
        adviser.go("/")
        adviser.sees("PCD 1828")
        adviser.go(PAPER)
        adviser.press("Give advice")
        adviser.choose("Content")
        adviser.press("Give this advice")
        adviser.sees("Your advice")


def submit(olu: Hand) -> None:
    """Send it to the Chief Executive."""
    olu.go(PAPER)
    olu.press("Submit to the Chief Executive")
    olu.press("Submit to the Chief Executive")
    olu.sees("With the Chief Executive")


def send_back(celia: Hand, reason: str) -> None:
    """The Chief Executive wants something changed."""
    celia.go(PAPER)
    celia.press("Send back to draft")
    celia.fill("Why do you send the paper back?", reason)
    celia.press("Send back to draft")


def prove(hand: Hand, name: str) -> None:
    """Type password and code, as somebody without a passkey does to sign."""
    hand.fill("Your password", PASSWORD)
    hand.fill("Code", code_of(User.objects.get(email=f"{name}@countersign.example")))


def endorse(celia: Hand) -> None:
    """The Chief Executive signs."""
    celia.go(PAPER)
    celia.press("Endorse")
    prove(celia, "celia")
    celia.press("Sign and endorse")
    celia.sees("Celia Marsh, Chief Executive Officer")


def wait_for_the_document(hand: Hand) -> None:
    """Look again and again, as the page offers, until the worker has made the document."""
    hand.go(PAPER)
    end = time.monotonic() + PATIENCE
    while not hand.link("Read the sealed document (PDF)").count():
        assert time.monotonic() < end, "The worker never made the document."
        hand.sees("The signed document is being made.")
        hand.follow("Look again")


def to_the_decision_maker(people: People) -> None:
    """From nothing to the decision maker's desk."""
    olu = people("olu")
    draft(olu)
    consult(olu)
    advise(people)
    submit(olu)
    endorse(people("celia"))
