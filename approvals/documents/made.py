"""A document that may be published, and what it was made with."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from typing import Any, Final

from approvals.documents import fonts

# Raised with every change of template, wording or typesetting that changes a document's bytes.
FORMAT: Final = "2"
_PACKAGES: Final = {
    "weasyprint": "weasyprint",
    "pydyf": "pydyf",
    "fonttools": "fonttools",
    "segno": "segno",
    "pyhanko": "pyHanko",
}


@dataclass(frozen=True)
class Made:
    """A sealed document: `pdf` begins with the `base_size` bytes that stood before it was sealed.

    `level` is the level of its seal, `made_with` the versions on which those bytes depend.
    """

    pdf: bytes
    base_size: int
    level: str
    made_with: dict[str, str]


def made_with() -> dict[str, str]:
    """The versions of all that decides the bytes of a document. Raises RenderingError.

    The same record gives the same bytes wherever these are the same.
    """
    return {
        "format": FORMAT,
        **{name: version(package) for name, package in _PACKAGES.items()},
        **_libraries(),
        "fonts": hashlib.sha256(b"".join(fonts.read(name) for name in fonts.FACES)).hexdigest(),
    }


@lru_cache(maxsize=1)
def _libraries() -> dict[str, str]:
    """The versions of the libraries that shape and subset text, as they say themselves."""
    from weasyprint.text.ffi import ffi, harfbuzz, harfbuzz_subset, pango

    def said(library: Any, function: str) -> str:
        if not hasattr(library, function):
            ffi.cdef(f"const char * {function} (void);")
        return str(ffi.string(getattr(library, function)()).decode())

    return {
        "pango": said(pango, "pango_version_string"),
        "harfbuzz": said(harfbuzz, "hb_version_string"),
        "harfbuzz-subset": "there" if harfbuzz_subset is not None else "missing",
    }
