"""A published file as it lies in the store: found by its digest, checked against it, and open.

The digest is worked out over the whole file once for each process and each state of the file, not
for each range that a reader asks for: a viewer asks for dozens. What tells one state from another
is what the file system says of the open file itself (device, number, size and the moments of the
last change of its bytes and of the file). The last of these no program can set, so that a file
that was changed, replaced or restored is read whole again before a byte of it is sent. A store
that says no such things is read whole every time.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from collections import OrderedDict
from typing import IO, Any, Final

from django.core.files.storage import storages

logger = logging.getLogger(__name__)

CHUNK: Final = 64 * 1024
_REMEMBERED: Final = 4096
_State = tuple[int, ...]
_checked: OrderedDict[str, _State] = OrderedDict()
_lock = threading.Lock()


def open_published(digest: str) -> IO[bytes] | None:
    """The published file of that digest, to be closed by whoever asked.

    None when it is missing or is not the one that was sealed; the log says which.
    """
    try:
        file: Any = storages["published"].open(f"{digest}.pdf")
    except OSError:
        logger.exception("The published file %s cannot be read.", digest)
        return None
    try:
        whole = _is_known(file, digest) or _is_whole(file, digest)
    except OSError:
        logger.exception("The published file %s cannot be read.", digest)
        whole = False
    if whole:
        file.seek(0)
        opened: IO[bytes] = file
        return opened
    file.close()
    return None


def _is_known(file: Any, digest: str) -> bool:
    state = _state(file)
    with _lock:
        return state is not None and _checked.get(digest) == state


def _is_whole(file: Any, digest: str) -> bool:
    """Whether the file has this digest; a state that has it is remembered."""
    before = _state(file)
    found = hashlib.sha256()
    while chunk := file.read(CHUNK):
        found.update(chunk)
    if found.hexdigest() != digest:
        logger.critical("The published file %s is not the one that was sealed.", digest)
        return False
    if before is not None and before == _state(file):
        with _lock:
            _checked[digest] = before
            _checked.move_to_end(digest)
            while len(_checked) > _REMEMBERED:
                _checked.popitem(last=False)
    return True


def _state(file: Any) -> _State | None:
    """What the file system says of the open file; None where there is no file system."""
    try:
        told = os.fstat(file.fileno())
    except (AttributeError, OSError, ValueError):
        return None
    return (told.st_dev, told.st_ino, told.st_size, told.st_mtime_ns, told.st_ctime_ns)
