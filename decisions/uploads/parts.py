"""What a Word document or an Excel workbook may not hide in its XML.

Both come in two forms, which differ in the names of their namespaces alone: the one that Office
writes by itself, and “Strict Open XML” (ISO/IEC 29500-1), which it writes when asked to.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from decisions.uploads.kinds import Unfit

if TYPE_CHECKING:
    from lxml import etree

_WORD: Final = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
    "http://schemas.microsoft.com/office/word/2010/wordml",
)
_SHEET: Final = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main",
)
_VML: Final = "urn:schemas-microsoft-com:vml"
_CHANGES: Final = frozenset(
    {
        *("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge"),
        *("delText", "delInstrText", "conflictIns", "conflictDel", "numberingChange"),
        *("rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblPrExChange"),
        *("tblGridChange", "trPrChange", "tcPrChange"),
        *("moveFromRangeStart", "moveToRangeStart", "customXmlInsRangeStart"),
        *("customXmlDelRangeStart", "customXmlMoveFromRangeStart", "customXmlMoveToRangeStart"),
        *("customXmlConflictInsRangeStart", "customXmlConflictDelRangeStart"),
    }
)
# Fields that fetch, run or include something when the document is opened.
_FETCHING: Final = re.compile(
    r"\s*(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|LINK|IMPORT|DATABASE|RD|MACROBUTTON|"
    r"EMBED|CONTROL|HTMLCONTROL)\b",
    re.IGNORECASE,
)
# A field that is a link: to the web, to somebody's mail, or to a place in the document itself.
# Switches may come first, some of them with a word of their own.
_LINK: Final = re.compile(
    r"HYPERLINK\b\s*(\\[lot]\s*(\"[^\"]*\"?|[^\s\"]+)\s*|\\[hmn](\s+|$))*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_LEADS_ON: Final = re.compile(r"\"\"|$|\"?\s*(https?://|mailto:|#|$)", re.IGNORECASE)
# As much of a field as its name, what it says of itself and an address need.
_NAME_OF_FIELD: Final = 1_000
# A formula that asks another program, a file or the web for its value.
_ASKING: Final = re.compile(
    r"\|'|\b(WEBSERVICE|FILTERXML|IMAGE|STOCKHISTORY|TRANSLATE|DETECTLANGUAGE|COPILOT|PY|"
    r"IMPORTCSV|IMPORTTEXT|RTD|CALL|REGISTER(\.ID)?|EXEC|SQL\.REQUEST)\s*\(",
    re.IGNORECASE,
)
# Another workbook by its name or by its number, of which 0 is the workbook itself: so charts call
# what has a name. A column of a table may be called 2024.
_OTHER_FILE: Final = re.compile(
    r"\[[^\[\]]+\.(xls|csv|ods)[^\[\]]*\]|(?<![\w\]])\[(?!0+\])\d+\](?![\],:])", re.IGNORECASE
)
_FORMULA: Final = re.compile(r"f|formula\d?|\w+Formula|definedName|Fmla\w+")
_ATTRIBUTES: Final = ("textlink", "fmlaLink", "fmlaRange", "fmlaTxbx", "fmlaGroup")
_TRUE: Final = frozenset({"1", "true", "on"})
# Rows in points and columns in characters: what is smaller, nobody can see.
_LOWEST, _NARROWEST = 1.0, 0.1

_LINKED: Final = (
    "The file is linked to another file: a template, a picture or an object that is not in it. Put "
    "in what is linked, or break the link, and upload it again."
)
_ACTIVE: Final = (
    "The file holds another file or an active object inside it. Take it out, or put in a picture "
    "of it, and upload it again."
)
# What puts another part in its own place, whatever the link to it calls the part.
_PUTTING_IN: Final = frozenset({"altChunk", "subDoc", "control", "oleObject", "externalReference"})
_HIDDEN_TEXT: Final = (
    "The document has hidden text. Delete it or show it, and upload the document again."
)
_HIDDEN_CELLS: Final = (
    "The workbook has hidden rows or columns. Delete them or unhide them, and upload the workbook "
    "again."
)


def refuse_in_any(root: etree._Element) -> None:
    """Raise Unfit for an old drawing that fetches a picture, and for an object within a page."""
    for element in root.iter(f"{{{_VML}}}*"):
        if re.search(r"//|\\\\|^\s*\w\w+:", element.get("src", "")):
            raise Unfit(_LINKED)
    for _ in root.iter("{urn:schemas-microsoft-com:office:office}OLEObject"):
        raise Unfit(_ACTIVE)


def refuse_in_word(root: etree._Element) -> None:
    """Raise Unfit for tracked changes, hidden text, and fields that fetch something."""
    fields = _Fields()
    for element in root.iter():
        namespace, name = _named(element.tag)
        if namespace not in _WORD:
            continue
        _refuse_hidden(element, namespace, name)
        if name == "fldSimple":
            instruction = _short(element.get(f"{{{namespace}}}instr", ""))
            _refuse_field(instruction)
            _refuse_link(instruction)
        elif name == "fldChar":
            fields.mark(element.get(f"{{{namespace}}}fldCharType", ""))
        elif name == "instrText" or (name == "t" and fields.are_open):
            fields.add("".join(element.itertext()), is_instruction=name == "instrText")


def _refuse_hidden(element: etree._Element, namespace: str, name: str) -> None:
    """What is in the document and not on its pages."""
    if name in _CHANGES:
        raise Unfit(
            "The document has tracked changes. Accept or reject them all, so that it says only "
            "what you mean, and upload it again."
        )
    if name in _PUTTING_IN:
        raise Unfit(_ACTIVE)
    hides = name == "vanish" or (name == "hidden" and _is_of_row(element))
    if hides and _is_on(element.get(f"{{{namespace}}}val")):
        raise Unfit(_HIDDEN_TEXT)
    if name == "mailMerge":
        raise Unfit(
            "The document is set up for a mail merge, which takes data from another file. Make it "
            "a normal document (in Word: Mailings, Start Mail Merge, Normal Word Document) and "
            "upload it again."
        )


class _Fields:
    """The names of the fields that are open at a place, which may be split over runs and nested."""

    def __init__(self) -> None:
        self._open: list[str | None] = []
        self._last = ""

    @property
    def are_open(self) -> bool:
        """Whether what comes next stands in a field."""
        return bool(self._open)

    def mark(self, kind: str) -> None:
        """A field begins, ends, or goes over from its instruction to its result."""
        self._last = ""
        if self._open and kind != "begin":
            _refuse_link(self._open[-1] or "")
        if kind == "begin":
            self._open.append("")
        elif self._open and kind == "end":
            self._open.pop()
        elif self._open:
            self._open[-1] = None

    def add(self, words: str, *, is_instruction: bool) -> None:
        """Words of a field, or of the page. Raises Unfit."""
        so_far = self._open[-1] if self._open else None
        if so_far is not None:
            self._open[-1] = so_far = _short(so_far + words)
            _refuse_field(so_far)
        if is_instruction:
            self._last = _short(self._last + words)
            _refuse_field(self._last)


def refuse_in_workbook(root: etree._Element) -> None:
    """Raise Unfit for hidden sheets, rows and columns, and formulas that ask elsewhere."""
    for element in root.iter():
        judge = _judge(element.tag)
        if judge is not None:
            judge(element)


@lru_cache(maxsize=2048)
def _judge(tag: str) -> Callable[[etree._Element], None] | None:
    """What looks at the elements of this name; nothing does at most of those in a sheet."""
    namespace, name = _named(tag)
    if namespace in _SHEET and name in _PUTTING_IN:
        return _refuse_object
    if namespace in _SHEET and name in _JUDGED:
        return _JUDGED[name]
    if _FORMULA.fullmatch(name):
        return _refuse_formula_in
    return None if namespace in _SHEET else _refuse_linked_shape


def _refuse_object(_element: etree._Element) -> None:
    raise Unfit(_ACTIVE)


def _refuse_formula_in(element: etree._Element) -> None:
    _refuse_formula("".join(element.itertext()))


def _refuse_linked_shape(shape: etree._Element) -> None:
    for attribute in _ATTRIBUTES:
        _refuse_formula(shape.get(attribute, ""))


def _refuse_sheet(sheet: etree._Element) -> None:
    if sheet.get("state", "visible") != "visible":
        raise Unfit(
            f"The workbook has a hidden sheet, “{sheet.get('name', '')[:40]}”. Delete it or unhide "
            "it, and upload the workbook again."
        )


def _refuse_window(window: etree._Element) -> None:
    if window.get("visibility", "visible") != "visible":
        raise Unfit(
            "The window of the workbook is hidden. Show it (in Excel: View, Unhide), save the "
            "workbook and upload it again."
        )


def _refuse_cells(cells: etree._Element) -> None:
    """Rows, columns, or what holds for those of which nothing is said."""
    is_hidden = _is_on(cells.get("hidden", "0")) or _is_on(cells.get("zeroHeight", "0"))
    for attribute, least in (
        ("ht", _LOWEST),
        ("defaultRowHeight", _LOWEST),
        ("width", _NARROWEST),
        ("defaultColWidth", _NARROWEST),
    ):
        size = cells.get(attribute)
        is_hidden = is_hidden or (size is not None and not _number(size) >= least)
    if is_hidden:
        raise Unfit(_HIDDEN_CELLS)


def _refuse_rule(rule: etree._Element) -> None:
    if rule.get("type") == "formula":
        _refuse_formula(rule.get("val", ""))


_JUDGED: Final[dict[str, Callable[[etree._Element], None]]] = {
    "sheet": _refuse_sheet,
    "workbookView": _refuse_window,
    "row": _refuse_cells,
    "col": _refuse_cells,
    "sheetFormatPr": _refuse_cells,
    "cfvo": _refuse_rule,
}


def _refuse_field(instruction: str) -> None:
    if _FETCHING.match(instruction):
        raise Unfit(
            "The document has a field that fetches or runs something when it is opened. Replace "
            "the field by its text and upload the document again."
        )


def _refuse_link(instruction: str) -> None:
    """Raise Unfit for a whole field that leads to a file when it is clicked on."""
    found = _LINK.match(instruction)
    if found and not _LEADS_ON.match(found["rest"]):
        raise Unfit(
            "The document has a link that leads to a file and not to a page of the web. Take the "
            "link out, or give it the address of a page, and upload the document again."
        )


def _refuse_formula(formula: str) -> None:
    if _ASKING.search(formula) or _OTHER_FILE.search(formula):
        raise Unfit(
            "The workbook has a formula that asks another file or program. Paste its value in its "
            "place and upload the workbook again."
        )


@lru_cache(maxsize=2048)
def _named(tag: str) -> tuple[str, str]:
    """The namespace of a tag and its name in it."""
    namespace, _, name = tag.rpartition("}")
    return namespace.removeprefix("{"), name


def _is_of_row(element: etree._Element) -> bool:
    """Whether a switch is of a row: a style has one of that name, which hides nothing."""
    parent = element.getparent()
    return parent is not None and _named(parent.tag)[1] == "trPr"


def _short(instruction: str) -> str:
    return instruction.lstrip()[:_NAME_OF_FIELD]


def _number(size: str) -> float:
    try:
        return float(size)
    except ValueError:
        return 0.0


def _is_on(value: str | None) -> bool:
    """Whether a switch is on: one that is there without a value is."""
    return value is None or value.strip().lower() in _TRUE
