"""Read the tags of a PDF: what a screen reader is told, beyond what the validator asks for."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pikepdf
import pypdfium2
import pypdfium2.raw as raw

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, eq=False)
class Element:
    """An element of the structure: its kind, its attributes, and what stands in it.

    `content` holds the page and the number of each piece of marked content, `notes` the
    annotations, `order` both elements and content as they follow one another.
    """

    tag: str
    entry: Any
    kids: list[Element] = field(default_factory=list)
    content: list[tuple[int, int]] = field(default_factory=list)
    notes: list[Any] = field(default_factory=list)
    order: list[Element | tuple[int, int]] = field(default_factory=list)

    def all(self, *tags: str) -> list[Element]:
        """Those below of these kinds, in reading order; of all kinds where none is named."""
        return [one for one in self._below() if not tags or one.tag in tags]

    def _below(self) -> Iterator[Element]:
        for kid in self.kids:
            yield kid
            yield from kid._below()

    def attribute(self, name: str) -> str:
        """An attribute of its layout, list or table; "" without it."""
        said = self.entry.get("/A")
        return str(said[name]) if said is not None and name in said else ""

    @property
    def pages(self) -> set[int]:
        """The pages on which it and all below it have content."""
        return {page for one in (self, *self._below()) for page, _ in one.content}


def structure(pdf: pikepdf.Pdf) -> Element:
    """The element of the whole document, which has to be the only one at the top."""
    numbers: dict[Any, int] = {page.objgen: at for at, page in enumerate(pdf.pages)}
    (top,) = pdf.Root.StructTreeRoot.K
    return _element(top, numbers)


def _element(entry: Any, numbers: dict[Any, int]) -> Element:
    made = Element(str(entry.S)[1:], entry)
    for kid in entry.get("/K", []):
        if isinstance(kid, int):
            made.content.append((numbers[entry.Pg.objgen], kid))
        elif kid.get("/Type") == "/MCR":
            made.content.append((numbers[kid.Pg.objgen], int(kid.MCID)))
        elif kid.get("/Type") == "/OBJR":
            made.notes.append(kid.Obj)
            continue
        else:
            made.kids.append(_element(kid, numbers))
            made.order.append(made.kids[-1])
            continue
        made.order.append(made.content[-1])
    return made


@dataclass(frozen=True)
class Marked:
    """A piece of a page's content: how it is marked, its properties, whether it has text."""

    kind: str
    said: dict[str, str]
    text: bool


def marked(page: Any) -> list[Marked]:
    """The pieces of a page's content in drawing order; "" is the kind of what is not marked."""
    found: list[Marked] = []
    open_now: list[tuple[str, dict[str, str]]] = []
    drawn = False
    for step in pikepdf.parse_content_stream(page):
        operator = str(step.operator)
        if operator in {"BMC", "BDC"}:
            said: Any = step.operands[1] if operator == "BDC" else {}
            properties = {str(key): str(said[key]) for key in said}
            open_now.append((str(step.operands[0])[1:], properties))
            drawn = False
        elif operator == "EMC":
            kind, properties = open_now.pop()
            found.append(Marked(kind, properties, drawn))
            drawn = False
        elif operator in {"Tj", "TJ", "'", '"'}:
            drawn = True
            if not open_now:
                found.append(Marked("", {}, text=True))
    return found


@lru_cache(maxsize=64)
def read_aloud(pdf: bytes) -> str:
    """The text in the order of the tags, without any spaces."""
    texts = _texts(pdf)
    with opened(pdf) as looked_into:
        top = structure(looked_into)
        return letters("".join(texts.get(at, "") for at in _in_order(top)))


def seen(pdf: bytes) -> str:
    """The text in the order in which it is drawn, artifacts left out, without any spaces."""
    return letters("".join(_texts(pdf).values()))


def _in_order(element: Element) -> Iterator[tuple[int, int]]:
    for kid in element.order:
        if isinstance(kid, Element):
            yield from _in_order(kid)
        else:
            yield kid


@lru_cache(maxsize=64)
def _texts(pdf: bytes) -> dict[tuple[int, int], str]:
    """The text of each piece of marked content, by page and number, in drawing order."""
    found: dict[tuple[int, int], str] = {}
    document = pypdfium2.PdfDocument(pdf)
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage()
        for at in range(raw.FPDFPage_CountObjects(page)):
            drawn = raw.FPDFPage_GetObject(page, at)
            mcid = raw.FPDFPageObj_GetMarkedContentID(drawn)
            if mcid >= 0 and raw.FPDFPageObj_GetType(drawn) == raw.FPDF_PAGEOBJ_TEXT:
                key = (number, mcid)
                found[key] = found.get(key, "") + _text(drawn, text)
        text.close()
        page.close()
    document.close()
    return found


def _text(drawn: Any, page: Any) -> str:
    size = raw.FPDFTextObj_GetText(drawn, page, None, 0)
    room = ctypes.create_string_buffer(size)
    raw.FPDFTextObj_GetText(drawn, page, ctypes.cast(room, ctypes.POINTER(ctypes.c_ushort)), size)
    return room.raw.decode("utf-16-le").rstrip("\0")


def letters(text: str) -> str:
    """A text without spaces and hyphens, which are put in and left out at the ends of lines."""
    return "".join(char for char in text if not char.isspace() and char not in "-\u00ad\ufffe\x02")


def opened(pdf: bytes) -> pikepdf.Pdf:
    """A PDF to look into."""
    return pikepdf.open(BytesIO(pdf))
