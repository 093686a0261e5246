"""Markdown in, HTML out, and both back: what officers type must not be mangled."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from decisions.register import prose
from decisions.register.record import Block

# What trips Markdown up, with ordinary letters between.
BITS = st.sampled_from(
    [
        *list("ab1 .*[]()|-#\\\n:+_<>&`~!'\"£§é"),
        *("**", "- ", "1. ", "2) ", "### ", "](http://a.example/c)", "[x](http://a.example)"),
        *("\n\n", "| a | b |\n|---|---|\n| c | d |\n", "  ", "\t", "2021. ", "* ", "> ", "&amp;"),
        *("<b>", "\u200b", "\u202e", "\x00"),
    ]
)
MARKDOWN = st.lists(BITS, max_size=40).map("".join)
TAGS = st.sampled_from(
    [
        *("p", "b", "i", "ul", "ol start=3", "li", "table", "tr", "td", "td colspan=2", "th"),
        *("h1", "h3", "div", "span", "blockquote", "br", "sup", "del", "script", "style"),
        *("a href='http://a.example/x'", "p style='mso-list:l0 level2 lfo1'", "td rowspan=2"),
    ]
)
HTML = st.recursive(
    st.lists(BITS, max_size=8).map("".join),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag.split()[0]}>",
        TAGS,
        st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)
MANY = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


@MANY
@given(MARKDOWN)
def test_what_is_shown_can_be_read_back_to_the_same(markdown: str) -> None:
    html = prose.to_html(markdown)
    assert prose.to_html(prose.from_html(html)) == html


@MANY
@given(HTML)
def test_what_was_pasted_settles_at_once(html: str) -> None:
    markdown = prose.from_html(html)
    assert prose.tidy(markdown) == markdown
    assert prose.from_html(prose.to_html(markdown)) == markdown


@MANY
@given(HTML)
def test_no_element_or_attribute_of_the_paste_survives_but_those_named(html: str) -> None:
    shown = prose.to_html(prose.from_html(html))
    for forbidden in ("<script", "<style", "style=", "class=", "onerror", "javascript:"):
        assert forbidden not in shown.replace("&lt;", "")


@pytest.mark.parametrize(
    "typed",
    [
        "£5m * 2",
        "2*3*4 = 24",
        "1_000 and file_name_v2 and _so_",
        "OFFICIAL-SENSITIVE [COMMERCIAL]",
        "see [1] and [2]",
        "> 5% of spend",
        "+ VAT at 20%",
        "2021. The year of the first order",
        "# 5 of the list",
        "AT&amp;T & <b>bold</b>",
        r"\\server\share\-x and C:\temp",
        "`code` ~~struck~~ ==marked==",
        "***",
        "---",
        "-",
        "100%",
        "a | b",
        "www.example.gov.uk",
        "<script>alert(1)</script>",
        "![picture](http://a.example/b.png",
        "no [link](javascript:alert(1))",
        "no [link](/relative) and [none](data:text/html,x)",
        "no [bank](https://bank.example@thief.example/)",
    ],
)
def test_ordinary_text_stays_as_it_was_typed(typed: str) -> None:
    assert prose.plain(typed) == typed
    assert "<a" not in prose.to_html(typed)
    assert "<em" not in prose.to_html(typed)


def test_html_is_never_live() -> None:
    assert prose.to_html("<b>x</b> <img src=x onerror=alert(1)>") == (
        "<p>&lt;b&gt;x&lt;/b&gt; &lt;img src=x onerror=alert(1)&gt;</p>"
    )


def test_everything_it_knows() -> None:
    markdown = """First **strong** and *stressed*
on two lines.

### Heading

#### Smaller

- one
  - inside
- two

3. three
4. four

| Item | Cost |
| --- | --- |
| Discovery | £321,267 |

