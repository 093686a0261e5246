"""The fonts that a document may use, and the characters that they have.

Only these files are ever used. A character that none of them has is refused beforehand, because a
typesetter would otherwise take it from whatever fonts the machine happens to have, or print a box.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings

from approvals.documents import places
from approvals.documents.refusal import RenderingError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from decisions.register.record import Record

# A name of our own, so that no font of the machine can answer to it.
FAMILY: Final = "Countersign Document"
# file name: (weight, style); all are static faces of Source Sans 3.
FACES: Final = {
    "SourceSans3_400Regular.ttf": (400, "normal"),
    "SourceSans3_400Regular_Italic.ttf": (400, "italic"),
    "SourceSans3_600SemiBold.ttf": (600, "normal"),
    "SourceSans3_600SemiBold_Italic.ttf": (600, "italic"),
}

# Invisible characters that change what a reader sees without being seen: direction marks.
_DIRECTION: Final = frozenset(
    "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
# Invisible characters without effect on meaning. They print as nothing, font or no font.
_SILENT: Final = frozenset("\n\r\t\u00ad\u200b\u200c\u200d\u2060\ufeff")


def read(name: str) -> bytes:
    """The bytes of a packaged font. Raises RenderingError when set-up has not brought it."""
    if name not in FACES:
        raise RenderingError(f"The document asked for the font {name}, which is not one of ours.")
    try:
        return _file(name).read_bytes()
    except OSError as error:
        raise RenderingError(
            f"The document cannot be made because the font file {name} is missing. "
            "Run the project’s set-up again: it brings the fonts."
        ) from error


def configuration() -> Any:
    """A font configuration that knows no font but those that a document brings with it.

    WeasyPrint's own begins with the fonts of the machine. This one begins with one of ours, so that
    a document cannot depend on where it is made: with none at all, Pango would crash.
    """
    from weasyprint.text.ffi import ffi, fontconfig, pangoft2
    from weasyprint.text.fonts import FontConfiguration

    if not hasattr(fontconfig, "FcConfigCreate"):
        ffi.cdef("FcConfig * FcConfigCreate (void);")

    first = next(iter(FACES))

    class OursAlone(FontConfiguration):  # type: ignore[misc] # WeasyPrint comes without types
        """Starts from an empty list of fonts."""

        def __init__(self) -> None:
            super().__init__()
            self._config = fontconfig.FcConfigCreate()
            if not fontconfig.FcConfigAppFontAddFile(self._config, str(_file(first)).encode()):
                raise _damaged(first)
            pangoft2.pango_fc_font_map_set_config(
                ffi.cast("PangoFcFontMap *", self.font_map), self._config
            )
            # The font map keeps a hold of its own on it.
            fontconfig.FcConfigDestroy(self._config)

    return OursAlone()


def unprintable(record: Record) -> tuple[str, ...]:
    """A sentence for each place in the record with characters that the document cannot print."""
    return unprintable_in(places.texts(record))


def unprintable_in(texts: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The same of texts, each with the place where its writer would look for it."""
    printable = _printable()
    sentences = []
    for where, text in texts:
        odd = {char for char in text if char not in printable}
        if marks := sorted(odd & _DIRECTION):
            sentences.append(
                f"{where} has invisible characters that turn round the order in which its text is "
                f"read: {_list(marks)}. Take them out."
            )
        if others := sorted(odd - _DIRECTION):
            sentences.append(
                f"{where} has characters that the document’s font cannot print: {_list(others)}. "
                "Write them in words or leave them out."
            )
    return tuple(sentences)


def _list(odd: list[str]) -> str:
    """The first few of some characters, by name."""
    more = f" and {len(odd) - 5} more" if len(odd) > 5 else ""
    return ", ".join(_named(char) for char in odd[:5]) + more


def _printable() -> frozenset[str]:
    """Every character that all faces have, and those that print as nothing."""
    covered = [_coverage(name, read(name)) for name in FACES]
    return frozenset.intersection(*covered) - _DIRECTION | _SILENT


@lru_cache(maxsize=8)
def _coverage(name: str, font: bytes) -> frozenset[str]:
    """The characters of one font file. `name` is for the refusal of a damaged one."""
    from fontTools.ttLib import TTFont, TTLibError

    try:
        characters = TTFont(BytesIO(font), lazy=True).getBestCmap() or {}
    except (TTLibError, OSError, ValueError) as error:
        raise _damaged(name) from error
    return frozenset(chr(code) for code in characters)


def _file(name: str) -> Path:
    return Path(settings.DOCUMENT_FONTS) / name


def _damaged(name: str) -> RenderingError:
    return RenderingError(
        f"The document cannot be made because the font file {name} is damaged. "
        "Run the project’s set-up again: it brings the fonts."
    )


def _named(char: str) -> str:
    """A character as an officer can look for it: itself, and its name."""
    name = unicodedata.name(char, "no name").lower()
    shown = "" if unicodedata.category(char).startswith("C") else f"“{char}”, "
    return f"{shown}{name} (U+{ord(char):04X})"
