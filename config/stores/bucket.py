"""A store of documents in a bucket that speaks S3, whose every failure is an OSError."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage


class BucketStore(S3Storage):  # type: ignore[misc] # django-storages ships no types
    """A bucket. An object stands there whole or not at all: that is what the protocol promises."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            default_acl=None,
            file_overwrite=True,
            client_config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path" if options.get("endpoint_url") else "auto"},
                connect_timeout=5,
                read_timeout=30,
                retries={"max_attempts": 3},
            ),
            **options,
        )

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        with _as_os_error():
            found = super()._open(name, mode)
            try:
                return File(BytesIO(found.read()), name)
            finally:
                found.close()

    def _save(self, name: str, content: File[bytes]) -> str:
        with _as_os_error():
            kept: str = super()._save(name, content)
            return kept

    def exists(self, name: str) -> bool:
        """Whether there is such a file. Raises OSError when the store does not say."""
        with _as_os_error():
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        """Take a file away. Raises OSError when the store refuses."""
        with _as_os_error():
            super().delete(name)

    def size(self, name: str) -> int:
        """The file's size in bytes. Raises OSError when it is not there."""
        with _as_os_error():
            return int(super().size(name))


@contextlib.contextmanager
def _as_os_error() -> Iterator[None]:
    """Turn what goes wrong at the other end into the error that a folder would raise."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise OSError("The store of documents refused, or did not answer.") from error
