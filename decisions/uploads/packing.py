"""The dots of a picture as they are packed in a PDF: those that are shown, and nothing after them.

A picture that a program cut at its lower edge may still hold what was cut; packed data may be
followed by anything. Both are left out.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any, Final

import pikepdf

from decisions.uploads.anew import DAMAGED, Anew, dictionary, plain
from decisions.uploads.kinds import Unfit
from decisions.uploads.pictures import without_boxes, without_notes

_PHOTOGRAPHS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "/DCTDecode": without_notes,
    "/JPXDecode": without_boxes,
}
_FAXES: Final = frozenset({"/CCITTFaxDecode", "/JBIG2Decode"})
_FLATE: Final = "/FlateDecode"
_PACKED: Final = frozenset(
    {_FLATE, "/LZWDecode", "/ASCII85Decode", "/ASCIIHexDecode", "/RunLengthDecode"}
)
# Those of them that are told how: others say nothing, or nothing that matters.
_TOLD_HOW: Final = frozenset({_FLATE, "/LZWDecode"})
_HOW: Final = (
    *("/Predictor", "/Colors", "/BitsPerComponent", "/Columns", "/EarlyChange", "/K", "/EndOfLine"),
    *("/EncodedByteAlign", "/Rows", "/EndOfBlock", "/BlackIs1", "/DamagedRowsBeforeError"),
    "/ColorTransform",
)
_FIRST_OF_PNG: Final = 10
_AT_A_TIME: Final = 1_000_000
_PACKED_TWICE: Final = (
    "A picture in the PDF is packed so that it cannot be cleaned. Print the document to a new PDF "
    "and upload that."
)


def dots(anew: Anew, picture: Any, figures: int) -> tuple[bytes, dict[str, Any]]:
    """The packed data of a picture, and how they are packed.

    `figures` is the number of figures for each dot, nought where it is not known. Raises Unfit for
    a picture that is damaged, or packed so that nothing can be said of what it holds.
    """
    filters = filters_of(picture)
    if filters and filters[-1] in {*_PHOTOGRAPHS, *_FAXES}:
        packed = _once_packed(anew, picture, filters)
        clean = _PHOTOGRAPHS.get(filters[-1], bytes)
        return clean(packed), _how(anew, picture, filters[-1:])
    if not set(filters) <= _PACKED:
        raise Unfit(_PACKED_TWICE)
    if filters == [_FLATE]:
        packed, length = up_to_its_end(picture.read_raw_bytes())
        if length <= _length(picture, figures, packed=True):
            return packed, _how(anew, picture, filters)
    unpacked = picture.read_bytes(pikepdf.StreamDecodeLevel.specialized)
    return shown(picture, unpacked, figures), {}


def _once_packed(anew: Anew, picture: Any, filters: list[str]) -> bytes:
    """A photograph or a fax without what some programs pack around it, as letters or smaller."""
    data: bytes = picture.read_raw_bytes()
    *around, _ = filters
    if not around:
        return data
    return _unpacked(anew, data, around, picture.get("/DecodeParms"))


def _unpacked(anew: Anew, data: bytes, filters: list[str], parms: Any) -> bytes:
    """Data without what is packed around them. Raises Unfit where only a program of pictures can.

    `parms` says how, for each filter or, where there is but one, for that.
    """
    if not set(filters) <= _PACKED:
        raise Unfit(_PACKED_TWICE)
    wrapped = pikepdf.Stream(anew.source, data)
    wrapped.Filter = pikepdf.Array([pikepdf.Name(one) for one in filters])
    if isinstance(parms, pikepdf.Dictionary):
        parms = [parms]
    if isinstance(parms, pikepdf.Array | list):
        said = zip(filters, parms, strict=False)
        how = [one if name in _TOLD_HOW else None for name, one in said]
        wrapped.DecodeParms = pikepdf.Array(how)
    unwrapped: bytes = wrapped.read_bytes(pikepdf.StreamDecodeLevel.specialized)
    return unwrapped


def filters_of(picture: Any) -> list[str]:
    found = picture.get("/Filter", pikepdf.Array())
    return [str(one) for one in (found if isinstance(found, pikepdf.Array) else [found])]


def cleaned(filters: list[str], data: bytes) -> bytes:
    """A photograph without what was written beside it. Raises Unfit where that cannot be done."""
    if len(filters) > 1:
        raise Unfit(_PACKED_TWICE)
    return _PHOTOGRAPHS[filters[0]](data)


def is_photograph(filters: list[str]) -> bool:
    return any(one in _PHOTOGRAPHS for one in filters)


def shown(picture: Any, data: bytes, figures: int) -> bytes:
    """The dots without those below the lower edge."""
    return data[: _length(picture, figures, packed=False)]


def up_to_its_end(packed: bytes) -> tuple[bytes, int]:
    """Packed data up to their end, and their length when unpacked, which is done bit by bit."""
    unpacking, length, rest = zlib.decompressobj(), 0, packed
    try:
        while not unpacking.eof:
            found = len(unpacking.decompress(rest, _AT_A_TIME))
            length, rest = length + found, unpacking.unconsumed_tail
            if not found and not rest:
                break
    except zlib.error as error:
        raise Unfit(DAMAGED) from error
    return packed[: len(packed) - len(unpacking.unused_data)], length


def _length(picture: Any, figures: int, *, packed: bool) -> int:
    """The bytes that a picture needs; the most there can be where that cannot be said."""
    width, height = picture.get("/Width"), picture.get("/Height")
    bits = 1 if picture.get("/ImageMask") is True else picture.get("/BitsPerComponent", 8)
    if picture.get("/ImageMask") is True:
        figures = 1
    if not figures or not all(isinstance(one, int) and one > 0 for one in (width, height, bits)):
        return 2**40
    row = (width * figures * bits + 7) // 8
    parms = picture.get("/DecodeParms")
    parms = parms[0] if isinstance(parms, pikepdf.Array) and len(parms) else parms
    predictor = parms.get("/Predictor", 1) if isinstance(parms, pikepdf.Dictionary) else 1
    return int(height * (row + (packed and predictor >= _FIRST_OF_PNG)))


def _how(anew: Anew, picture: Any, filters: list[str]) -> dict[str, Any]:
    """How data are packed that one filter, the last of the picture, unpacks."""
    said: dict[str, Any] = {"/Filter": pikepdf.Name(filters[0])}
    parms = picture.get("/DecodeParms")
    if isinstance(parms, pikepdf.Array) and len(parms):
        parms = parms[min(len(filters_of(picture)), len(parms)) - 1]
    if isinstance(parms, pikepdf.Dictionary):
        said["/DecodeParms"] = anew.dictionary(
            parms, _HOW, JBIG2Globals=lambda one: _shared(anew, one)
        )
    return said


def _shared(anew: Anew, thing: Any) -> Any:
    return anew.once(
        dictionary(thing), "shared by pictures", lambda one: anew.stream(one.read_bytes(), {})
    )


def inline(anew: Anew, image: Any, colours: Any, figures: int) -> bytes:
    """A picture that stands among the instructions, as it may stand among them.

    `image` is pikepdf's, with the names of its entries written out.
    """
    entries = image.obj
    filters = filters_of(entries)
    kept = anew.fields(entries, PICTURE, Filter=plain, ColorSpace=lambda _: colours)
    how = _parameters(anew, entries)
    data: bytes = image.read_raw_bytes()
    if is_photograph(filters):
        data = cleaned(filters, data)
    elif not filters:
        data = shown(entries, data, figures)
    elif filters[-1] not in _FAXES:
        unpacked = _unpacked(anew, data, filters, entries.get("/DecodeParms"))
        data, how = zlib.compress(shown(entries, unpacked, figures)), None
        kept["/Filter"] = pikepdf.Name(_FLATE)
    if how is not None:
        kept["/DecodeParms"] = how
    said: bytes = pikepdf.Dictionary(kept).unparse().strip()
    return b"BI " + said.removeprefix(b"<<").removesuffix(b">>") + b" ID " + data + b"\nEI\n"


def _parameters(anew: Anew, entries: Any) -> Any:
    said = entries.get("/DecodeParms")
    if isinstance(said, pikepdf.Dictionary):
        return anew.dictionary(said, _HOW)
    if isinstance(said, pikepdf.Array):
        return pikepdf.Array(
            [
                anew.dictionary(one, _HOW) if isinstance(one, pikepdf.Dictionary) else None
                for one in said
            ]
        )
    return None


PICTURE: Final = (
    *("/Width", "/Height", "/BitsPerComponent", "/ImageMask", "/Decode", "/Interpolate"),
    *("/Intent", "/SMaskInData", "/Matte"),
)
