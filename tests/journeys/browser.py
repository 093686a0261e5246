"""Hands at a browser: one with mouse and scripts, one with the keyboard alone and no scripts.

Both do the same things by the same words: a label, a button, a link. What a person cannot find by
its words, these hands cannot find either. Every page they reach is read by the accessibility
checker, once for each address and heading.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, expect

from config.env import PROJECT

AXE: Final = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
MANY_TABS: Final = 600


@cache
def _checker() -> str:
    """The accessibility checker's source."""
    return AXE.read_text()


class Hand:
    """Somebody at a browser. Subclasses say how they point and type."""

    scripts = True

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.seen: set[tuple[str, str]] = set()

    def go(self, address: str) -> None:
        """Open an address, and read the page for accessibility."""
        self.page.goto(address)
        self.look()

    def look(self) -> None:
        """Let the accessibility checker read the page, if it has not read it yet."""
        if not self.scripts:
            return
        heading = self.page.locator("h1").first.inner_text()
        seen = (re.sub(r"\d+", "n", self.page.url.split("?")[0]), heading)
        if seen in self.seen:
            return
        self.seen.add(seen)
        self.page.evaluate(_checker())
        found: dict[str, Any] = self.page.evaluate("() => axe.run(document)")
        faults = [
            (fault["id"], fault["help"], [node["html"][:200] for node in fault["nodes"]])
            for fault in found["violations"]
        ]
        assert faults == [], f"{self.page.url} ({heading}): {faults}"

    def link(self, words: str | re.Pattern[str], *, within: Locator | None = None) -> Locator:
        """A link by its words."""
        return self._find("link", words, within)

    def button(self, words: str | re.Pattern[str]) -> Locator:
        """A button by its words."""
        return self._find("button", words, None)

    def _find(self, role: Any, words: str | re.Pattern[str], within: Locator | None) -> Locator:
        place = within or self.page
        exact = isinstance(words, str)
        return place.get_by_role(role, name=words, exact=exact).first

    def field(self, label: str | re.Pattern[str], group: str = "") -> Locator:
        """A field by its label, where need be within the group of this name."""
        place = self.page.get_by_role("group", name=group) if group else self.page
        return place.get_by_label(label, exact=isinstance(label, str)).first

    def follow(self, words: str | re.Pattern[str], *, within: Locator | None = None) -> None:
        """Follow a link and look at the page it leads to."""
        self.activate(self.link(words, within=within))
        self.look()

    def press(self, words: str | re.Pattern[str]) -> None:
        """Press a button and look at the page it leads to."""
        self.activate(self.button(words))
        self.look()

    def download(self, words: str | re.Pattern[str]) -> tuple[str, bytes]:
        """Follow a link that hands over a file: the name it is saved by, and the file."""
        with self.page.expect_download() as handed_over:
            self.poke(self.link(words))
        saved = handed_over.value
        return saved.suggested_filename, Path(saved.path()).read_bytes()

    def attach(self, label: str, name: str, file: bytes) -> None:
        """Choose a file in the window that the field opens."""
        with self.page.expect_file_chooser() as window:
            self.poke(self.field(label))
        window.value.set_files(
            FilePayload(name=name, mimeType="application/octet-stream", buffer=file)
        )

    def activate(self, target: Locator) -> None:
        """Press whatever this is and wait for the page that follows."""
        raise NotImplementedError

    def poke(self, target: Locator) -> None:
        """Press what leads to no other page."""
        raise NotImplementedError

    def fill(self, label: str | re.Pattern[str], text: str) -> None:
        """Put text into a field, replacing what is there."""
        raise NotImplementedError

    def write(self, label: str, *paragraphs: str) -> None:
        """Write paragraphs into a field of long text, replacing what is there."""
        raise NotImplementedError

    def choose(self, label: str | re.Pattern[str], group: str = "") -> None:
        """Choose a radio button or tick a box, where need be within the group of this name."""
        raise NotImplementedError

    def select(self, label: str | re.Pattern[str], option: str) -> None:
        """Choose an option of a list."""
        raise NotImplementedError

    def heading(self, words: str | re.Pattern[str]) -> None:
        """Expect this heading on the page."""
        expect(self.page.get_by_role("heading", name=words).first).to_be_visible()

    def sees(self, words: str | re.Pattern[str]) -> None:
        """Expect these words on the page."""
        expect(self.page.locator("body")).to_contain_text(words)


class Pointer(Hand):
    """A mouse, and the page's scripts."""

    def activate(self, target: Locator) -> None:
        """Click."""
        self.poke(target)
        self.page.wait_for_load_state()

    def poke(self, target: Locator) -> None:
        """Click."""
        target.click()

    def fill(self, label: str | re.Pattern[str], text: str) -> None:
        """Click into the field and type over it."""
        field = self.field(label)
        field.scroll_into_view_if_needed()
        field.fill(text)

    def write(self, label: str, *paragraphs: str) -> None:
        """Write in the editor, a paragraph at a time."""
        editor = self.page.get_by_role("textbox", name=label, exact=True)
        editor.click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        for place, paragraph in enumerate(paragraphs):
            if place:
                self.page.keyboard.press("Enter")
            self.page.keyboard.insert_text(paragraph)

    def choose(self, label: str | re.Pattern[str], group: str = "") -> None:
        """Click the button or box."""
        self.field(label, group).check()

    def select(self, label: str | re.Pattern[str], option: str) -> None:
        """Choose from the list."""
        self.field(label).select_option(label=option)


class Keyboard(Hand):
    """Keys alone, and no scripts: everything must be reachable by Tab."""

    scripts = False

    def _reach(self, target: Locator) -> None:
        """Press Tab until the target has the focus, as somebody without a mouse would."""
        expect(target).to_have_count(1)
        for _ in range(MANY_TABS):
            if target.evaluate("node => node === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"No number of Tabs reaches {target} on {self.page.url}.")

    def activate(self, target: Locator) -> None:
        """Tab there and press Enter."""
        with self.page.expect_navigation():
            self.poke(target)

    def poke(self, target: Locator) -> None:
        """Tab there and press Enter."""
        self._reach(target)
        self.page.keyboard.press("Enter")

    def fill(self, label: str | re.Pattern[str], text: str) -> None:
        """Tab there, select what is there, and type."""
        self._reach(self.field(label))
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.insert_text(text)

    def write(self, label: str, *paragraphs: str) -> None:
        """Write in the plain box, with an empty line between paragraphs."""
        self.fill(label, "\n\n".join(paragraphs))

    def choose(self, label: str | re.Pattern[str], group: str = "") -> None:
        """Tab to the group, then Space, or the arrows among radio buttons."""
        target = self.field(label, group)
        if target.get_attribute("type") == "radio":
            self._choose_radio(target)
        elif not target.is_checked():
            self._reach(target)
            self.page.keyboard.press("Space")
        expect(target).to_be_checked()

    def _choose_radio(self, target: Locator) -> None:
        """Tab stops once at a group of radio buttons; Space and arrows move within it."""
        name = target.get_attribute("name")
        focused = "name => document.activeElement.getAttribute('name') === name"
        for _ in range(MANY_TABS):
            if self.page.evaluate(focused, name):
                break
            self.page.keyboard.press("Tab")
        self.page.keyboard.press("Space")
        for _ in range(20):
            if target.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"The arrows do not reach {target} on {self.page.url}.")

    def select(self, label: str | re.Pattern[str], option: str) -> None:
        """Tab to the list and type the beginning of the option."""
        target = self.field(label)
        self._reach(target)
        self.page.keyboard.type(option)
        expect(target.locator("option:checked")).to_have_text(option)
