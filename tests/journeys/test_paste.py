"""What is pasted from a word processor keeps its shape and loses everything else."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from decisions.models import Section
from tests import stages
from tests.cast import Cast
from tests.journeys.browser import Hand
from tests.journeys.decision import PAPER, RETURN, People

pytestmark = pytest.mark.browser

FROM_WORD = """
<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<style>p.MsoNormal {mso-style-parent:""; color:red}</style>
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings/></xml><![endif]--></head><body>
<h3 style='mso-outline-level:3'>Why now<o:p></o:p></h3>
<p class=MsoNormal><span lang=EN-GB style='font-family:"Arial"'>The fleet is <b>old</b>. See
<a href="https://www.example.gov.uk/fleet">the plan</a>.<o:p></o:p></span></p>
<script>document.title = "hostile"</script><img src="https://tracker.example/x.png">
<ul><li><p class=MsoNormal>vans</p></li><li><p class=MsoNormal>cars</p></li></ul>
<table class=MsoTableGrid border=1 style='border-collapse:collapse'>
<tr><td style='background:yellow'><p class=MsoNormal>Item</p></td><td><p>Cost</p></td></tr>
<tr><td><p class=MsoNormal>Vans</p></td><td><p>£1,810,000</p></td></tr></table>
</body></html>
"""
KEPT = """\
### Why now

The fleet is **old**. See [the plan](https://www.example.gov.uk/fleet).

- vans
- cars

| Item | Cost |
| --- | --- |
| Vans | £1,810,000 |"""
PASTE = """
(editor, html) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/html", html);
  const given = {clipboardData, bubbles: true, cancelable: true};
  editor.dispatchEvent(new ClipboardEvent("paste", given));
}
"""


def test_word_keeps_headings_lists_tables_and_links(company: Cast, pointing: People) -> None:
    stages.draft(company)
    olu: Hand = pointing("olu")
    olu.go(f"{PAPER}save/section-issues/")
    title = olu.page.title()
    olu.write("Text")
    olu.page.get_by_role("textbox", name="Text", exact=True).evaluate(PASTE, FROM_WORD)
    expect(olu.page.get_by_role("table")).to_be_visible()
    assert olu.page.title() == title
    olu.press(RETURN)
    section = Section.objects.get(paper__slug="pcd-1828", kind="issues")
    assert section.body == KEPT
