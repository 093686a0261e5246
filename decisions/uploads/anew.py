"""A PDF made anew from what stands on the pages of another: nothing comes over but by its name.

What the pages do not lead to is not looked for, and of what they lead to only the entries that are
named here come over, as numbers and names. Texts come over only where a reader needs them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, Final

import pikepdf

from decisions.uploads.kinds import Unfit

DAMAGED: Final = "The PDF is damaged. Save it again and upload the new file."
PRIVATE: Final = "Private data of the program that wrote it."
_DEEPEST: Final = 8
_COMMENT: Final = re.compile(rb"%[^\r\n]*")
# Entries of the standard that say nothing of anybody and are not needed: of their loss no word.
_NOT_MISSED: Final = frozenset(
    {
        *("/Length", "/Filter", "/DecodeParms", "/Name", "/ProcSet", "/FormType", "/OC", "/Type"),
        *("/TrimBox", "/BleedBox", "/ArtBox", "/CIDSet", "/CharSet", "/FontFamily", "/Trans"),
        *("/Dur", "/Thumb", "/Annots", "/Parent", "/Contents", "/StructParent", "/StructParents"),
        *("/Attributes", "/HT", "/TR", "/TR2", "/BG", "/BG2", "/UCR", "/UCR2", "/Alternate"),
        *("/Subtype", "/H", "/C", "/QuadPoints", "/BS", "/PA", "/M", "/NM", "/P", "/Properties"),
        *("/BoxColorInfo", "/TemplateInstantiated", "/Lang", "/Style", "/FD", "/DL", "/Tabs"),
        *("/Resources", "/ColorTransform", "/Headers"),
    }
)


class Nothing(Exception):
    """What stands there is not of the kind that may come over."""


class Anew:
    """The document that is made, what of the other it was made of, and what was left out."""

    def __init__(self, source: pikepdf.Pdf, target: pikepdf.Pdf) -> None:
        self.source = source
        self.target = target
        self.left_out: set[str] = set()
        self._made: dict[tuple[Any, ...], Any] = {}
        self._making: set[tuple[Any, ...]] = set()

    def once(self, thing: Any, kind: str, make: Callable[[Any], Any], *by: Any) -> Any:
        """What the thing becomes: made when first met. Raises Unfit for one that holds itself."""
        if not thing.is_indirect:
            return make(thing)
        key = (thing.objgen, kind, *by)
        if key in self._making:
            raise Unfit(DAMAGED)
        if key not in self._made:
            self._making.add(key)
            made = make(thing)
            self._made[key] = made if made.is_indirect else self.target.make_indirect(made)
            self._making.discard(key)
        return self._made[key]

    def met(self) -> set[tuple[int, int]]:
        """The objects of the other document that came over."""
        return {key[0] for key in self._made}

    def fields(
        self, thing: Any, keys: Iterable[str], **special: Callable[[Any], Any]
    ) -> dict[str, Any]:
        """These entries of a dictionary: plain ones as they are, special ones by their makers."""
        kept: dict[str, Any] = {}
        makers = {f"/{key}": make for key, make in special.items()} | dict.fromkeys(keys, plain)
        for key, make in makers.items():
            value = thing.get(key)
            if value is None:
                continue
            try:
                kept[key] = make(value)
            except Nothing:
                self.left_out.add(PRIVATE)
        if not {str(key) for key in thing.keys()} <= makers.keys() | _NOT_MISSED:  # noqa: SIM118 - no mapping
            self.left_out.add(PRIVATE)
        return kept

    def dictionary(
        self, thing: Any, keys: Iterable[str], **special: Callable[[Any], Any]
    ) -> pikepdf.Dictionary:
        """A dictionary of these entries. Raises Nothing where there is no dictionary."""
        return pikepdf.Dictionary(self.fields(dictionary(thing), keys, **special))

    def stream(
        self, data: bytes, entries: dict[str, Any], packed: dict[str, Any] | None = None
    ) -> pikepdf.Stream:
        """A stream with this content; `packed` says how it is packed, where it is."""
        made = self.target.make_stream(data)
        for key, value in (entries | (packed or {})).items():
            made[key] = value
        return made


def plain(value: Any, depth: int = 0) -> Any:
    """A number, a name, or a list of such. Raises Nothing for a text and for all else."""
    if value is None or isinstance(value, bool | int | Decimal):
        return value
    if isinstance(value, pikepdf.Name):
        return pikepdf.Name(str(value))
    if isinstance(value, pikepdf.Array) and depth < _DEEPEST:
        return pikepdf.Array([plain(one, depth + 1) for one in value])
    raise Nothing


def dictionary(thing: Any) -> Any:
    """The thing, which is a dictionary or has one. Raises Nothing."""
    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        raise Nothing
    return thing


def stream(thing: Any) -> Any:
    """The thing, which is a stream. Raises Nothing."""
    if not isinstance(thing, pikepdf.Stream):
        raise Nothing
    return thing


def text(value: Any) -> pikepdf.String:
    """A text that is meant to be read. Raises Nothing."""
    if not isinstance(value, pikepdf.String):
        raise Nothing
    return pikepdf.String(str(value))


def without_comments(program: bytes) -> bytes:
    """A table of letters or a function, of which no text can hold the sign of a comment."""
    return _COMMENT.sub(b"", program)
