"""The tags of a PDF made anew: those of what its pages draw and of its links, and no others.

A tag says what a passage is, for people who listen. Its wording for pictures, letters and short
forms comes over with it; where nothing of the passage is left on a page, the tag is not made.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import pikepdf

from decisions.uploads.active import Entries, name_of
from decisions.uploads.anew import Anew, Nothing, text
from decisions.uploads.tag_names import known_tag

_ELEMENT: Final = pikepdf.Name.StructElem
GONE: Final = "Tags of things that no page shows."
_ATTRIBUTES: Final = (
    *("/O", "/Placement", "/WritingMode", "/BackgroundColor", "/BorderColor", "/BorderStyle"),
    *("/BorderThickness", "/Padding", "/Color", "/SpaceBefore", "/SpaceAfter", "/StartIndent"),
    *("/EndIndent", "/TextIndent", "/TextAlign", "/BBox", "/Width", "/Height", "/BlockAlign"),
    *("/InlineAlign", "/TBorderStyle", "/TPadding", "/BaselineShift", "/LineHeight"),
    *("/TextDecorationColor", "/TextDecorationThickness", "/TextDecorationType", "/RubyAlign"),
    *("/RubyPosition", "/GlyphOrientationVertical", "/ColumnCount", "/ColumnGap"),
    *("/ColumnWidths", "/ListNumbering", "/RowSpan", "/ColSpan", "/Scope"),
)
# An empty cell keeps its place in a table; of these an empty one is the tag of what is gone.
_NOTHING_WITHOUT_CONTENT: Final = frozenset({"/Figure", "/Formula", "/Link", "/Annot", "/Form"})
# The number by which a tag finds a link as a whole.
WHOLE: Final = -1
_LANGUAGE: Final = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,4}")


@dataclass
class Place:
    """A page, drawing or link of the PDF that is made: what tags may find there, and which did."""

    made: Any
    marks: frozenset[int]
    is_page: bool = False
    tagged: dict[int, Any] = field(default_factory=dict)


@dataclass
class Tree:
    """The places of a document, by the object that each was made of."""

    anew: Anew
    pages: dict[tuple[int, int], Place]
    forms: dict[tuple[int, int], Place]
    links: dict[tuple[int, int], Place]


@dataclass
class _Kids:
    """What stands in a tag: whether anything was, whether it is left, and what is."""

    kept: list[Any] = field(default_factory=list)
    lives: bool = False
    lost: bool = False


def language(value: Any) -> pikepdf.String:
    """The name of a language. Raises Nothing for another text."""
    said = str(value) if isinstance(value, pikepdf.String) else ""
    if not _LANGUAGE.fullmatch(said):
        raise Nothing
    return pikepdf.String(said)


_SPOKEN: Final = {"/Lang": language, "/Alt": text, "/ActualText": text, "/E": text}


def tags(tree: Tree) -> pikepdf.Dictionary | None:
    """The root of the tags of what is left, or None where nothing has a tag."""
    root = tree.anew.source.Root.get("/StructTreeRoot")
    if not isinstance(root, pikepdf.Dictionary):
        return None
    made = tree.anew.target.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot))
    kids = _Tagging(tree, root).kids(root.get("/K"), made, None)
    if kids.lost:
        tree.anew.left_out.add(GONE)
    if not kids.lives:
        return None
    made.K = pikepdf.Array(kids.kept)
    _lead_back(tree, made)
    return made


class _Tagging:
    def __init__(self, tree: Tree, root: Any) -> None:
        self.tree = tree
        self.roles = root.get("/RoleMap")
        self.classes = root.get("/ClassMap", pikepdf.Dictionary())
        self.seen: set[tuple[int, int]] = set()
        self._tags: dict[str, Any] = {}

    def kids(self, held: Any, parent: Any, page: Any) -> _Kids:
        """What is left of what stands in a tag; `page` is where its marks are, if it says."""
        found = _Kids()
        for one in _each(held):
            made = self._kid(one, parent, page)
            if made is None:
                found.lost = True
            else:
                kid, lives = made
                found.kept.append(kid)
                found.lives = found.lives or lives
        return found

    def _kid(self, one: Any, parent: Any, page: Any) -> tuple[Any, bool] | None:
        if isinstance(one, int):
            return self._mark(one, _at(self.tree.pages, page), parent)
        if not isinstance(one, pikepdf.Dictionary):
            return None
        if "/S" in one:
            return self._element(one, parent, page)
        page = one.get("/Pg", page)
        kind = name_of(one, "/Type")
        if kind == "/OBJR":
            link = _at(self.tree.links, one.get("/Obj"))
            return None if link is None else self._mark(WHOLE, link, parent)
        on = _at(self.tree.pages, page)
        if "/Stm" not in one:
            return self._mark(one.get("/MCID"), on, parent)
        drawing = _at(self.tree.forms, one["/Stm"])
        made = self._mark(one.get("/MCID"), drawing, parent)
        if made is not None and drawing is not None:
            made[0].Stm = drawing.made
            if on is not None:
                made[0].Pg = on.made
        return made

    def _mark(self, number: Any, place: Place | None, parent: Any) -> tuple[Any, bool] | None:
        """Where a passage stands: nothing when it stands nowhere, or belongs to another tag."""
        if not isinstance(number, int) or place is None:
            return None
        if number not in place.marks or number in place.tagged:
            return None
        place.tagged[number] = parent
        if number == WHOLE:
            return pikepdf.Dictionary(Type=pikepdf.Name.OBJR, Obj=place.made), True
        where = pikepdf.Dictionary(Type=pikepdf.Name.MCR, MCID=number)
        if place.is_page:
            where.Pg = place.made
        return where, True

    def _element(self, one: Any, parent: Any, page: Any) -> tuple[Any, bool] | None:
        if one.is_indirect:
            if one.objgen in self.seen:
                return None
            self.seen.add(one.objgen)
        entries = dict(one.items())
        tag = self._tag(entries["/S"])
        made = self.tree.anew.target.make_indirect(
            pikepdf.Dictionary({"/Type": _ELEMENT, "/S": tag, "/P": parent})
        )
        kids = self.kids(entries.get("/K"), made, entries.get("/Pg", page))
        gone = not kids.lives and (kids.lost or str(tag) in _NOTHING_WITHOUT_CONTENT)
        if kids.lost or gone:
            self.tree.anew.left_out.add(GONE)
        if gone:
            return None
        if kids.kept:
            made.K = kids.kept[0] if len(kids.kept) == 1 else pikepdf.Array(kids.kept)
        self._say(entries, made, lives=kids.lives)
        return made, kids.lives

    def _tag(self, said: Any) -> Any:
        """The name of the tag, found once for each that the document has."""
        key = str(said)
        if key not in self._tags:
            self._tags[key] = pikepdf.Name(known_tag(said, self.roles))
        return self._tags[key]

    def _say(self, entries: Entries, made: Any, *, lives: bool) -> None:
        """Of what a tag says of its passage, what a screen reader reads out, if there is one."""
        if "/A" in entries or "/C" in entries:
            attributes = [*_each(entries.get("/A")), *self._of_classes(entries.get("/C"))]
            spoken = {"Summary": text} if lives else {}
            kept = [
                self.tree.anew.dictionary(held, _ATTRIBUTES, **spoken)
                for held in attributes
                if isinstance(held, pikepdf.Dictionary)
            ]
            if kept:
                made.A = pikepdf.Array(kept)
        for key in _SPOKEN.keys() & entries.keys() if lives else ():
            with suppress(Nothing):
                made[key] = _SPOKEN[key](entries[key])

    def _of_classes(self, names: Any) -> list[Any]:
        found: list[Any] = []
        for name in _each(names):
            if isinstance(name, pikepdf.Name) and isinstance(self.classes, pikepdf.Dictionary):
                found += _each(self.classes.get(str(name)))
        return found


def _each(held: Any) -> list[Any]:
    if held is None:
        return []
    return list(held) if isinstance(held, pikepdf.Array) else [held]


def _at(places: dict[tuple[int, int], Place], thing: Any) -> Place | None:
    return places.get(thing.objgen) if isinstance(thing, pikepdf.Object) else None


def _lead_back(tree: Tree, root: pikepdf.Dictionary) -> None:
    """Say of each place which tags found something there, as screen readers ask."""
    numbers: list[Any] = []
    following = 0
    for place in (*tree.pages.values(), *tree.forms.values()):
        if place.tagged:
            holders = [place.tagged.get(mark) for mark in range(max(place.tagged) + 1)]
            place.made.StructParents = following
            numbers += [following, tree.anew.target.make_indirect(pikepdf.Array(holders))]
            following += 1
    for link in tree.links.values():
        if link.tagged:
            link.made.StructParent = following
            numbers += [following, link.tagged[WHOLE]]
            following += 1
    root.ParentTree = tree.anew.target.make_indirect(
        pikepdf.Dictionary(Nums=pikepdf.Array(numbers))
    )
    root.ParentTreeNextKey = following
