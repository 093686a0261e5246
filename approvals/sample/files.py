"""Files of the sample papers: small documents, typeset when the sample is loaded.

They pass the same doors as a file that somebody hands in. The same text gives the same bytes, so
that a loader that was killed finds what it kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from approvals.documents import typeset
from approvals.documents.fonts import FAMILY

__all__ = ["Part", "SampleFile", "typeset_file"]

Rows = tuple[tuple[str, ...], ...]
_STYLE: Final = f"""
@page {{ size: A4; margin: 20mm 25mm 20mm;
  @bottom-right {{ content: "Page " counter(page) " of " counter(pages);
    font: 8.5pt "{FAMILY}"; color: #505a5f; }} }}
html {{ font-family: "{FAMILY}"; font-size: 10.5pt; line-height: 1.45; color: #0b0c0c; }}
body {{ margin: 0; }}
p {{ margin: 0 0 2.6mm; }}
h1, h2 {{ line-height: 1.2; margin: 0; color: #10243e; }}
h1 {{ font-size: 23pt; font-weight: 600; margin-bottom: 4mm; }}
h2 {{ font-size: 14pt; font-weight: 600; margin: 6.5mm 0 2mm; }}
.above {{ font-size: 12pt; font-weight: 600; color: #1d4f7c; }}
.marking {{ font-weight: 600; color: #942514; }}
.made-up {{ margin: 0 0 5mm; padding: 2.4mm 4mm; border-left: 2.4pt solid #942514;
  background: #fbf3f1; color: #942514; font-weight: 600; }}
table {{ width: 100%; border-collapse: collapse; margin: 3mm 0 5mm; }}
caption {{ text-align: left; font-weight: 600; padding-bottom: 1.6mm; }}
th, td {{ text-align: left; vertical-align: top; padding: 1.2mm 3mm 1.2mm 0;
  border-bottom: 0.5pt solid #b1b4b6; font-weight: 400; }}
thead th {{ font-weight: 600; border-bottom: 1pt solid #0b0c0c; }}
th:last-child, td:last-child {{ padding-right: 0; }}
.figure {{ text-align: right; white-space: nowrap; }}
"""


@dataclass(frozen=True)
class Part:
    """A heading, and what stands under it; the first of `rows` heads the table.

    An empty line parts the paragraphs of `text`.
    """

    heading: str
    text: str
    caption: str = ""
    rows: Rows = ()


@dataclass(frozen=True)
class SampleFile:
    """A file of a sample paper: the title it is listed by, its own name, and what it says.

    `made_up` says what in it is invented. A file with a `marking` belongs to Part 2.
    """

    title: str
    name: str
    above: str
    made_up: str
    parts: tuple[Part, ...]
    marking: str = ""


def typeset_file(file: SampleFile) -> bytes:
    """The file as a PDF. Raises RenderingError with a sentence when it cannot be made."""
    return typeset.pdf(
        format_html(
            '<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>{}</title>'
            '<meta name="author" content="Countersign sample"><style>{}{}</style></head><body>{}'
            '<p class="above">{}</p><h1>{}</h1><p class="made-up">{}</p>{}</body></html>',
            file.title,
            mark_safe(typeset.face_rules()),  # noqa: S308 - our own constants
            mark_safe(_STYLE),  # noqa: S308 - our own constant
            format_html('<p class="marking">{}</p>', file.marking) if file.marking else "",
            file.above,
            file.title,
            file.made_up,
            format_html_join("", "<section><h2>{}</h2>{}{}</section>", map(_part, file.parts)),
        )
    )


def _part(part: Part) -> tuple[str, SafeString, SafeString]:
    paragraphs = format_html_join("", "<p>{}</p>", ((text,) for text in part.text.split("\n\n")))
    return part.heading, paragraphs, _table(part) if part.rows else SafeString("")


def _table(part: Part) -> SafeString:
    """A table whose first column names its rows; columns of figures are set to the right."""
    (first, *named), *body = part.rows
    styles = [
        "figure" if all(map(_is_figure, column)) else "" for column in zip(*body, strict=True)
    ]
    heads = zip(styles[1:], named, strict=True)
    return format_html(
        "<table><caption>{}</caption><thead><tr>{}{}</tr></thead><tbody>{}</tbody></table>",
        part.caption,
        format_html('<th scope="col">{}</th>', first),
        format_html_join("", '<th scope="col" class="{}">{}</th>', heads),
        format_html_join(
            "", '<tr><th scope="row">{}</th>{}</tr>', (_row(row, styles) for row in body)
        ),
    )


def _row(row: tuple[str, ...], styles: list[str]) -> tuple[str, SafeString]:
    cells = zip(styles[1:], row[1:], strict=True)
    return row[0], format_html_join("", '<td class="{}">{}</td>', cells)


def _is_figure(cell: str) -> bool:
    return cell.removeprefix("£").replace(",", "").isdecimal()
