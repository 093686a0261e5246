"""Taking in one file, bounded in size, in time and in number; nothing of it stays.

The file lives in memory only. Whoever sends slowly, or sends too much, holds a place in a short
queue and nothing else: reading the register never waits for it.
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers, StopUpload
from django.http import UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from decisions.register.verify.apart import LARGEST
from decisions.register.verify.child import MEGABYTE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

FIELD: Final = "document"
# What surrounds a file in a form: its name, and the marks between the parts.
_WRAPPING: Final = 64 * 1024
ARRIVES_WITHIN: Final = 90.0  # seconds: 25 MB at 2.3 megabits a second
WAITS_FOR: Final = 20.0  # seconds for its turn
# In each process: one that is judged, and one that arrives or waits meanwhile.
_places = threading.BoundedSemaphore(2)
_turn = threading.Lock()


class NotTaken(Exception):
    """The file was not taken in; `sentence` says why and what to do."""

    def __init__(self, sentence: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


@contextmanager
def place() -> Iterator[None]:
    """A place in the queue, before a byte of the file is read. Raises NotTaken when it is full."""
    if not _places.acquire(blocking=False):
        raise _busy()
    try:
        yield
    finally:
        _places.release()


@contextmanager
def turn() -> Iterator[None]:
    """The turn to be judged: one file at a time. Raises NotTaken when it does not come soon."""
    if not _turn.acquire(timeout=WAITS_FOR):
        raise _busy()
    try:
        yield
    finally:
        _turn.release()


def take(request: HttpRequest) -> bytes:
    """The file that was handed in. Raises NotTaken when there is none, or not a whole one."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if not length.isdecimal() or int(length) > LARGEST + _WRAPPING:
        raise _too_large()
    handler = _OneFile(request)
    request.upload_handlers = [handler]
    with _deadline(request) as is_over:
        try:
            request.FILES  # noqa: B018 - Django reads the body when it is asked for
        except (MultiPartParserError, SuspiciousOperation, UnreadablePostError, OSError):
            raise _not_whole() from None
        if is_over():
            raise _not_whole()
    if handler.is_too_large:
        raise _too_large()
    if not handler.was_named:
        raise NotTaken("Select the PDF file that you want to check")
    if not handler.received:
        raise NotTaken("The selected file is empty. Select another file")
    return bytes(handler.received)


class _OneFile(FileUploadHandler):
    """Keeps the one file of the form in memory, up to the largest that we take."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.received = bytearray()
        self.was_named = False
        self.is_too_large = False
        self._wanted = False

    def new_file(self, field_name: str, *args: Any, **named: Any) -> None:
        """Only the first file of the form is looked at."""
        super().new_file(field_name, *args, **named)
        self._wanted = field_name == FIELD and not self.was_named
        self.was_named = self.was_named or self._wanted
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Add to the file, or give up on one that is too large."""
        del start
        if not self._wanted:
            return
        if len(self.received) + len(raw_data) > LARGEST:
            self.is_too_large = True
            self.received.clear()
            raise StopUpload(connection_reset=False)
        self.received += raw_data

    def file_complete(self, file_size: int) -> None:
        """Nothing is kept as Django would keep it."""
        del file_size


@contextmanager
def _deadline(request: HttpRequest) -> Iterator[Any]:
    """Ends the reading of a body that takes too long, however slowly its bytes drip in."""
    end = time.monotonic() + ARRIVES_WITHIN
    line = request.META.get("gunicorn.socket")

    def hang_up() -> None:
        if isinstance(line, socket.socket):
            line.shutdown(socket.SHUT_RD)

    timer = threading.Timer(ARRIVES_WITHIN, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield lambda: time.monotonic() >= end
    finally:
        timer.cancel()


def _too_large() -> NotTaken:
    return NotTaken(
        f"The selected file must be smaller than {LARGEST // MEGABYTE} MB. No document of ours is "
        "larger",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    )


def _not_whole() -> NotTaken:
    return NotTaken("The file did not arrive whole. Select it again and send it once more")


def _busy() -> NotTaken:
    return NotTaken(
        "Other people’s documents are being checked. Wait a minute, then select your file again. "
        "You can check by reference and digest at once",
        HTTPStatus.SERVICE_UNAVAILABLE,
    )
