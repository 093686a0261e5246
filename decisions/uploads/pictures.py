"""Photographs in a PDF: the picture stays, what the camera and the programs wrote beside it goes.

A JPEG holds place, owner, time, a small copy of the picture before it was cut, and notes, before
its first scan and between its scans; behind its end there may be a second picture, or the rest of
an earlier and larger one. A JPEG 2000 has boxes and notes for the same. Only what a reader needs to
draw the picture is kept, up to the first end.
"""

from __future__ import annotations

import re
from typing import Final

from decisions.uploads.kinds import Unfit

_START: Final = b"\xff\xd8"
_END: Final = b"\xff\xd9"
_SCAN: Final = 0xDA
_DENSITY, _COLOURS = 0xE0, 0xEE
# What draws: frames and tables of codes (0xC8 is no frame), quantities, lines, restarts, scans.
_DRAWN_BY: Final = frozenset({*range(0xC0, 0xD0), 0xDA, 0xDB, 0xDC, 0xDD} - {0xC8})
# Of the segments for programs: one says how dense the dots are, one how the colours are to be read.
_KEPT: Final = _DRAWN_BY | {_DENSITY, _COLOURS}
# In the drawing itself 0xFF is followed by a zero or by the number of a restart, or it is padding.
_AFTER_SCAN: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
# JPEG 2000: its first box, the boxes that are kept, and the marks of its drawing itself.
_BOXED: Final = b"\0\0\0\x0cjP  "
_BOXES: Final = frozenset({b"jP  ", b"ftyp", b"rreq", b"jp2h", b"jp2c"})
_BOXES_OF_HEAD: Final = frozenset({b"ihdr", b"bpcc", b"colr", b"pclr", b"cmap", b"cdef", b"res "})
_DRAWING: Final = b"\xff\x4f"
_NOTE, _TILE, _TILE_DATA = b"\xff\x64", b"\xff\x90", b"\xff\x93"
_TILE_HEAD: Final = 12
_DAMAGED: Final = "A picture in the PDF is damaged. Save the document as a new PDF and upload that."


def without_notes(jpeg: bytes) -> bytes:
    """The same picture up to its end, without what was written in it. Raises Unfit for damage."""
    if not jpeg.startswith(_START):
        raise Unfit(_DAMAGED)
    kept, at, drawn = [_START], len(_START), False
    while True:
        if at + 2 > len(jpeg) or jpeg[at] != 0xFF:
            raise Unfit(_DAMAGED)
        kind = jpeg[at + 1]
        if kind == 0xFF:  # padding before a segment
            at += 1
            continue
        if kind == _END[1]:
            if not drawn:
                raise Unfit(_DAMAGED)
            # What follows the end of the picture is no part of it.
            return b"".join([*kept, _END])
        end = _end_of_segment(jpeg, at)
        if kind in _KEPT:
            kept.append(_short(jpeg[at:end], kind))
        if kind == _SCAN:
            after = _AFTER_SCAN.search(jpeg, end)
            if after is None:
                raise Unfit(_DAMAGED)
            kept.append(jpeg[end : after.start()])
            end, drawn = after.start(), True
        at = end


def _end_of_segment(picture: bytes, at: int) -> int:
    """Where the segment ends that begins here with its mark and its length."""
    length = int.from_bytes(picture[at + 2 : at + 4], "big")
    if length < 2 or at + 2 + length > len(picture):
        raise Unfit(_DAMAGED)
    return at + 2 + length


def _short(segment: bytes, kind: int) -> bytes:
    """The segments for programs: one may carry a small copy of the picture, which is left out."""
    if kind == _DENSITY:
        if segment[4:9] != b"JFIF\0" or len(segment) < 18:
            return b""
        return b"\xff\xe0\x00\x10" + segment[4:16] + b"\0\0"
    if kind == _COLOURS:
        if segment[4:9] != b"Adobe" or len(segment) < 16:
            return b""
        return b"\xff\xee\x00\x0e" + segment[4:16]
    return segment


def without_boxes(jpx: bytes) -> bytes:
    """The same JPEG 2000 up to its end, without what was written in it. Raises Unfit for damage."""
    if jpx.startswith(_DRAWING):
        return _without_notes(jpx)
    if not jpx.startswith(_BOXED):
        raise Unfit(_DAMAGED)
    kept = []
    for kind, content in _boxes(jpx):
        if kind == b"jp2c":
            kept.append(_box(kind, _without_notes(content)))
            return b"".join(kept)
        if kind == b"jp2h":
            inner = [_box(*one) for one in _boxes(content) if one[0] in _BOXES_OF_HEAD]
            kept.append(_box(kind, b"".join(inner)))
        elif kind in _BOXES:
            kept.append(_box(kind, content))
    raise Unfit(_DAMAGED)


def _boxes(held: bytes) -> list[tuple[bytes, bytes]]:
    found, at = [], 0
    while at < len(held):
        length, kind, head = int.from_bytes(held[at : at + 4], "big"), held[at + 4 : at + 8], 8
        if length == 1:
            length, head = int.from_bytes(held[at + 8 : at + 16], "big"), 16
        end = len(held) if length == 0 else at + length
        if end < at + head or end > len(held):
            raise Unfit(_DAMAGED)
        found.append((kind, held[at + head : end]))
        at = end
    return found


def _box(kind: bytes, content: bytes) -> bytes:
    return (len(content) + 8).to_bytes(4, "big") + kind + content


def _without_notes(drawing: bytes) -> bytes:
    """A drawing without notes, before its first tile and at the head of each part of a tile."""
    if not drawing.startswith(_DRAWING):
        raise Unfit(_DAMAGED)
    head, at = _segments(drawing, len(_DRAWING), _TILE)
    kept = [_DRAWING, head]
    while drawing[at : at + 2] == _TILE:
        if int.from_bytes(drawing[at + 2 : at + 4], "big") != _TILE_HEAD - 2:
            raise Unfit(_DAMAGED)
        length = int.from_bytes(drawing[at + 6 : at + 10], "big")
        inner, data = _segments(drawing, at + _TILE_HEAD, _TILE_DATA)
        # A length of nought: the last part, up to the end of the drawing.
        end = at + length if length else drawing.find(_END, data)
        if not data < end <= len(drawing):
            raise Unfit(_DAMAGED)
        part = inner + drawing[data:end]
        said = (_TILE_HEAD + len(part)).to_bytes(4, "big")
        kept += [drawing[at : at + 6], said, drawing[at + 10 : at + _TILE_HEAD], part]
        at = end
    if drawing[at : at + 2] != _END or len(kept) == 2:
        raise Unfit(_DAMAGED)
    return b"".join([*kept, _END])


def _segments(drawing: bytes, at: int, until: bytes) -> tuple[bytes, int]:
    """The segments from here on that are no notes, and where the mark stands that ends them."""
    kept = []
    while drawing[at : at + 2] != until:
        if drawing[at : at + 1] != b"\xff":
            raise Unfit(_DAMAGED)
        end = _end_of_segment(drawing, at)
        if drawing[at : at + 2] != _NOTE:
            kept.append(drawing[at:end])
        at = end
    return b"".join(kept), at
