"""What a file is, by its content and not by its name, and whether it may be let in."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

from decisions.uploads import office, pdf
from decisions.uploads.kinds import LARGEST, Kind, Unfit

_PDF: Final = b"%PDF-"
_ZIP: Final = b"PK\x03\x04"
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_KINDS: Final = "Upload a PDF, a Word document (.docx) or an Excel workbook (.xlsx)."


def inspect(file: bytes, name: str) -> Kind:
    """The kind of a file that may be let in.

    Raises Unfit with a sentence when it is of another kind, too large, not what its name says, or
    holds what must not be let in: macros, embedded objects, links to other files, hidden parts.
    """
    if not file:
        raise Unfit("The file is empty. Choose the file again.")
    if len(file) > LARGEST:
        raise Unfit(
            f"The file is larger than {LARGEST // 1024 // 1024} MB. Make it smaller, for example "
            "by saving its pictures in a lower resolution, or split it."
        )
    kind = _kind(file)
    ending = PurePath(name).suffix.lower().removeprefix(".")
    if ending != kind:
        raise Unfit(
            f"The file is {kind.label}, but its name ends in “.{ending[:20]}”. Give it a name that "
            f"ends in “.{kind}” and upload it again."
        )
    return kind


def _kind(file: bytes) -> Kind:
    if file.startswith(_PDF):
        pdf.check(file)
        return Kind.PDF
    if file.startswith(_ZIP):
        return office.check(file)
    if file.startswith(_OLD_OFFICE):
        raise Unfit(
            "The file is in the old format of Office, or it is locked with a password. Save it "
            "without a password as .docx or .xlsx and upload it again."
        )
    raise Unfit(f"The file is of a kind that is not let in. {_KINDS}")
