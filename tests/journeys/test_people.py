"""The secretariat invites somebody, has an appointment confirmed, and closes an account."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from accounts.models import Appointment, User, today
from tests.cast import Cast
from tests.journeys.browser import Hand, Pointer
from tests.journeys.processes import Doors
from tests.people import NEW_PASSWORD, link_in, sent_by_mailer

pytestmark = pytest.mark.browser
People = Callable[..., Hand]
WIDTHS = {"desktop": 1280, "phone": 390}


def shown(hand: Hand, name: str) -> None:
    """Have the page checked, and look whether it fits a telephone; kept where SHOTS says."""
    hand.look()
    for kind, width in WIDTHS.items():
        hand.page.set_viewport_size({"width": width, "height": 900})
        wide = hand.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{name} is {wide} wide on a screen of {width}."
        if os.environ.get("SHOTS"):
            kept = Path(os.environ["SHOTS"]) / f"{name}-{kind}.png"
            hand.page.screenshot(path=kept, full_page=True)
    hand.page.set_viewport_size({"width": 1280, "height": 900})


def test_somebody_comes_holds_an_office_and_goes(
    pointing: People, browser: Browser, doors: Doors, company: Cast, clone: str
) -> None:
    saba = pointing("saba")
    saba.follow("People")
    shown(saba, "people")
    saba.press("Invite somebody")
    saba.fill("Full name", "Jo Bloggs")
    saba.fill("E-mail address", "jo.bloggs@countersign.example")
    saba.choose("Finance adviser")
    shown(saba, "invite")
    saba.press("Invite")
    saba.sees("Jo Bloggs is invited.")
    jo = User.objects.get(email="jo.bloggs@countersign.example")

    (mail,) = sent_by_mailer(clone)
    context = browser.new_context(base_url=doors.staff)
    new = Pointer(context)
    new.go(link_in(mail))
    shown(new, "choose_password")
    new.fill("New password", NEW_PASSWORD)
    new.press("Set my password")
    new.sees("Your password is set. Sign in with it.")
    new.go("/account/link/")
    shown(new, "no_link")
    context.close()

    saba.go(f"/people/{jo.pk}/propose/")
    saba.choose("Deputy Mayor for Policing and Crime")
    saba.choose("Yes", group="Do they act in it for its holder?")
    saba.fill("Legal basis", "Letter of the Mayor, 2 November 2026")
    shown(saba, "propose")
    saba.press("Propose")
    saba.sees("counts once it is confirmed")
    shown(saba, "person")
    celia = pointing("celia")
    celia.follow("Appointments")
    shown(celia, "proposals")
    celia.follow("Jo Bloggs")
    shown(celia, "proposal")
    celia.press("Confirm the appointment")
    celia.sees("Jo Bloggs is appointed from")
    assert Appointment.objects.get(person=jo).starts == today()

    for page in ("duty", "link", "deactivate"):
        saba.go(f"/people/{jo.pk}/{page}/")
        shown(saba, page)
    saba.press("Deactivate")
    saba.sees("Jo Bloggs is deactivated and signed out everywhere.")
    shown(saba, "deactivated")
    saba.go(f"/people/{jo.pk}/reactivate/")
    shown(saba, "reactivate")
