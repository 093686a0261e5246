"""What is pasted keeps its headings, lists, tables and links, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, expect

from decisions.register import prose
from tests.journeys.editor_page import Writer, writing

pytestmark = pytest.mark.browser

FROM_WORD: Final = Path(__file__).with_name("from_word.html").read_text()
AS_TEXT: Final = """### Why now

The van fleet was last renewed in **2014** and its lease ends on *31 March*.

Repairs cost 10³ pounds a week.

### What was considered

- Leasing again
  - for three years
- Buying outright

The steps are:

1. tender
2. award

A numbered paragraph, which is no list.

| **Option** | **Cost** |  |
| --- | --- | --- |
| Lease (three years) | £321,267 | capital |

See the [guidance](https://www.gov.uk/guidance/leasing), and not this."""

AWKWARD: Final = {
    "a document wrapped in bold": (
        '<b style="font-weight:normal"><h1><span style="font-weight:400">Title</span></h1>'
        '<p><span style="font-weight:700">Bold</span><span style="font-style:italic"> slanted'
        "</span> plain</p><ul><li><p>one</p></li><ul><li><p>one a</p></li></ul></ul></b>"
    ),
    "lines parted by breaks": "Dear all,<br><br>Please see<br>below. <b>NB</b><div>Next</div>",
    "a table that frames a text": "<table><tr><td><p>framed</p><p>text</p></td></tr></table>",
    "cells that span": (
        "<table><caption>Costs</caption><tr><th colspan=3>Wide</th></tr>"
        "<tr><td rowspan=2>tall</td><td>b</td></tr><tr><td>c<br>d</td><td></td><td>e</td></tr>"
        "<tr><td></td></tr></table>"
    ),
    "a table in a cell": (
        "<table><tr><td>A</td><td>B</td></tr><tr><td><ul><li>x</li><li>y</li></ul></td>"
        "<td><table><tr><td>in</td><td>ner</td></tr></table></td></tr></table>"
    ),
    "lists parted for no reason": (
        "<ol><li>one</li><li>two<p>more of two</p></li></ol><ol start=3><li>three</li></ol>"
        "<ul><li></li><li><h3>A heading</h3>and text</li></ul>"
    ),
    "list paragraphs that begin deep": (
        "<p style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>a)</span>deep</p>"
        "<p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>3.</span>three</p>"
        "<p style='mso-list:l1 level1 lfo1'><span style='mso-list:Ignore'>·</span>bullet</p>"
        "<p style='mso-list:l1 level3 lfo1'>deeper</p><p style='mso-list:none'>no item</p>"
    ),
    "words that look like markup": (
        "<p>*not bold* [x](y) # 5</p><p>- dash</p><p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"
    ),
    "addresses that may not be linked to": (
        "<a href='https://www.gov.uk@deceit.example/'>a</a> <a href='file:///c:/x'>b</a> "
        "<a href='/relative'>c</a> <a href=' HTTPS://Www.Gov.UK/x y'>d</a> "
        "<a href='mailto:us@example.org'>e</a>"
    ),
    "raised and lowered figures": "10<sup>2</sup> m, CO<sub>2</sub>, the 5<sup>th</sup>",
    "what nobody sees": (
        "<p>seen<span style='visibility:hidden'>a</span><s>b</s><svg><text>c</text></svg>"
        "<textarea>d</textarea><style>p{}</style><script>e</script><!-- f --></p>"
    ),
}

COPY: Final = """html => document.addEventListener("copy", event => {
  event.clipboardData.setData("text/html", html);
  event.clipboardData.setData("text/plain", "only plain words");
  event.preventDefault();
}, { once: true })"""
ON_THE_CLIPBOARD: Final = """() => document.addEventListener("paste", event => {
  window.pasted = event.clipboardData.getData("text/html");
}, { once: true, capture: true })"""


@pytest.fixture
def writer(browser: Browser) -> Iterator[Writer]:
    with writing(browser) as somebody:
        yield somebody


def paste(writer: Writer, html: str) -> Any:
    """Copy in another window as a word processor does, paste here. What the page was handed."""
    source = writer.page.context.new_page()
    source.evaluate(COPY, html)
    source.keyboard.press("Control+c")
    source.close()
    writer.page.evaluate(ON_THE_CLIPBOARD)
    writer.page.keyboard.press("Control+v")
    return writer.page.evaluate("() => window.pasted")


def test_a_page_of_word_keeps_what_a_paper_needs(writer: Writer) -> None:
    writer.open()
    pasted = paste(writer, FROM_WORD)
    assert "mso-list:l0 level1" in pasted
    assert "taken over" in pasted
    expect(writer.page).to_have_title("Background – Countersign")
    assert writer.send() == AS_TEXT
    assert prose.from_html(FROM_WORD) == AS_TEXT


def test_a_page_of_word_leaves_nothing_else_behind(writer: Writer) -> None:
    writer.open()
    pasted = paste(writer, FROM_WORD)
    unwanted = ("style=", "class=", "mso", "javascript:", "onclick", "<img", "HIDDEN", "STRUCK")
    assert [word for word in unwanted if word not in pasted] == []
    writer.send()
    sent = writer.served.sent[-1]["body_html"]
    assert [word for word in (*unwanted, "COMMENT", "[AB1]", "Not part of") if word in sent] == []


@pytest.mark.parametrize("name", AWKWARD)
def test_the_editor_shows_what_the_server_will_keep(writer: Writer, name: str) -> None:
    writer.open()
    paste(writer, AWKWARD[name])
    kept = writer.send()
    assert kept == prose.from_html(AWKWARD[name])
    assert kept != ""


def test_pasted_into_a_line_its_words_join_the_line(writer: Writer) -> None:
    writer.open("before")
    writer.type(" ")
    paste(writer, "<p class=MsoNormal>the <b>pasted</b> words</p>")
    writer.type(" after")
    assert writer.send() == "before the **pasted** words after"


def test_pasted_into_a_cell_everything_is_one_line(writer: Writer) -> None:
    writer.open("| A | B |\n| --- | --- |\n| x | y |")
    writer.click(writer.page.get_by_role("cell", name="y"))
    writer.keys("End")
    paste(writer, "<p>one</p><ul><li>two</li></ul>three<br>four")
    assert writer.send() == "| A | B |\n| --- | --- |\n| x | yone two three four |"


def test_cells_pasted_into_a_table_take_their_places(writer: Writer) -> None:
    writer.open("| A | B |\n| --- | --- |\n| x | y |")
    writer.click(writer.page.get_by_role("cell", name="x"))
    paste(writer, "<table><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table>")
    assert writer.send() == "| A | B |\n| --- | --- |\n| 1 | 2 |\n| 3 | 4 |"


def test_what_is_copied_in_the_editor_is_pasted_as_it_was(writer: Writer) -> None:
    table = "| A | B |\n| --- | --- |\n| x | y |"
    text = f"### Heading\n\n1. one\n   - **inner**\n2. two\n\n{table}\n\nend"
    writer.open(text)
    writer.keys("Control+a", "Control+c", "Control+End")
    writer.settle(writer.page.get_by_text("end", exact=True))
    writer.keys("Enter", "Control+v")
    assert writer.send() == f"{text}\n\n{text}"


def test_plain_words_are_pasted_as_paragraphs(writer: Writer) -> None:
    writer.open("start")
    writer.keys("Enter")
    writer.page.evaluate(
        "() => addEventListener('copy', event => {"
        " event.clipboardData.setData('text/plain', 'one\\n\\ntwo'); event.preventDefault() },"
        " { once: true })"
    )
    writer.keys("Control+c", "Control+v")
    assert writer.send() == "start\n\none\n\ntwo"


def test_two_hundred_thousand_characters_arrive_whole(writer: Writer) -> None:
    line = "The fleet of vans must be renewed before the lease of each one of them ends. " * 6
    html = "".join(
        f"<p class=MsoNormal style='mso-x:1;color:red'><span style='font-size:11pt'>{number} "
        f"<b>{line}</b><o:p></o:p></span></p>"
        for number in range(420)
    )
    expected = prose.from_html(html)
    assert 190_000 < len(expected) < prose.MAX_LENGTH
    writer.open()
    paste(writer, html)
    writer.keys("Control+Home")
    writer.type("First words: ")
    assert writer.send() == f"First words: {expected}"


def test_a_picture_is_refused_with_a_sentence(writer: Writer) -> None:
    text = writer.open("stored")
    text.evaluate(
        """text => {
          const data = new DataTransfer();
          data.items.add(new File(["x"], "image.png", { type: "image/png" }));
          const paste = { clipboardData: data, bubbles: true, cancelable: true };
          text.dispatchEvent(new ClipboardEvent("paste", paste));
        }"""
    )
    expect(writer.page.get_by_role("alert")).to_have_text(
        "A picture cannot stand in this text. Add it to the paper as a supporting document."
    )
    assert writer.send() == "stored"
