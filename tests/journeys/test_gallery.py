"""The gallery in a real browser: accessible, no wider than a phone, nothing refused or broken."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.browser import Pointer
from tests.journeys.processes import Doors

pytestmark = pytest.mark.browser

PAGES = ("/components/", "/components/form/", "/components/editor/", "/components/columns/")
WIDTHS = (1280, 390, 320)


@pytest.fixture
def visitor(browser: Browser, doors: Doors) -> Iterator[Pointer]:
    """Somebody who looks at the gallery."""
    context = browser.new_context(base_url=doors.staff)
    yield Pointer(context)
    context.close()


def sideways(page: Page) -> list[int]:
    """The widths at which the page has to be scrolled sideways."""
    too_wide = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            too_wide.append(width)
    return too_wide


def test_every_part_is_accessible_and_fits_a_phone(visitor: Pointer) -> None:
    complaints: list[str] = []
    visitor.page.on(
        "console", lambda said: complaints.append(said.text) if said.type == "error" else None
    )
    visitor.page.on("pageerror", lambda error: complaints.append(str(error)))
    for path in PAGES:
        visitor.go(path)
        assert sideways(visitor.page) == [], path
    assert complaints == []


def test_each_line_of_the_summary_moves_the_focus_to_its_control(visitor: Pointer) -> None:
    page = visitor.page
    visitor.go("/components/form/")
    page.get_by_label("Yes", exact=True).check()
    page.get_by_label("Other", exact=True).check()
    visitor.press("Save and continue")
    assert page.title() == "Error: Gallery of forms – Countersign"
    assert page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
    links = page.locator(".govuk-error-summary a")
    hrefs = [link.get_attribute("href") for link in links.all()]
    assert len(hrefs) == 11
    for index, href in enumerate(hrefs):
        links.nth(index).click()
        assert f"#{page.evaluate('document.activeElement.id')}" == href
        assert page.locator(str(href)).is_visible()
    assert sideways(page) == []
