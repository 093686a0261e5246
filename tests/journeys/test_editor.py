"""Long text is written in an editor, by keyboard alone if need be; without it, in a plain box."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Dialog, expect

from tests.journeys.editor_page import Writer, writing

pytestmark = pytest.mark.browser

TABLE: Final = "| Item | Cost |\n| --- | --- |\n| Vans | £1,810,000 |"
EVERYTHING: Final = f"""The fleet **must** be *renewed*, says the [guidance](https://www.gov.uk/fleet).
This is the same paragraph.

### What is asked

- leasing
  - for 3 years
- buying

  Which costs more.

4. tender
5. award

#### The cost

{TABLE}

- ### A heading in a list

Write to [us](mailto:fleet@example.org). 2*3 is [not] a [link\\](x)."""


@pytest.fixture
def writer(browser: Browser) -> Iterator[Writer]:
    with writing(browser) as somebody:
        yield somebody


def test_text_is_written_and_formatted_by_keyboard_alone(writer: Writer) -> None:
    writer.open()
    writer.use("Heading")
    writer.type("What is asked", "The fleet ")
    writer.keys("Control+b")
    writer.type("must")
    writer.keys("Control+b")
    writer.type(" be ")
    writer.use("Italic")
    writer.type("renewed")
    writer.use("Italic")
    writer.type(".", "- leasing", "buying", "", "")
    writer.use("Numbered list")
    writer.type("tender", "award", "in stages")
    writer.use("Move item in")
    writer.type("", "", "", "")
    writer.use("Sub-heading")
    writer.type("The cost", "")
    writer.use("Table")
    for words in ("Item", "Cost", "Vans", "£1,810,000"):
        writer.type(words)
        writer.keys("Tab")
    writer.reach(writer.text, "Shift+Tab")
    writer.use("Add row below")
    writer.keys("Shift+Tab")
    writer.type("Charging")
    assert writer.send() == (
        "### What is asked\n\nThe fleet **must** be *renewed*.\n\n- leasing\n- buying\n\n"
        f"1. tender\n2. award\n   1. in stages\n\n#### The cost\n\n{TABLE}\n| Charging |  |"
    )


def test_the_buttons_show_and_say_what_holds_where_the_cursor_is(writer: Writer) -> None:
    writer.open("plain\n\n- **item**")
    expect(writer.button("Bold")).to_have_attribute("aria-pressed", "true")
    expect(writer.button("Bulleted list")).to_have_attribute("aria-pressed", "true")
    expect(writer.button("Move item in")).to_have_attribute("aria-disabled", "true")
    writer.use("Bold")
    expect(writer.page.get_by_role("status").first).to_have_text("Bold off")
    writer.click(writer.page.get_by_text("plain", exact=True))
    expect(writer.button("Paragraph")).to_have_attribute("aria-pressed", "true")
    expect(writer.button("Bold")).to_have_attribute("aria-pressed", "false")
    expect(writer.button("Move item in")).to_have_count(0)


def test_undo_and_redo(writer: Writer) -> None:
    writer.open("first")
    writer.type(" second")
    writer.use("Undo")
    expect(writer.text).to_have_text("first")
    writer.keys("Control+y")
    expect(writer.text).to_have_text("first second")
    writer.keys("Control+z", "Control+Shift+z")
    assert writer.send() == "first second"


def test_rows_and_columns_come_and_go_and_the_first_row_is_the_header(writer: Writer) -> None:
    writer.open(TABLE)
    writer.click(writer.page.get_by_role("cell", name="Vans"))
    writer.use("Add column after")
    writer.use("Add row above")
    writer.type("Cars")
    writer.click(writer.page.get_by_role("columnheader", name="Item"))
    writer.use("Delete row")
    expect(writer.page.get_by_role("columnheader")).to_have_count(3)
    writer.click(writer.page.get_by_role("cell", name="£1,810,000"))
    writer.use("Delete column")
    assert writer.send() == "|  | Cars |\n| --- | --- |\n| Vans |  |"


def test_the_last_row_to_be_deleted_takes_the_table_with_it(writer: Writer) -> None:
    writer.open(f"before\n\n{TABLE}")
    writer.click(writer.page.get_by_role("cell", name="Vans"))
    writer.use("Delete row")
    writer.use("Delete row")
    expect(writer.page.get_by_role("table")).to_have_count(0)
    assert writer.send() == "before"


def test_tab_leaves_the_text(writer: Writer) -> None:
    writer.open("- item")
    writer.keys("Tab")
    expect(writer.button("Move item in")).to_be_focused()
    writer.keys("Tab")
    expect(writer.button("Write as plain text instead")).to_be_focused()
    writer.keys("Tab")
    expect(writer.page.get_by_label("Source")).to_be_focused()
    writer.reach(writer.text, "Shift+Tab")
    writer.keys("Shift+Tab")
    expect(writer.button("Paragraph")).to_be_focused()


def test_tab_goes_from_cell_to_cell_and_leaves_after_the_last(writer: Writer) -> None:
    writer.open(TABLE)
    writer.click(writer.page.get_by_role("columnheader", name="Item"))
    for words in ("Cost", "Vans", "£1,810,000"):
        writer.keys("Tab")
        assert writer.page.evaluate("() => getSelection().toString()") == words
    writer.keys("Shift+Tab")
    assert writer.page.evaluate("() => getSelection().toString()") == "Vans"
    writer.keys("Tab", "Tab")
    expect(writer.text).not_to_be_focused()
    writer.click(writer.page.get_by_role("columnheader", name="Item"))
    writer.keys("Escape", "Tab")
    expect(writer.text).not_to_be_focused()
    assert writer.send() == TABLE


def test_a_line_can_be_written_above_and_below_a_table(writer: Writer) -> None:
    writer.open(TABLE)
    writer.type("below")
    writer.click(writer.page.get_by_role("columnheader", name="Item"))
    writer.keys("ArrowUp")
    writer.type("above")
    assert writer.send() == f"above\n\n{TABLE}\n\nbelow"


def test_a_link_is_asked_for_in_words_and_refused_in_words(writer: Writer) -> None:
    page = writer.page
    writer.open("See")
    writer.type(" ")
    writer.keys("Control+k")
    words, address = page.get_by_label("Words that people read"), page.get_by_label("Web or e-mail")
    expect(words).to_be_focused()
    writer.type("the guidance")
    writer.keys("Tab")
    writer.type("javascript:alert(1)")
    writer.keys("Enter")
    expect(address).to_be_focused()
    expect(address).to_have_accessible_description(
        "Error: Enter a web address, like https://www.gov.uk, or an e-mail address"
    )
    assert writer.accessibility_faults() == []
    address.fill("www.gov.uk/guidance")
    writer.keys("Enter")
    expect(writer.text).to_be_focused()
    writer.type(".")
    assert writer.served.sent == []
    assert writer.send() == "See [the guidance](https://www.gov.uk/guidance)."


def test_a_link_is_changed_removed_or_left_alone(writer: Writer) -> None:
    writer.open(
        "[one](https://one.example) [two](https://two.example) [three](https://three.example)"
    )
    page = writer.page
    writer.click(page.get_by_role("link", name="one"))
    writer.keys("Control+k")
    expect(page.get_by_label("Web or e-mail")).to_have_value("https://one.example")
    page.get_by_label("Web or e-mail").fill("one@example.org")
    writer.button("Save link").click()
    writer.click(page.get_by_role("link", name="two"))
    writer.keys("Control+k")
    writer.reach(writer.button("Remove link"))
    writer.keys("Enter")
    expect(writer.text).to_be_focused()
    writer.click(page.get_by_role("link", name="three"))
    writer.button("Link").focus()
    writer.keys("Enter")
    writer.type("x")
    writer.keys("Escape")
    expect(writer.button("Link")).to_be_focused()
    expect(writer.button("Link")).to_have_attribute("aria-expanded", "false")
    assert writer.send() == "[one](mailto:one@example.org) two [three](https://three.example)"


def test_text_that_nobody_changed_is_sent_as_it_was(writer: Writer) -> None:
    writer.open(EVERYTHING)
    writer.type("x")
    writer.keys("Backspace")
    assert writer.send() == EVERYTHING
    assert writer.served.sent[-1]["body_html"] == ""


def test_one_word_more_changes_nothing_else(writer: Writer) -> None:
    writer.open(EVERYTHING)
    writer.type(" More")
    assert writer.send() == f"{EVERYTHING} More"
    assert writer.served.sent[-1]["body_html"] != ""


def test_an_emptied_text_is_refused_and_the_error_leads_to_the_editor(writer: Writer) -> None:
    writer.open("gone")
    writer.keys("Control+a", "Delete")
    assert writer.send() == ""
    expect(writer.text).to_have_text("")
    writer.page.get_by_role("alert").get_by_role("link").click()
    expect(writer.text).to_be_focused()
    expect(writer.text).to_have_attribute("aria-invalid", "true")
    expect(writer.text).to_have_accessible_description(
        re.compile(r"^What led to this request\.\s+Error:\s+Enter the background")
    )


def test_the_accessibility_checker_finds_nothing(writer: Writer) -> None:
    writer.open(EVERYTHING)
    writer.click(writer.page.get_by_role("cell", name="Vans"))
    assert writer.accessibility_faults() == []
    expect(writer.text).to_have_accessible_name("Background")


def test_on_a_telephone_every_button_has_room_for_a_finger(browser: Browser) -> None:
    with writing(browser, viewport={"width": 390, "height": 844}) as writer:
        writer.open(TABLE)
        writer.click(writer.page.get_by_role("cell", name="Vans"))
        buttons = writer.page.locator(".app-editor button:visible").all()
        boxes = [box for button in buttons if (box := button.bounding_box())]
        assert len(boxes) == 19
        assert [box for box in boxes if box["height"] < 44] == []
        assert writer.page.evaluate("() => document.documentElement.scrollWidth") == 390
        assert writer.accessibility_faults() == []


def test_plain_text_instead_loses_nothing(writer: Writer) -> None:
    page = writer.page
    writer.open("stored")
    writer.type(" and more")
    writer.button("Write as plain text instead").click()
    expect(page.get_by_role("alert")).to_contain_text("Save it first")
    expect(writer.text).to_have_text("stored and more")
    writer.use("Undo")
    writer.button("Write as plain text instead").click()
    expect(writer.text).to_be_focused()
    expect(writer.text).to_have_value("stored")
    assert writer.accessibility_faults() == []
    writer.text.fill("- typed")
    writer.button("Use the editor instead").click()
    expect(page.get_by_role("alert")).to_contain_text("Save it first")
    assert writer.send() == "- typed"
    expect(writer.text).to_have_value("- typed")
    writer.button("Use the editor instead").click()
    expect(writer.text).to_have_text("typed")


def test_the_browser_asks_before_changes_are_left_but_not_when_they_are_sent(
    writer: Writer,
) -> None:
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    writer.page.on("dialog", answer)
    writer.open("stored")
    writer.page.reload()
    assert asked == []
    writer.text.click()
    writer.use("Bulleted list")
    writer.page.get_by_role("link", name="Elsewhere").click()
    assert asked == ["beforeunload"]
    assert writer.send() == "- stored"
    assert asked == ["beforeunload"]


def test_without_scripts_the_text_box_is_there(browser: Browser) -> None:
    with writing(browser, java_script_enabled=False) as writer:
        writer.open("stored")
        expect(writer.text).to_have_value("stored")
        expect(writer.page.get_by_text("Leave a blank line between paragraphs.")).to_be_visible()
        writer.text.fill("### Typed\n\n- by hand")
        assert writer.send() == "### Typed\n\n- by hand"
        assert "body_html" not in writer.served.sent[-1]


def test_when_the_editor_does_not_arrive_the_text_box_is_there(writer: Writer) -> None:
    writer.page.route("**/editor.js", lambda route: route.abort())
    writer.open("stored")
    expect(writer.text).to_have_value("stored")
    writer.type(" text")
    assert writer.send() == "stored text"
    writer.faults.clear()  # the request that was made to fail
