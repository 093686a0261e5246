"""The deputy mayor signs by passkey in a real browser, and an outsider checks it offline."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from accounts.models import User
from approvals.models import Signature
from config.env import PROJECT
from tests import stages
from tests.cast import Cast
from tests.journeys.browser import Hand, Pointer
from tests.journeys.decision import PAPER, People, wait_for_the_document
from tests.journeys.processes import Doors
from tests.journeys.test_sign_in import at_localhost, device, prove, sign_in

pytestmark = pytest.mark.browser

VERIFIER = PROJECT / "docs" / "verifier" / "verify_signature.py"
BY_PASSKEY = "Passkey, which signed this very text"
SIGN = "Sign with your passkey"


def set_up_a_passkey(hand: Hand, person: User) -> None:
    """Among the ways to sign in."""
    hand.follow("How you sign in")
    hand.follow("Set up a passkey")
    prove(hand, person)
    hand.fill("Name of the passkey", "Work laptop")
    hand.press("Set up the passkey")
    hand.page.wait_for_url("**/account/security/codes/")


def check(record: Path, site: str) -> subprocess.CompletedProcess[str]:
    """What the outsider's program says of what anybody can download."""
    command = [sys.executable, str(VERIFIER), str(record), "--site", site]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_decision_is_signed_by_passkey_and_checked_by_an_outsider(
    browser: Browser,
    doors: Doors,
    company: Cast,
    pointing: People,
    tmp_path: Path,
) -> None:
    paper = stages.decision(company)
    site = at_localhost(doors)
    context = browser.new_context(base_url=site)
    context.set_default_timeout(30_000)
    dominic = Pointer(context)
    wire, kept = device(dominic.page)
    sign_in(dominic, company.dominic)
    set_up_a_passkey(dominic, company.dominic)

    # Nothing is filled in yet: the page shows what is missing, and asks for no password.
    dominic.go(f"{PAPER}decide/")
    dominic.press(SIGN)
    dominic.sees("Select an outcome for recommendation 1")
    expect(dominic.page.locator("body")).not_to_contain_text("Enter your password")
    dominic.choose("No")
    for number in (1, 2):
        dominic.choose("Approved", group=f"Recommendation {number}")

    # The finger is not his: nothing is signed, and what he chose stays.
    wire.send("WebAuthn.setUserVerified", {"authenticatorId": kept, "isUserVerified": False})
    dominic.button(SIGN).click()
    dominic.sees("Your passkey was not used: it was cancelled, or it took too long.")
    dominic.look()
    assert not Signature.objects.filter(paper=paper, act="decide").exists()
    expect(dominic.field("Approved", group="Recommendation 1")).to_be_checked()

    wire.send("WebAuthn.setUserVerified", {"authenticatorId": kept, "isUserVerified": True})
    dominic.button(SIGN).click()
    dominic.page.wait_for_url("**/receipt/")
    dominic.look()
    dominic.sees("Decision signed")
    dominic.sees(BY_PASSKEY)
    context.close()

    saba = pointing("saba")
    wait_for_the_document(saba)
    saba.press("Publish")
    saba.choose("Now")
    saba.press("Publish")
    record = saba.page.request.get(f"{doors.public}/decisions/pcd-1828.json").json()
    file = tmp_path / "pcd-1828.json"
    file.write_text(json.dumps(record))
    said = check(file, site)
    assert (said.returncode, said.stderr) == (0, "")
    assert "Dominic Vale, Deputy Mayor for Policing and Crime: holds." in said.stdout
    assert "Celia Marsh, Chief Executive Officer: signed without a passkey" in said.stdout
    record["recommendations"][1]["outcome"] = "not_approved"
    file.write_text(json.dumps(record))
    said = check(file, site)
    assert (said.returncode, said.stdout.count("holds")) == (1, 0)
    assert "What was declared and decided is not what was signed." in said.stderr
