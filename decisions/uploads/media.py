"""The parts of an Office file that are not XML: pictures, and what a printer was told.

A part is what its first bytes say, whatever its name and its type are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from decisions.uploads.kinds import Unfit

if TYPE_CHECKING:
    from lxml import etree

# Each type of picture with the endings that its parts may have; SVG is XML and read as such. Word
# calls some pictures from the clipboard .tmp.
PICTURES: Final[dict[str, tuple[str, ...]]] = {
    "image/png": ("png", "tmp"),
    "image/jpeg": ("jpg", "jpeg", "jpe", "jfif", "tmp"),
    "image/jpg": ("jpg", "jpeg"),
    "image/pjpeg": ("jpg", "jpeg"),
    "image/gif": ("gif",),
    "image/bmp": ("bmp", "dib"),
    "image/x-bmp": ("bmp",),
    "image/tiff": ("tif", "tiff"),
    "image/x-emf": ("emf",),
    "image/emf": ("emf",),
    "image/x-wmf": ("wmf",),
    "image/wmf": ("wmf",),
    "image/vnd.ms-photo": ("wdp",),
}
SVG: Final = "image/svg+xml"

# How a picture begins. Office goes by this too: a photograph that is called .png is drawn.
_BEGINNINGS: Final = (
    re.compile(rb"\x89PNG\r\n\x1a\n.{4}IHDR", re.DOTALL),
    re.compile(rb"\xff\xd8\xff"),
    re.compile(rb"GIF8[79]a"),
    re.compile(rb"BM.{12}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0", re.DOTALL),
    re.compile(rb"II\x2a\0|MM\0\x2a"),
    re.compile(rb"\x01\0\0\0.{36} EMF", re.DOTALL),
    re.compile(rb"\xd7\xcd\xc6\x9a|[\x01\x02]\0\x09\0\0[\x01\x03]", re.DOTALL),
    re.compile(rb"II\xbc\x01"),
)

PRINTER: Final = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.printersettings",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.printersettings",
)
PRINTER_NAME: Final = re.compile(r"(xl|word)/(printersettings/)?printersettings\d{0,4}\.bin")
_LARGEST_PRINTER: Final = 256 * 1024
# What Windows keeps: 64 bytes for the printer's name, then the version of the form, which is 3.2 or
# 4.0 or 4.1. What a Mac keeps: a list in XML.
_PRINTER: Final = re.compile(rb".{64}(\x20\x03|[\0\x01]\x04)|<\?xml ", re.DOTALL)

_LOCAL: Final = re.compile(r"\{[^}]*\}")
_ACTING: Final = frozenset({"script", "foreignObject", "handler", "iframe"})
_WITHIN: Final = re.compile(r"\s*(#|data:image/(png|jpeg|gif)[;,]|$)", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"@import|url\(\s*['\"]?\s*[^#'\"\s)]", re.IGNORECASE)


def check_picture(part: bytes) -> None:
    """Raise Unfit for a part that is called a picture and is none."""
    if not any(beginning.match(part) for beginning in _BEGINNINGS):
        raise Unfit(
            "Something in the file is called a picture and is none, or is of a kind that is not "
            "let in. Put in the picture as PNG or JPEG and upload the file again."
        )


def check_printer(part: bytes) -> None:
    """Raise Unfit for a part that is called the settings of a printer and is something else."""
    if part and (len(part) > _LARGEST_PRINTER or not _PRINTER.match(part)):
        raise Unfit(
            "Something in the file is called the settings of a printer and is something else. Copy "
            "the pages into a new document or workbook and upload that."
        )


def refuse_in_drawing(root: etree._Element) -> None:
    """Raise Unfit for a picture in SVG that runs or fetches something."""
    for element in root.iter("*"):
        acts = _LOCAL.sub("", str(element.tag)) in _ACTING or bool(
            _ADDRESS.search(element.text or "")
        )
        for name, value in element.attrib.items():
            local = _LOCAL.sub("", str(name)).lower()
            acts = acts or local.startswith("on")
            acts = acts or (local in {"href", "src", "base"} and not _WITHIN.match(str(value)))
            acts = acts or bool(_ADDRESS.search(str(value)))
        if acts:
            raise Unfit(
                "A picture in the file (SVG) runs or fetches something. Put it in as PNG and "
                "upload the file again."
            )
