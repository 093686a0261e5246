"""What pages draw, made anew: drawings within drawings, pictures, patterns and drawn letters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final

import pikepdf

from decisions.uploads import packing
from decisions.uploads.active import name_of
from decisions.uploads.anew import DAMAGED, PRIVATE, Anew, Nothing, dictionary, plain, stream
from decisions.uploads.colours import colours, function, how_many, shading
from decisions.uploads.content import Drawn, drawn
from decisions.uploads.fonts import encoding, font, is_drawn, letters, measures
from decisions.uploads.kinds import Unfit

_RESOURCES: Final = frozenset(
    {
        *("/Font", "/XObject", "/ExtGState", "/ColorSpace", "/Pattern", "/Shading"),
        *("/Properties", "/ProcSet"),
    }
)
_ALWAYS: Final = ("/DefaultGray", "/DefaultRGB", "/DefaultCMYK")
_STATE: Final = (
    *("/Type", "/LW", "/LC", "/LJ", "/ML", "/D", "/RI", "/OP", "/op", "/OPM", "/FL", "/SM", "/SA"),
    *("/BM", "/CA", "/ca", "/AIS", "/TK"),
)
_TILE: Final = (
    *("/Type", "/PatternType", "/PaintType", "/TilingType", "/BBox", "/XStep", "/YStep"),
    "/Matrix",
)
_DRAWN_FONT: Final = (
    *("/Type", "/Subtype", "/FontBBox", "/FontMatrix", "/FirstChar", "/LastChar", "/Widths"),
)
_PAGE: Final = ("/Rotate", "/UserUnit")
_MOST_PARENTS: Final = 50
_CORNERS: Final = 4


class Drawings:
    """What was made anew of the drawings of a document.

    `forms` finds, by the object it was, what became of a drawing and the marks in it.
    """

    def __init__(self, anew: Anew) -> None:
        self.anew = anew
        self.forms: dict[tuple[int, int], tuple[Any, set[int]]] = {}
        self._page = 0

    def page(self, page: Any) -> tuple[pikepdf.Dictionary, set[int]]:
        """A page that draws the same, and the numbers by which tags find what it draws."""
        self._page += 1
        resources = _inherited(page, "/Resources")
        found, made = self._content(_instructions(page), resources or pikepdf.Dictionary())
        kept = self.anew.fields(page, _PAGE, Group=self._group, MediaBox=_box, CropBox=_box)
        for key, make in (("/MediaBox", _box), ("/CropBox", _box), ("/Rotate", plain)):
            value = _inherited(page, key)
            if key not in kept and value is not None:
                kept[key] = make(value)
        if "/MediaBox" not in kept:
            raise Unfit(DAMAGED)
        kept |= {"/Type": pikepdf.Name.Page, "/Resources": made}
        kept["/Contents"] = self.anew.target.make_stream(found.content)
        return self.anew.target.make_indirect(pikepdf.Dictionary(kept)), found.marks

    def _content(self, instructions: bytes, resources: Any) -> tuple[Drawn, pikepdf.Dictionary]:
        """What instructions draw, and the resources that they need for it, made anew."""

        def inline(image: Any, found: Drawn) -> bytes:
            return self._inline(image, found, resources)

        properties = resources.get("/Properties", pikepdf.Dictionary())
        found = drawn(self.anew.source, instructions, properties, inline)
        self.anew.left_out |= found.left_out
        return found, self._resources(found.used, resources)

    def _resources(self, used: dict[str, set[str]], resources: Any) -> pikepdf.Dictionary:
        if not {str(key) for key in dictionary(resources).keys()} <= _RESOURCES:  # noqa: SIM118 - no mapping
            self.anew.left_out.add(PRIVATE)
        makers = {
            "/Font": lambda one: self._font(one, resources),
            "/XObject": lambda one: self._drawing(one, resources),
            "/ExtGState": lambda one: self._state(one, resources),
            "/ColorSpace": lambda one: colours(self.anew, one),
            "/Pattern": lambda one: self._pattern(one, resources),
            "/Shading": lambda one: shading(self.anew, one),
        }
        made = {}
        for kind, make in makers.items():
            held = resources.get(kind)
            names = sorted(used.get(kind, set()) | set(_ALWAYS if kind == "/ColorSpace" else ()))
            if isinstance(held, pikepdf.Dictionary):
                kept = self._named(held, names, make)
                if kept:
                    made[kind] = pikepdf.Dictionary(kept)
        return pikepdf.Dictionary(made)

    def _named(self, held: Any, names: list[str], make: Callable[[Any], Any]) -> dict[str, Any]:
        kept = {}
        for name in names:
            try:
                if name in held:
                    kept[name] = make(held[name])
            except Nothing:
                self.anew.left_out.add(PRIVATE)
        return kept

    def _own(self, thing: Any, resources: Any) -> tuple[Any, tuple[int, ...]]:
        """The resources of a drawing, and what else it is known by: its page, when it has none."""
        own = thing.get("/Resources")
        return (own, ()) if isinstance(own, pikepdf.Dictionary) else (resources, (self._page,))

    def _drawing(self, thing: Any, resources: Any) -> Any:
        kind = name_of(stream(thing), "/Subtype")
        if kind == "/Image":
            return self._picture(thing)
        if kind != "/Form":
            raise Nothing
        return self._form(thing, resources)

    def _form(self, thing: Any, resources: Any) -> Any:
        own, by = self._own(stream(thing), resources)

        def make(form: Any) -> Any:
            found, made = self._content(form.read_bytes(), own)
            kept = self.anew.fields(
                form, ("/BBox", "/Matrix"), Group=self._group, Resources=lambda _: made
            )
            kept |= {"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Form}
            drawing = self.anew.stream(found.content, kept | {"/Resources": made})
            self.forms.setdefault(form.objgen, (drawing, found.marks))
            return drawing

        return self.anew.once(thing, "form", make, *by)

    def _group(self, thing: Any) -> pikepdf.Dictionary:
        return self.anew.dictionary(
            thing, ("/Type", "/S", "/I", "/K"), CS=lambda one: colours(self.anew, one)
        )

    def _picture(self, thing: Any) -> Any:
        return self.anew.once(stream(thing), "picture", self._make_picture)

    def _mask(self, thing: Any) -> Any:
        return self.anew.once(stream(thing), "mask", self._make_dots)

    def _make_picture(self, picture: Any) -> Any:
        """A picture with its masks; at those of a mask no reader looks (ISO 32000-1, 11.6.5.3)."""
        return self._make_dots(
            picture,
            SMask=self._mask,
            Mask=lambda one: self._mask(one) if isinstance(one, pikepdf.Stream) else plain(one),
        )

    def _make_dots(self, picture: Any, **masks: Callable[[Any], Any]) -> Any:
        kept = self.anew.fields(
            picture,
            packing.PICTURE,
            ColorSpace=lambda one: colours(self.anew, one),
            **masks,
        )
        kept |= {"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image}
        data, how = packing.dots(self.anew, picture, how_many(kept.get("/ColorSpace")))
        return self.anew.stream(data, kept, how)

    def _inline(self, image: Any, found: Drawn, resources: Any) -> bytes:
        said = image.obj.get("/ColorSpace")
        named = resources.get("/ColorSpace", pikepdf.Dictionary())
        if isinstance(said, pikepdf.Name):
            found.used["/ColorSpace"].add(str(said))
        made = None if said is None else colours(self.anew, said)
        meant = named.get(str(said), said) if isinstance(said, pikepdf.Name) else said
        return packing.inline(self.anew, image, made, how_many(meant))

    def _state(self, thing: Any, resources: Any) -> Any:
        def font_and_size(one: Any) -> pikepdf.Array:
            return pikepdf.Array([self._font(one[0], resources), plain(one[1])])

        def mask(one: Any) -> Any:
            if isinstance(one, pikepdf.Name):
                return plain(one)
            return self.anew.dictionary(
                one,
                ("/Type", "/S", "/BC"),
                G=lambda form: self._form(form, resources),
                TR=lambda made: function(self.anew, made),
            )

        return self.anew.dictionary(
            thing,
            _STATE,
            Font=font_and_size,
            SMask=mask,
            TR=lambda one: function(self.anew, one),
            TR2=lambda one: function(self.anew, one),
        )

    def _pattern(self, thing: Any, resources: Any) -> Any:
        if not isinstance(thing, pikepdf.Stream):
            return self.anew.dictionary(
                thing,
                ("/Type", "/PatternType", "/Matrix"),
                Shading=lambda one: shading(self.anew, one),
                ExtGState=lambda one: self._state(one, resources),
            )
        own, by = self._own(thing, resources)

        def make(tile: Any) -> Any:
            found, made = self._content(tile.read_bytes(), own)
            kept = self.anew.fields(tile, _TILE, Resources=lambda _: made)
            return self.anew.stream(found.content, kept | {"/Resources": made})

        return self.anew.once(thing, "pattern", make, *by)

    def _font(self, thing: Any, resources: Any) -> Any:
        if not is_drawn(dictionary(thing)):
            return self.anew.once(thing, "font", lambda one: font(self.anew, one))
        own, by = self._own(thing, resources)
        return self.anew.once(thing, "font", lambda one: self._drawn_font(one, own), *by)

    def _drawn_font(self, thing: Any, resources: Any) -> pikepdf.Dictionary:
        """A font whose letters are drawn by instructions: those letters that have a code."""
        used: dict[str, set[str]] = defaultdict(set)

        def letter(one: Any) -> Any:
            found, _ = self._content(stream(one).read_bytes(), resources)
            for kind, names in found.used.items():
                used[kind] |= names
            return self.anew.target.make_stream(found.content)

        kept = self.anew.fields(
            thing,
            _DRAWN_FONT,
            Encoding=lambda one: encoding(self.anew, one),
            ToUnicode=lambda one: letters(self.anew, one),
            FontDescriptor=lambda one: measures(self.anew, one),
            CharProcs=lambda one: pikepdf.Dictionary(
                self._named(one, _names_of(thing.get("/Encoding")), letter)
            ),
            Resources=lambda _: None,
        )
        kept["/Resources"] = self._resources(used, resources)
        return pikepdf.Dictionary(kept)


def _names_of(said: Any) -> list[str]:
    differing = said.get("/Differences") if isinstance(said, pikepdf.Dictionary) else None
    return sorted({str(one) for one in differing or () if isinstance(one, pikepdf.Name)})


def _instructions(page: Any) -> bytes:
    held = page.get("/Contents")
    parts = held if isinstance(held, pikepdf.Array) else [held]
    return b"\n".join(one.read_bytes() for one in parts if isinstance(one, pikepdf.Stream))


def _inherited(page: Any, key: str) -> Any:
    for _ in range(_MOST_PARENTS):
        if not isinstance(page, pikepdf.Dictionary):
            return None
        if key in page:
            return page[key]
        page = page.get("/Parent")
    return None


def _box(value: Any) -> pikepdf.Array:
    box = plain(value)
    if not isinstance(box, pikepdf.Array) or len(box) != _CORNERS:
        raise Unfit(DAMAGED)
    return box
