"""Hostile Word documents whose zip lies, or has something in it that is no part of the document."""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

from tests.good_office import in_long_numbers, in_one_go, png
from tests.upload_corpus import packed, word_parts

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.upload_corpus import Parts

PROGRAM: Final = b"MZ\x90\x00" + b"a" * 400
_BETWEEN: Final = "before, after or between the parts"


def more_than_it_says() -> bytes:
    """30 MB of nothing in a part that says that it is 1,000 bytes, with their checksum."""
    said = b"\0" * 1000
    packing = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    much = packing.compress(b"\0" * 30_000_000) + packing.flush()
    file = bytearray(
        packed(
            word_parts(),
            lambda whole: whole.writestr(zipfile.ZipInfo("word/media/a.png"), b"Q" * len(much)),
        )
    )
    at = file.find(b"Q" * len(much))
    file[at : at + len(much)] = much
    header, listed = file.rfind(b"PK\x03\x04", 0, at), file.rfind(b"PK\x01\x02")
    for start in (header + 8, listed + 10):
        struct.pack_into("<H", file, start, zipfile.ZIP_DEFLATED)
    for start in (header + 14, listed + 16):
        struct.pack_into("<I", file, start, zlib.crc32(said))
        struct.pack_into("<I", file, start + 8, len(said))
    return bytes(file)


def with_a_wrong_sum() -> bytes:
    """A picture that was changed after its checksum was taken."""
    file = packed(
        word_parts(),
        lambda whole: whole.writestr(zipfile.ZipInfo("word/media/a.png"), png()),
    )
    return file.replace(png(), png()[:-1] + b"x")


def with_bytes_between(more: bytes) -> bytes:
    """A document with something between its last part and the directory."""
    file = packed(word_parts())
    (start,) = struct.unpack("<I", file[-6:-2])
    return file[:start] + more + file[start:-6] + struct.pack("<IH", start + len(more), 0)


def with_an_unlisted_part() -> bytes:
    """A document whose first part is not in the directory, so that no reader finds it."""
    parts: Parts = {"run.exe": PROGRAM}
    whole = packed(parts | word_parts())
    start = whole.find(b"PK\x01\x02")
    count, size, offset = struct.unpack("<HII", whole[-12:-2])
    second = whole.find(b"PK\x01\x02", start + 4)
    return (
        whole[:start]
        + whole[second:-14]
        + struct.pack("<HHIIH", count - 1, count - 1, size - (second - start), offset, 0)
    )


def with_bytes_behind_a_part() -> bytes:
    """A document written in one go, with something behind the sums of a part."""
    file = in_one_go(word_parts())
    at = file.find(b"PK\x07\x08") + 16
    (start,) = struct.unpack("<I", file[-6:-2])
    shifted = bytearray(file[:at] + PROGRAM + file[at:])
    struct.pack_into("<I", shifted, len(shifted) - 6, start + len(PROGRAM))
    listed = start + len(PROGRAM)
    while (listed := shifted.find(b"PK\x01\x02", listed)) >= 0:
        (was,) = struct.unpack_from("<I", shifted, listed + 42)
        struct.pack_into("<I", shifted, listed + 42, was + (len(PROGRAM) if was else 0))
        listed += 4
    return bytes(shifted)


def with_bytes_before_the_end() -> bytes:
    """As much as says in long numbers where the directory is, but something else."""
    file = packed(word_parts())
    return file[:-22] + PROGRAM[:76] + file[-22:]


def with_another_end() -> bytes:
    """Two ends that do not agree on where the directory is."""
    file = in_long_numbers(word_parts())
    (start,) = struct.unpack("<I", file[-6:-2])
    return file[:-6] + struct.pack("<IH", start + 46, 0)


def with_bytes_beside_a_part() -> bytes:
    entry = zipfile.ZipInfo("word/media/a.png")
    entry.extra = struct.pack("<2H", 0x4444, len(PROGRAM)) + PROGRAM
    return packed(word_parts(), lambda whole: whole.writestr(entry, png()))


def with_another_name_inside() -> bytes:
    """A part that calls itself otherwise than the directory does."""
    return packed(word_parts()).replace(b"word/document.xml", b"word/macros12.xml", 1)


ZIPS: Final[dict[str, tuple[Callable[[], bytes], str]]] = {
    "lying.docx": (more_than_it_says, "unpacks to far more"),
    "wrong-sum.docx": (with_a_wrong_sum, "is damaged"),
    "between.docx": (lambda: with_bytes_between(PROGRAM), _BETWEEN),
    "unlisted.docx": (with_an_unlisted_part, _BETWEEN),
    "behind.docx": (with_bytes_behind_a_part, _BETWEEN),
    "extra.docx": (with_bytes_beside_a_part, _BETWEEN),
    "before-the-end.docx": (with_bytes_before_the_end, "is damaged"),
    "long-end.docx": (with_another_end, _BETWEEN),
    "remark.docx": (
        lambda: packed(word_parts(), lambda whole: setattr(whole.filelist[0], "comment", b"x")),
        _BETWEEN,
    ),
    "other-header.docx": (with_another_name_inside, "is damaged"),
    "folder.docx": (
        lambda: packed(word_parts(), lambda whole: whole.writestr("word/evil/", PROGRAM)),
        "A folder in the file has content",
    ),
    "other-packing.docx": (
        lambda: packed(
            word_parts(),
            lambda whole: whole.writestr("word/a.xml", "<a/>", compress_type=zipfile.ZIP_LZMA),
        ),
        "packed in a way that Office does not use",
    ),
}
