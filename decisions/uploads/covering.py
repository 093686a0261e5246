"""What lies over the pages of a PDF and may hide what is under it: black boxes, stamps, ink.

In the file for the public there is nothing on the pages but links. So a mark with which somebody
covered a name, or marked it to be taken out later, would be gone and the name would be there.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import pikepdf

from decisions.uploads.active import lying_on, name_of
from decisions.uploads.kinds import Unfit

# What shows an icon, a line at words, or a field, or is for printers (ISO 32000-1, 12.5.6.1).
_COVERS_NOTHING: Final = frozenset(
    {
        *("/Link", "/Text", "/Popup", "/Underline", "/Squiggly", "/StrikeOut", "/Caret"),
        *("/Widget", "/PrinterMark", "/TrapNet"),
    }
)
_HIDDEN: Final = 2
_INKS: Final = 4
# Through a marker one reads; darker than this, and it is a bar.
_LIGHT: Final = 0.5


def refuse_covered(document: pikepdf.Pdf) -> None:
    """Raise Unfit when something lies on a page that may hide what is under it."""
    for page in document.pages:
        if any(_may_cover(one) for one in lying_on(page.obj)):
            raise Unfit(
                "Boxes, stamps or other marks lie over the pages of the PDF. The public would get "
                "the pages without them, and see what is under them. Delete the marks, and what "
                "nobody may see under them, and upload the new PDF."
            )


def has_fields(document: pikepdf.Pdf) -> bool:
    """Whether fields of a form are shown, filled in or coloured, under which there may be words."""
    marks = (mark for page in document.pages for mark in lying_on(page.obj))
    return any(name_of(mark, "/Subtype") == "/Widget" and not _is_hidden(mark) for mark in marks)


def _is_hidden(mark: Any) -> bool:
    flags = mark.get("/F", 0)
    return isinstance(flags, int) and bool(flags & _HIDDEN)


def _may_cover(mark: Any) -> bool:
    if _is_hidden(mark):
        return False
    kind = name_of(mark, "/Subtype")
    if kind == "/Highlight":
        return _lightness(mark.get("/C")) < _LIGHT
    return kind not in _COVERS_NOTHING


def _lightness(colour: Any) -> float:
    """How light a colour is at its lightest, from 0 to 1; nought where nobody can tell."""
    figures = list(colour) if isinstance(colour, pikepdf.Array) else []
    if not figures or not all(isinstance(one, int | Decimal) for one in figures):
        return 0.0
    if len(figures) == _INKS:
        *inks, black = map(float, figures)
        return (1 - min(inks)) * (1 - black)
    return float(max(figures))
