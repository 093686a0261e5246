"""A store of documents in a folder: each is written whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class FolderStore(FileSystemStorage):
    """A folder. A file stands there whole, on the disk, or not at all, whatever happens."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_overwrite=True, **options)

    def _save(self, name: str, content: File[bytes]) -> str:
        """Write beside the place, have the disk take it, and then put it in its place."""
        place = Path(self.path(name))
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_name(f".{place.name}.{secrets.token_hex(8)}")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as to:
                for chunk in content.chunks():
                    to.write(chunk)
                to.flush()
                os.fsync(to.fileno())
            if self.file_permissions_mode is not None:
                draft.chmod(self.file_permissions_mode)
            draft.replace(place)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        self._settle(place.parent)
        return name

    @staticmethod
    def _settle(folder: Path) -> None:
        """Have the disk take the new name too."""
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
