"""HTML in: what word processors put on the clipboard."""

from __future__ import annotations

import pytest

from decisions.register import prose

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta charset=utf-8>
<title>Secret title</title><!--[if gte mso 9]><xml><o:Author>Nobody</o:Author></xml><![endif]-->
<style><!-- p.MsoNormal {margin:0cm} --></style></head>
<body lang=EN-GB style='tab-interval:36.0pt'><!--StartFragment-->
<h1 style='mso-list:l2 level1 lfo2'><![if !supportLists]><span style='mso-list:Ignore'>1.<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]><span
lang=EN-US>Introduction and background<o:p></o:p></span></h1>
<p class=MsoNormal style='mso-list:l2 level2 lfo2'><span style='mso-list:Ignore'>1.1<span>&nbsp;
</span></span>ServiceNow is the <b style='mso-bidi-font-weight:normal'>core</b> application.<o:p>
</o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span>&nbsp;
</span></span></span>First<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><span
style='mso-list:Ignore'>o<span>&nbsp; </span></span>Inside</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span
style='mso-list:Ignore'>·<span>&nbsp; </span></span>Second</p>
<p class=MsoListParagraphCxSpFirst style='mso-list:l1 level1 lfo3'><span
style='mso-list:Ignore'>3.<span>&nbsp; </span></span>Third</p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<table class=MsoTableGrid border=1 style='border-collapse:collapse'><tr style='height:1pt'>
<td width=301 valign=top style='width:225pt'><p class=MsoNormal><b>Item</b></p></td>
<td><p class=MsoNormal>Cost</p></td></tr><tr><td><p class=MsoNormal>Discovery</p><p>phase</p></td>
<td><p class=MsoNormal>£321,267</p></td></tr></table>
<p class=MsoNormal>Was <del cite="mailto:x">£9m</del><ins cite="mailto:x">£3m</ins>
<span style='mso-hide:all;display:none'>hidden words</span> see
<a href="https://www.example.gov.uk/x">the scheme</a><a href="#_msocom_1">[1]</a>
<img src="file:///C:/x.png" alt="picture" onerror="alert(1)"></p>
<div style='mso-element:comment-list'><div
style='mso-element:comment'><p>A private remark</p></div></div>
<script>alert(1)</script><!--EndFragment--></body></html>"""


def test_word_keeps_headings_lists_tables_and_links_and_nothing_else() -> None:
    assert prose.from_html(WORD) == (
        "### Introduction and background\n\n"
        "ServiceNow is the **core** application.\n\n"
        "- First\n  - Inside\n- Second\n\n"
        "3. Third\n\n"
        "| **Item** | Cost |\n| --- | --- |\n| Discovery phase | £321,267 |\n\n"
        "Was £3m see [the scheme](https://www.example.gov.uk/x)[1]"
    )


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>a<script>alert(1)</script>b<style>p{}</style></p>", "ab"),
        ("<p>a<iframe src=x>b</iframe><svg><text>c</text></svg></p>", "a"),
        ('<p onclick="x()" style="color:red" class=x id=y>a</p>', "a"),
        ('<p><a href="javascript:alert(1)">a</a> <a href="/b">b</a></p>', "a b"),
        ('<a href="JaVaScRiPt:alert(1)">a</a>', "a"),
        ("<p>a<!-- b --><!--[if mso]>c<![endif]--></p>", "a"),
        ("<h2>a</h2><h5>b</h5>", "### a\n\n#### b"),
        ("<p>a<br>b</p><p>c<br><br>d</p>", "a\nb\n\nc\n\nd"),
        (
            "<b style='font-weight:normal'><p>a <span style='font-weight:700'>b</span></p></b>",
            "a **b**",
        ),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "- a\n  - b"),
        ("<ul><li><p>a</p><p>b</p></li></ul>", "- a\n\n  b"),
        ("<ol start=4><li>a<li>b</ol>", "4. a\n5. b"),
        ("<p>10<sup>2</sup> CO<sub>2</sub></p>", "10² CO₂"),
        ("<p>a<s>not</s> b</p>", "a b"),
        ("<p>un<b>happy</b></p>", "unhappy"),
        ("<p>a <b> bold </b> c</p>", "a **bold** c"),
        ("<p>- not a list</p><p>1. nor this</p>", "\\- not a list\n\n\\1. nor this"),
        ("<p>5 * 6 *7*</p>", "5 * 6 \\*7\\*"),
        ("<p>[a](b)</p>", "[a\\](b)"),
        ("<table><tr><td><p>only a frame</p></td></tr></table>", "only a frame"),
        (
            "<table><tr><th>a<th>b<tr><td rowspan=2>1<td>2|3<tr><td>4</table>",
            "| a | b |\n| --- | --- |\n| 1 | 2\\|3 |\n|  | 4 |",
        ),
        ("<blockquote><p>a</p></blockquote><pre>b\nc</pre>", "a\n\nb c"),
        ("plain &lt;text&gt;", "plain <text>"),
        ("", ""),
        ("<p></p>", ""),
    ],
)
def test_any_other_html(html: str, markdown: str) -> None:
    assert prose.from_html(html) == markdown
