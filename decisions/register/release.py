"""The release: what a page's bytes depend on besides the rows it shows.

Part of every entity tag, so that a browser's copy is dropped when the software changes.
"""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOM: Final = Path(__file__).resolve().parent


def _sources() -> Iterator[Path]:
    project = ROOM.parent.parent
    templates = project / "templates"
    yield from sorted(templates.glob("*.html"))
    yield from sorted((templates / "components").rglob("*.html"))
    yield from sorted((templates / "register").rglob("*.html"))
    yield from sorted(ROOM.rglob("*.py"))
    yield project / "config" / "urls_public.py"
    yield project / "build" / "static" / "app.css"


@functools.cache
def release() -> str:
    """A digest of templates, code and the settings that pages show. Worked out once."""
    digest = hashlib.sha256(settings.PUBLIC_URL.encode())
    for path in _sources():
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