See [the scheme](https://www.example.gov.uk/a_(b)) or [write](mailto:a@example.gov.uk)."""
    assert prose.to_html(markdown) == (
        "<p>First <strong>strong</strong> and <em>stressed</em><br>on two lines.</p>\n"
        "<h3>Heading</h3>\n<h4>Smaller</h4>\n"
        "<ul><li>one<ul><li>inside</li></ul></li><li>two</li></ul>\n"
        '<ol start="3"><li>three</li><li>four</li></ol>\n'
        '<table><thead><tr><th scope="col">Item</th><th scope="col">Cost</th></tr></thead>'
        "<tbody><tr><td>Discovery</td><td>£321,267</td></tr></tbody></table>\n"
        '<p>See <a href="https://www.example.gov.uk/a_(b)">the scheme</a> or '
        '<a href="mailto:a@example.gov.uk">write</a>.</p>'
    )
    assert prose.from_html(prose.to_html(markdown)).replace(r"\(b\)", "(b)") == markdown


def test_only_paragraphs_are_numbered_and_the_rest_belongs_to_them() -> None:
    markdown = "One.\n\n- a list\n\n### A heading\n\nTwo.\n\n| a |\n|---|\n| b |\n\nThree."
    blocks = prose.blocks(markdown, section=2)
    assert [(block.kind, block.number) for block in blocks] == [
        ("paragraph", "2.1"),
        ("list", ""),
        ("heading", ""),
        ("paragraph", "2.2"),
        ("table", ""),
        ("paragraph", "2.3"),
    ]
    assert blocks[0] == Block(kind="paragraph", html="One.", number="2.1")
    assert blocks[1] == Block(kind="list", html="<ul><li>a list</li></ul>")
    assert [block.number for block in prose.blocks("One.\n\nTwo.")] == ["", ""]
    assert prose.blocks("", section=1) == []


def test_plain_words_are_one_block_item_or_row_a_line() -> None:
    assert prose.plain("**One** [two](http://a.example)\n\n- x\n- y\n\n|a|b|\n|-|-|\n|c|d|") == (
        "One two\nx\ny\na b\nc d"
    )


def test_a_row_with_more_cells_than_its_header_loses_none_of_them() -> None:
    assert prose.plain("| a |\n|---|\n| 1 | 2 |") == "| a |\n|---|\n| 1 | 2 |"


def test_lists_too_deep_lose_no_word() -> None:
    deep = "".join("  " * level + f"- level{level}\n" for level in range(12))
    assert [f"level{level}" in prose.plain(deep) for level in range(12)] == [True] * 12


@pytest.mark.parametrize(
    ("hidden", "why"),
    [
        ("\x00", "NUL"),
        ("\x07", "control"),
        ("\u202e", "right-to-left override"),
        ("\u2066", "isolate"),
        ("\u200f", "direction mark"),
        ("\u200b", "zero-width space"),
        ("\u2060", "word joiner"),
        ("\ufeff", "byte order mark"),
        ("\u00ad", "soft hyphen"),
        ("\u200d", "joiner between Latin letters"),
        ("\uf0b7", "private use"),
        ("\U000e0041", "tag"),
        ("\ud800", "lone surrogate"),
    ],
)
def test_characters_that_nobody_sees_are_removed(hidden: str, why: str) -> None:
    assert prose.tidy(f"sec{hidden}ret") == "secret", why
    assert prose.to_html(f"sec{hidden}ret") == "<p>secret</p>", why


def test_a_joiner_stays_where_writing_needs_it() -> None:
    persian = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    assert prose.tidy(persian) == persian


def test_words_with_accents_are_stored_in_one_form() -> None:
    assert prose.tidy("w\u0302yl\r\nnext\u00a0line \n") == "ŵyl\nnext line"


@pytest.mark.parametrize("unit", ["[", "*", "\\", "- ", "[a](", "|-", "a **", "<div>", "<b>"])
def test_200_kilobytes_of_anything_are_read_and_shown(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    assert prose.plain(text).replace("\n", "").strip("- ") in {text.strip("- "), ""}
    assert prose.from_html(f"<p>kept</p>{text}").startswith("kept")
