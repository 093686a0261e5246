"""Parts of a file, as RFC 9110 section 14 has them: one range of bytes, or else the whole file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

    from django.http import HttpRequest

_ONE: Final = re.compile(r"bytes\s*=\s*([0-9]{0,18})\s*-\s*([0-9]{0,18})", re.ASCII | re.IGNORECASE)


class NotSatisfiable(Exception):
    """The range begins behind the end of the file."""


@dataclass(frozen=True)
class Part:
    """The bytes from `start` up to, not including, `end` of a file of `size` bytes."""

    start: int
    end: int
    size: int

    @property
    def length(self) -> int:
        """How many bytes."""
        return self.end - self.start

    @property
    def header(self) -> str:
        """The part as the answer names it, where the last byte counts: "bytes 0-99/1000"."""
        return f"bytes {self.start}-{self.end - 1}/{self.size}"


class Reading:
    """The bytes of one part of a file, a chunk at a time; closing it closes the file."""

    def __init__(self, file: IO[bytes], part: Part, chunk: int) -> None:
        self._file = file
        self._chunk = chunk
        self._left = part.length
        file.seek(part.start)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        data = self._file.read(min(self._chunk, self._left))
        if not data:
            raise StopIteration
        self._left -= len(data)
        return data

    def close(self) -> None:
        """Let the file go, also when the reader left half way or before the first byte."""
        self._file.close()


def wanted(request: HttpRequest, tag: str, size: int) -> Part | None:
    """The one range that is asked for, or None for the whole file. Raises NotSatisfiable.

    Only a GET asks for ranges. What cannot be understood, several ranges, and a range of another
    state of the file (If-Range) are answered with the whole file, as the RFC allows or demands.
    """
    asked = request.headers.get("Range", "").strip()
    found = _ONE.fullmatch(asked)
    if request.method != "GET" or found is None or not _is_same(request, tag):
        return None
    first, last = found.groups()
    if not first and not last:
        return None
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < start:
            return None
    if start >= size or end <= start:
        raise NotSatisfiable
    return Part(start, end, size)


def _is_same(request: HttpRequest, tag: str) -> bool:
    """Whether the reader's other parts are of this state. No answer of ours has a date to go by."""
    known = request.headers.get("If-Range", "").strip()
    return not known or known == tag
