"""Colours, shadings, and the functions they are made with, for a PDF made anew."""

from __future__ import annotations

from typing import Any, Final

import pikepdf

from decisions.uploads.anew import Anew, Nothing, plain, stream, without_comments

_MEASURED: Final = frozenset({"/CalGray", "/CalRGB", "/Lab"})
_MEASURES: Final = ("/WhitePoint", "/BlackPoint", "/Gamma", "/Matrix", "/Range")
_INKS: Final = frozenset({"/Separation", "/DeviceN"})
_FUNCTION: Final = (
    *("/FunctionType", "/Domain", "/Range", "/Size", "/BitsPerSample", "/Order", "/Encode"),
    *("/Decode", "/C0", "/C1", "/N", "/Bounds"),
)
_SHADING: Final = (
    *("/ShadingType", "/Background", "/BBox", "/AntiAlias", "/Domain", "/Matrix", "/Coords"),
    *("/Extend", "/BitsPerCoordinate", "/BitsPerComponent", "/BitsPerFlag", "/VerticesPerRow"),
    "/Decode",
)
_PROGRAM: Final = 4


def colours(anew: Anew, thing: Any) -> Any:
    """A way of saying colours. Raises Nothing for what is none."""
    if isinstance(thing, pikepdf.Name):
        return plain(thing)
    if not isinstance(thing, pikepdf.Array) or not len(thing):
        raise Nothing
    return anew.once(thing, "colours", lambda one: _colours(anew, one))


def _colours(anew: Anew, thing: Any) -> pikepdf.Array:
    kind = str(thing[0])
    parts = list(thing)[1:]
    made: list[Any] = []
    if kind == "/Pattern":
        made = [colours(anew, one) for one in parts[:1]]
    elif kind in _MEASURED and parts:
        made = [anew.dictionary(parts[0], _MEASURES)]
    elif kind == "/ICCBased" and parts:
        made = [anew.once(stream(parts[0]), "profile", lambda one: _profile(anew, one))]
    elif kind == "/Indexed" and len(parts) > 2:
        made = [colours(anew, parts[0]), plain(parts[1]), _table(anew, parts[2])]
    elif kind in _INKS and len(parts) > 2:
        made = [plain(parts[0]), colours(anew, parts[1]), function(anew, parts[2])]
    elif not kind.startswith("/Device"):
        raise Nothing
    return pikepdf.Array([pikepdf.Name(kind), *made])


def _profile(anew: Anew, thing: Any) -> pikepdf.Stream:
    return anew.stream(
        thing.read_bytes(),
        anew.fields(thing, ("/N", "/Range"), Alternate=lambda one: colours(anew, one)),
    )


def _table(anew: Anew, thing: Any) -> Any:
    if isinstance(thing, pikepdf.String):
        return pikepdf.String(bytes(thing))
    return anew.once(stream(thing), "table", lambda one: anew.stream(one.read_bytes(), {}))


def how_many(thing: Any) -> int:
    """The number of figures that say one colour; nought where this cannot be said."""
    if isinstance(thing, pikepdf.Array) and len(thing) > 1:
        kind = str(thing[0])
        if kind == "/ICCBased":
            said = thing[1].get("/N", 0)
            return said if isinstance(said, int) else 0
        if kind == "/DeviceN":
            return len(thing[1])
        return {"/CalGray": 1, "/CalRGB": 3, "/Lab": 3, "/Indexed": 1, "/Separation": 1}.get(
            kind, 0
        )
    if isinstance(thing, pikepdf.Array) and len(thing):
        thing = thing[0]
    return {"/DeviceGray": 1, "/DeviceRGB": 3, "/DeviceCMYK": 4}.get(str(thing), 0)


def function(anew: Anew, thing: Any) -> Any:
    """A function, a list of functions, or the name of one. Raises Nothing for what is none."""
    if isinstance(thing, pikepdf.Name):
        return plain(thing)
    if isinstance(thing, pikepdf.Array):
        return pikepdf.Array([function(anew, one) for one in thing])
    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        raise Nothing
    return anew.once(thing, "function", lambda one: _function(anew, one))


def _function(anew: Anew, thing: Any) -> Any:
    kept = anew.fields(thing, _FUNCTION, Functions=lambda inner: function(anew, inner))
    if not isinstance(thing, pikepdf.Stream):
        return pikepdf.Dictionary(kept)
    data = thing.read_bytes()
    is_program = kept.get("/FunctionType") == _PROGRAM
    return anew.stream(without_comments(data) if is_program else data, kept)


def shading(anew: Anew, thing: Any) -> Any:
    """A shading. Raises Nothing for what is none."""
    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        raise Nothing
    return anew.once(thing, "shading", lambda one: _shading(anew, one))


def _shading(anew: Anew, thing: Any) -> Any:
    kept = anew.fields(
        thing,
        _SHADING,
        ColorSpace=lambda one: colours(anew, one),
        Function=lambda one: function(anew, one),
    )
    if isinstance(thing, pikepdf.Stream):
        return anew.stream(thing.read_bytes(), kept)
    return pikepdf.Dictionary(kept)
