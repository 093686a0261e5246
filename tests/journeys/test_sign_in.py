"""A person sets up a passkey in a real browser, and comes back by it alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from accounts.models import User
from tests.cast import PASSWORD, Cast, code_of
from tests.journeys.browser import Hand, Keyboard, Pointer
from tests.journeys.processes import Doors

pytestmark = pytest.mark.browser
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def device(page: Page) -> tuple[Any, str]:
    """Give the browser a device that keeps passkeys and knows its owner's finger."""
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    made = wire.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return wire, made["authenticatorId"]


def at_localhost(doors: Doors) -> str:
    """The staff side where passkeys work: a name, for an address of figures has none."""
    return doors.staff.replace("127.0.0.1", "localhost")


def sign_in(hand: Hand, person: User) -> None:
    hand.go("/")
    hand.fill("E-mail address", person.email)
    hand.fill("Password", PASSWORD)
    hand.press("Sign in")
    hand.fill("Code", code_of(person))
    hand.press("Continue")


def prove(hand: Hand, person: User) -> None:
    """Show once more who one is, as every change of how one signs in asks."""
    hand.heading("Show again that it is you")
    hand.fill("Code", code_of(person))
    hand.press("Continue")


def test_a_passkey_is_set_up_and_then_signs_in_alone(
    browser: Browser, doors: Doors, company: Cast
) -> None:
    context = browser.new_context(base_url=at_localhost(doors))
    context.set_default_timeout(30_000)
    hand = Pointer(context)
    wire, kept = device(hand.page)
    sign_in(hand, company.celia)
    hand.follow("How you sign in")
    hand.follow("Set up a passkey")
    prove(hand, company.celia)
    hand.fill("Name of the passkey", "Work laptop")
    hand.press("Set up the passkey")
    hand.page.wait_for_url("**/account/security/codes/")
    hand.look()
    hand.sees("They are shown this once.")
    hand.follow("I have kept them. Go on")
    hand.sees("Work laptop")
    assert len(wire.send("WebAuthn.getCredentials", {"authenticatorId": kept})["credentials"]) == 1
    hand.press("Sign out")

    # Back by the passkey alone: no address, no password, no code.
    hand.go("/account/login/")
    hand.activate(hand.button("Sign in with a passkey"))
    hand.page.wait_for_url(f"{at_localhost(doors)}/")
    hand.sees("Signed in as Celia Marsh")
    hand.press("Sign out")

    # Beside a password, the passkey stands in for the code.
    hand.go("/account/login/")
    hand.fill("E-mail address", company.celia.email)
    hand.fill("Password", PASSWORD)
    hand.press("Sign in")
    hand.activate(hand.button("Use my passkey"))
    hand.page.wait_for_url(f"{at_localhost(doors)}/")
    hand.press("Sign out")

    # The finger is not hers: the page says what happened, and nobody comes in.
    wire.send("WebAuthn.setUserVerified", {"authenticatorId": kept, "isUserVerified": False})
    hand.go("/account/login/")
    hand.activate(hand.button("Sign in with a passkey"))
    hand.sees("The passkey was not used: it was cancelled, or it took too long. Try again.")
    hand.go("/")
    hand.heading("Sign in")
    context.close()


def test_without_scripts_the_code_signs_in_and_the_page_says_why_there_is_no_passkey(
    browser: Browser, doors: Doors, company: Cast
) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=at_localhost(doors))
    hand = Keyboard(context)
    hand.go("/account/login/")
    hand.sees("A passkey needs scripts, which are switched off in this browser.")
    assert not hand.page.get_by_role("button", name="Sign in with a passkey").is_visible()
    sign_in(hand, company.olu)
    hand.go("/account/security/passkey/")
    prove(hand, company.olu)
    hand.sees("A passkey needs scripts, which are switched off in this browser.")
    assert not hand.page.locator("form[data-passkey]").is_visible()
    hand.go("/account/security/")
    hand.follow("Make new recovery codes")
    prove(hand, company.olu)
    hand.press("Make new codes")
    hand.sees("They are shown this once.")
    context.close()


def test_every_page_of_signing_in_can_be_read_by_everybody(
    browser: Browser, doors: Doors, company: Cast
) -> None:
    context = browser.new_context(base_url=at_localhost(doors))
    hand = Pointer(context)
    sign_in(hand, company.olu)
    for page in ("", "passkey/", "codes/new/", "codes/", "password/"):
        hand.go(f"/account/security/{page}")
        if page in {"passkey/", "codes/new/"}:
            prove(hand, company.olu)
    hand.go("/account/security/")
    hand.follow(re.compile(r"Remove\s+the authenticator app"))
    prove(hand, company.olu)
    hand.press("Remove it")
    hand.follow("Set up an authenticator app")
    hand.fill("Code", "000000")
    hand.press("Set up the app")
    hand.sees("That did not prove who you are.")
    context.close()
