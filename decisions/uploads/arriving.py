"""How a file arrives: in memory alone, one of them, and never more of it than may be let in.

Django would write a larger one to the system's folder for temporary files, where a confidential
paper has nothing to look for.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from decisions.uploads.kinds import LARGEST

# Beyond this nothing honest arrives, and reading on would only take up the process.
_GIVES_UP: Final = 10 * LARGEST


class OneInMemory(FileUploadHandler):
    """Keeps the first file of a form in memory; of one that is too large, enough to say so."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._kept = BytesIO()
        self._arrived = 0
        self._wanted = False
        self._had_one = False

    def new_file(self, *args: Any, **named: Any) -> None:
        """Only the first file is looked at."""
        super().new_file(*args, **named)
        self._wanted, self._had_one = not self._had_one, True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep it, up to one byte more than is let in."""
        del start
        self._arrived += len(raw_data)
        if self._arrived > _GIVES_UP:
            raise StopUpload(connection_reset=True)
        if self._wanted:
            room = LARGEST + 1 - self._kept.tell()
            self._kept.write(raw_data[: max(room, 0)])

    def file_complete(self, file_size: int) -> InMemoryUploadedFile | None:
        """The file, for the form."""
        del file_size
        if not self._wanted:
            return None
        size = self._kept.tell()
        self._kept.seek(0)
        return InMemoryUploadedFile(
            file=self._kept,
            field_name=self.field_name,
            name=self.file_name or "",
            content_type=self.content_type,
            size=size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
