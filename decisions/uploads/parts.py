"""What a Word document or an Excel workbook may not hide in its XML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from decisions.uploads.kinds import Unfit

if TYPE_CHECKING:
    from lxml import etree

_WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SHEET: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_CHANGES: Final = frozenset(
    f"{_WORD}{name}" for name in ("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel")
)
# Fields that fetch, run or include something when the document is opened.
_FETCHING: Final = re.compile(
    r"^\s*(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|LINK|IMPORT|DATABASE|RD|MACROBUTTON)\b",
    re.IGNORECASE,
)
# A formula that asks another program, or the web, for its value.
_ASKING: Final = re.compile(
    r"\|'|\b(WEBSERVICE|FILTERXML|RTD|CALL|REGISTER\.ID|EXEC)\s*\(", re.IGNORECASE
)
_OTHER_FILE: Final = re.compile(r"\[[^\]]+\.(xls|csv)[^\]]*\]|\[\d+\]", re.IGNORECASE)
_TRUE: Final = frozenset({"1", "true", "on"})


def refuse_in_word(root: etree._Element) -> None:
    """Raise Unfit for tracked changes, hidden text, and fields that fetch something."""
    instruction: list[str] = []
    for element in root.iter():
        if element.tag in _CHANGES:
            raise Unfit(
                "The document has tracked changes. Accept or reject them all, so that it says "
                "only what you mean, and upload it again."
            )
        if element.tag == f"{_WORD}vanish" and _is_on(element.get(f"{_WORD}val")):
            raise Unfit(
                "The document has hidden text. Delete it or show it, and upload the document again."
            )
        if element.tag == f"{_WORD}fldSimple":
            _refuse_field(element.get(f"{_WORD}instr", ""))
        elif element.tag == f"{_WORD}fldChar":
            instruction.clear()
        elif element.tag == f"{_WORD}instrText":
            instruction.append(element.text or "")  # a field's words may be split over runs
            _refuse_field("".join(instruction))


def refuse_in_workbook(root: etree._Element) -> None:
    """Raise Unfit for hidden sheets, rows and columns, and formulas that ask elsewhere."""
    for element in root.iter():
        if element.tag == f"{_SHEET}sheet" and element.get("state", "visible") != "visible":
            raise Unfit(
                f"The workbook has a hidden sheet, “{element.get('name', '')[:40]}”. Delete it or "
                "unhide it, and upload the workbook again."
            )
        if element.tag in {f"{_SHEET}row", f"{_SHEET}col"} and _is_on(element.get("hidden", "0")):
            raise Unfit(
                "The workbook has hidden rows or columns. Delete them or unhide them, and upload "
                "the workbook again."
            )
        if element.tag in {f"{_SHEET}f", f"{_SHEET}definedName", f"{_SHEET}formula1"}:
            _refuse_formula(element.text or "")


def _refuse_field(instruction: str) -> None:
    if _FETCHING.match(instruction):
        raise Unfit(
            "The document has a field that fetches or runs something when it is opened. Replace "
            "the field by its text and upload the document again."
        )


def _refuse_formula(formula: str) -> None:
    if _ASKING.search(formula) or _OTHER_FILE.search(formula):
        raise Unfit(
            "The workbook has a formula that asks another file or program. Paste its value in its "
            "place and upload the workbook again."
        )


def _is_on(value: str | None) -> bool:
    """Whether a switch is on: one that is there without a value is."""
    return value is None or value.lower() in _TRUE
