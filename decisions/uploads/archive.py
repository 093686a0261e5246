"""The zip around a Word document or a workbook: read through, with every byte accounted for.

Nothing that its directory says is believed. Parts follow one another from the first byte to the
directory, and the directory is the end; each part is unpacked to a bound, and has the length and
the checksum that were said. What another reader might see there is what is seen here.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from decisions.uploads.kinds import Unfit

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_ENTRIES: Final = 2_000
LARGEST_UNPACKED: Final = 200 * 1024 * 1024
LARGEST_RATIO: Final = 100
# A part smaller than this is not weighed: a page of spaces packs very small.
_WEIGHED: Final = 1024 * 1024
LARGEST_PART: Final = 50 * 1024 * 1024
# Programs write times and room to grow beside a part; of the room only what is not empty counts.
_LONGEST_EXTRA: Final = 64
_EMPTY: Final = b"\0 "
# A second name of a part, which some readers take for the first.
_OTHER_NAME: Final = 0x7075

_LOCAL: Final = struct.Struct("<4s5H3I2H")
_SUMS: Final = struct.Struct("<3I")
_END: Final = struct.Struct("<4s4H2IH")
# The same in long numbers, which programs write that do not know how long a file will be.
_LONG_SUMS: Final = struct.Struct("<I2Q")
_LONG_END: Final = struct.Struct("<4sQ2H2I4Q")
_LONG_END_AT: Final = struct.Struct("<4sIQI")
_SEE_LONG: Final = 0xFFFF_FFFF
_LOCKED, _SUMS_AFTER, _UTF_8 = 1 | 1 << 6 | 1 << 13, 1 << 3, 1 << 11

_AROUND: Final = (
    "Something stands before, after or between the parts of the document in the file. Save it "
    "again in Word or Excel and upload the new file."
)
_TOO_MUCH: Final = "The file unpacks to far more than its size, so it is not let in."
_DAMAGED: Final = "The file is damaged. Save it again and upload the new file."


@dataclass(frozen=True, slots=True)
class _Entry:
    """Where a part stands in the file, and what it must unpack to."""

    start: int
    packed: int
    is_stored: bool
    size: int
    checksum: int


class Archive:
    """The parts of a zip, by the names that its directory gives them."""

    def __init__(self, file: bytes) -> None:
        """Raises Unfit, zipfile.BadZipFile and what else its class of damage raises."""
        with zipfile.ZipFile(BytesIO(file)) as opened:
            listed = opened.infolist()
        _check_directory(listed)
        self._file: Final = file
        self._entries: Final = dict(_laid_out(file, listed))
        self.names: Final = tuple(self._entries)

    def read(self, name: str) -> bytes:
        """A part from its first byte to its last. Raises Unfit when it is not what was said."""
        entry = self._entries[name]
        packed = self._file[entry.start : entry.start + entry.packed]
        if entry.is_stored:
            part = packed
        else:
            unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
            part = unpacking.decompress(packed, entry.size + 1)
            if len(part) > entry.size:
                raise Unfit(_TOO_MUCH)
            if not unpacking.eof or unpacking.unused_data:
                raise Unfit(_DAMAGED)
        if len(part) != entry.size or zlib.crc32(part) != entry.checksum:
            raise Unfit(_DAMAGED)
        return part


def _check_directory(listed: list[zipfile.ZipInfo]) -> None:
    """What the directory says of itself, before anything is unpacked."""
    if len(listed) > MOST_ENTRIES:
        raise Unfit("The file has more parts than any document needs, so it is not let in.")
    if len({entry.filename.lower() for entry in listed}) != len(listed):
        raise Unfit("The file has two parts of one name, so it is not let in. Save it again.")
    if any(_leads_out(entry) for entry in listed):
        raise Unfit(
            "A part of the file would land outside it, or goes by more than one name, so it is not "
            "let in. Save it again in Word or Excel and upload the new file."
        )
    if any(entry.flag_bits & _LOCKED for entry in listed):
        raise Unfit("The file is locked with a password. Save it without one and upload it again.")
    unpacked = sum(entry.file_size for entry in listed)
    if unpacked > LARGEST_UNPACKED or any(_is_bomb(entry) for entry in listed):
        raise Unfit(_TOO_MUCH)
    if any(entry.filename.endswith("/") and entry.file_size for entry in listed):
        raise Unfit("A folder in the file has content, so it is not let in. Save it again.")
    known = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    if any(entry.compress_type not in known for entry in listed):
        raise Unfit(
            "The file is packed in a way that Office does not use. Save it again in Office."
        )


def _leads_out(entry: zipfile.ZipInfo) -> bool:
    """Whether a name leads elsewhere, or may be read as another one."""
    name = entry.orig_filename
    steps = name.removesuffix("/").split("/")
    is_link = (entry.external_attr >> 16) & 0o170000 == 0o120000
    is_odd = any(not step or step.endswith(".") for step in steps)
    return (
        is_link
        or is_odd
        or PurePosixPath(name).is_absolute()
        or any(letter in name for letter in "\\:%\0")
    )


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > LARGEST_PART or (
        entry.file_size > _WEIGHED and entry.file_size > LARGEST_RATIO * max(entry.compress_size, 1)
    )


def _laid_out(file: bytes, listed: list[zipfile.ZipInfo]) -> Iterator[tuple[str, _Entry]]:
    """Each part where it stands. Raises Unfit where one byte belongs to none of them."""
    offset = _directory(file, len(listed))
    at = 0
    for one in sorted(listed, key=lambda entry: entry.header_offset):
        if one.header_offset != at:
            raise Unfit(_AROUND)
        start = at + _header(file, at, one)
        at = start + one.compress_size
        at += _sums_after(file, at, one) if one.flag_bits & _SUMS_AFTER else 0
        is_stored = one.compress_type == zipfile.ZIP_STORED
        yield one.filename, _Entry(start, one.compress_size, is_stored, one.file_size, one.CRC)
    if at != offset:
        raise Unfit(_AROUND)


def _directory(file: bytes, count: int) -> int:
    """Where the directory begins. It ends where the file does, but for what says where it is."""
    end = len(file) - _END.size
    mark, disk, first_disk, here, total, size, offset, comment = _END.unpack_from(file, end)
    if mark != b"PK\x05\x06" or (disk, first_disk, comment) != (0, 0, 0):
        raise Unfit(_AROUND)
    said = [here, total, size, offset]
    true = said
    if file.startswith(b"PK\x06\x07", end - _LONG_END_AT.size):
        found = _LONG_END_AT.unpack_from(file, end - _LONG_END_AT.size)
        end -= _LONG_END_AT.size + _LONG_END.size
        mark, length, _, _, disk, first_disk, *true = _LONG_END.unpack_from(file, max(end, 0))
        if (mark, length, disk, first_disk) != (b"PK\x06\x06", _LONG_END.size - 12, 0, 0):
            raise Unfit(_AROUND)
        if found != (b"PK\x06\x07", 0, end, 1):
            raise Unfit(_AROUND)
    full = (0xFFFF, 0xFFFF, _SEE_LONG, _SEE_LONG)
    is_one = all(short in {long, most} for short, long, most in zip(said, true, full, strict=True))
    if not is_one or true[:2] != [count, count] or true[2] + true[3] != end:
        raise Unfit(_AROUND)
    return int(true[3])


def _header(file: bytes, at: int, said: zipfile.ZipInfo) -> int:
    """How long what stands before a part is; it says what the directory says, and no more."""
    mark, _, flags, method, _, _, *sums = _LOCAL.unpack_from(file, at)
    extra_length, name_length = int(sums.pop()), int(sums.pop())
    names_end = at + _LOCAL.size + name_length
    name = file[at + _LOCAL.size : names_end]
    extra = file[names_end : names_end + extra_length]
    # Who writes in one go says the sums behind the part, and nothing here.
    missing = {0} if said.flag_bits & _SUMS_AFTER else set()
    true = ({said.CRC}, {said.compress_size, _SEE_LONG}, {said.file_size, _SEE_LONG})
    is_said = (
        mark == b"PK\x03\x04"
        and flags & (_SUMS_AFTER | _LOCKED) == said.flag_bits & (_SUMS_AFTER | _LOCKED)
        and method == said.compress_type
        and name == said.orig_filename.encode("utf-8" if said.flag_bits & _UTF_8 else "cp437")
        and all(one in may | missing for one, may in zip(sums, true, strict=True))
    )
    if not is_said:
        raise Unfit(_DAMAGED)
    if said.comment or not (_is_plain(extra) and _is_plain(said.extra)):
        raise Unfit(_AROUND)
    return _LOCAL.size + name_length + extra_length


def _is_plain(extra: bytes) -> bool:
    """Whether what is written beside a part names it once and has no place for another file."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == _OTHER_NAME:
            return False
        at += 4 + length
    return len(extra.translate(None, _EMPTY)) <= _LONGEST_EXTRA


def _sums_after(file: bytes, at: int, said: zipfile.ZipInfo) -> int:
    """How long the sums behind a part are, which a program adds that writes in one go."""
    for numbers in (_SUMS, _LONG_SUMS):
        sums = numbers.pack(said.CRC, said.compress_size, said.file_size)
        for written in (b"PK\x07\x08" + sums, sums):
            # Long sums begin like short ones, so the next part, or the directory, must follow.
            if file.startswith((written + b"PK\x03\x04", written + b"PK\x01\x02"), at):
                return len(written)
    raise Unfit(_AROUND)
