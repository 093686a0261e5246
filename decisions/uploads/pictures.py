"""Photographs in a PDF: the picture stays, what the camera and the programs wrote beside it goes.

A JPEG begins with segments that hold place, owner, time, a small copy of the picture before it was
cut, and notes; a JPEG 2000 has boxes for the same. Only what a reader needs to draw it is kept.
"""

from __future__ import annotations

from typing import Final

from decisions.uploads.kinds import Unfit

_START: Final = b"\xff\xd8"
_SCAN: Final = 0xDA
_COMMENT: Final = 0xFE
# Of the segments for programs: 0 says how dense the dots are, 14 how the colours are to be read.
_FOR_PROGRAMS: Final = range(0xE0, 0xF0)
_KEPT: Final = frozenset({0xE0, 0xEE})
_END: Final = b"\xff\xd9"
# JPEG 2000: its first box, the boxes that are kept, and the marks of its drawing itself.
_BOXED: Final = b"\0\0\0\x0cjP  "
_BOXES: Final = frozenset({b"jP  ", b"ftyp", b"rreq", b"jp2h", b"jp2c"})
_DRAWING: Final = b"\xff\x4f"
_NOTE, _TILE = b"\xff\x64", b"\xff\x90"
_DAMAGED: Final = "A picture in the PDF is damaged. Save the document as a new PDF and upload that."


def without_notes(jpeg: bytes) -> bytes:
    """The same picture without what was written beside it. Raises Unfit for a damaged one."""
    if not jpeg.startswith(_START):
        raise Unfit(_DAMAGED)
    kept, at = [_START], len(_START)
    while True:
        if at + 4 > len(jpeg) or jpeg[at] != 0xFF:
            raise Unfit(_DAMAGED)
        kind = jpeg[at + 1]
        if kind == 0xFF:  # padding before a segment
            at += 1
            continue
        if kind == _SCAN:
            # What follows the end of the picture is no part of it.
            end = jpeg.rfind(_END)
            return b"".join(kept) + jpeg[at : end + 2 if end >= at else len(jpeg)]
        length = int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if length < 2:
            raise Unfit(_DAMAGED)
        if kind != _COMMENT and (kind not in _FOR_PROGRAMS or kind in _KEPT):
            kept.append(_short(jpeg[at : at + 2 + length], kind))
        at += 2 + length


def _short(segment: bytes, kind: int) -> bytes:
    """The first segment may carry a small copy of the picture: it is left out."""
    if kind != 0xE0 or segment[4:9] != b"JFIF\0" or len(segment) < 18:
        return b"" if kind == 0xE0 else segment
    return b"\xff\xe0\x00\x10" + segment[4:16] + b"\0\0"


def without_boxes(jpx: bytes) -> bytes:
    """The same JPEG 2000 without what was written beside it. Raises Unfit for a damaged one."""
    if jpx.startswith(_DRAWING):
        return _without_note(jpx)
    if not jpx.startswith(_BOXED):
        raise Unfit(_DAMAGED)
    kept, at = [], 0
    while at < len(jpx):
        length, kind, head = int.from_bytes(jpx[at : at + 4], "big"), jpx[at + 4 : at + 8], 8
        if length == 1:
            length, head = int.from_bytes(jpx[at + 8 : at + 16], "big"), 16
        end = len(jpx) if length == 0 else at + length
        if end < at + head or end > len(jpx):
            raise Unfit(_DAMAGED)
        if kind == b"jp2c":
            drawing = _without_note(jpx[at + head : end])
            kept.append((len(drawing) + 8).to_bytes(4, "big") + kind + drawing)
        elif kind in _BOXES:
            kept.append(jpx[at:end])
        at = end
    return b"".join(kept)


def _without_note(drawing: bytes) -> bytes:
    """A drawing without the notes that stand before its first tile."""
    if not drawing.startswith(_DRAWING):
        raise Unfit(_DAMAGED)
    kept, at = [_DRAWING], 2
    while drawing[at : at + 2] != _TILE:
        length = int.from_bytes(drawing[at + 2 : at + 4], "big")
        if length < 2 or at + 2 + length > len(drawing):
            raise Unfit(_DAMAGED)
        if drawing[at : at + 2] != _NOTE:
            kept.append(drawing[at : at + 2 + length])
        at += 2 + length
    return b"".join(kept) + drawing[at:]
