"""Pictures of which the pages of a PDF show only a part: the rest of them is in the file too.

Who cuts a picture in a text or a page in a PDF often only hides what is beyond the edges. A
photograph cannot be cut without drawing it anew, so it is published whole; whoever approves the
file is told. Measured by the smallest upright boxes around picture and window, so that a picture
behind a round window counts as shown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import pikepdf

from decisions.uploads.active import name_of

# Less than this share of a picture that is shown: it is cut, and not just trimmed at an edge.
_WHOLE: Final = 0.9
_DEEPEST: Final = 6
# Instructions that are looked at, which takes seconds: a plan of a town may have more.
MOST_STEPS: Final = 300_000
_CORNERS: Final = ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0))
_ENDS_PATH: Final = frozenset({"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "n"})
_POINTS: Final = frozenset({"m", "l", "c", "v", "y"})
_INLINE: Final = "INLINE IMAGE"
_END_OF_INLINE: Final = b"EI"

Box = tuple[float, float, float, float]
Matrix = tuple[float, ...]
_PLAIN: Final[Matrix] = (1, 0, 0, 1, 0, 0)


@dataclass(frozen=True)
class _Place:
    """Where an instruction draws, and the box beyond which nothing is seen."""

    matrix: Matrix
    window: Box


def cut_pictures(document: pikepdf.Pdf) -> tuple[int, bool]:
    """How many times the pages show a picture only in part, or not at all, of a PDF made anew.

    And whether all that its pages draw was looked at.
    """
    looking = _Looking()
    for page in document.pages:
        window = _common(_box(page.mediabox), _box(page.cropbox))
        if _has_pictures(page.obj.Resources, page.obj.Contents):
            looking.at(page.obj, page.obj.Resources, _Place(_PLAIN, window))
    return looking.cut, looking.left >= 0


def _has_pictures(resources: Any, drawn: Any) -> bool:
    """Whether instructions may draw a picture, theirs or another drawing's."""
    return "/XObject" in resources or _END_OF_INLINE in drawn.read_bytes()


class _Looking:
    def __init__(self) -> None:
        self.cut = 0
        self.left = MOST_STEPS

    def at(self, drawn: Any, resources: Any, place: _Place, depth: int = 0) -> None:
        """Look at what a page, or a drawing on it, draws."""
        held = resources.get("/XObject", pikepdf.Dictionary())
        path = _Path()
        kept: list[_Place] = []
        for step in pikepdf.parse_content_stream(drawn):
            self.left -= 1
            if self.left < 0:
                return
            name, given = str(step.operator), step.operands
            if name == "q":
                kept.append(place)
            elif name == "Q":
                place = kept.pop() if kept else place
            elif name == "cm":
                place = replace(place, matrix=_times(_numbers(given), place.matrix))
            elif name == "Do":
                self._inner(held.get(str(given[0])), resources, place, depth)
            elif name == _INLINE:
                self._picture(place)
            else:
                place = path.follow(name, given, place)

    def _inner(self, drawn: Any, resources: Any, place: _Place, depth: int) -> None:
        kind = name_of(drawn, "/Subtype") if isinstance(drawn, pikepdf.Stream) else ""
        if kind == "/Image":
            self._picture(place)
        elif kind == "/Form" and depth < _DEEPEST:
            inner = drawn.get("/Resources", resources)
            if _has_pictures(inner, drawn):
                self.at(drawn, inner, _within(drawn, place), depth + 1)
        elif kind == "/Form":
            self.left = -1

    def _picture(self, place: _Place) -> None:
        whole = _around(place.matrix, (0, 0, 1, 1))
        shown = _common(place.window, whole)
        self.cut += _area(shown) <= _WHOLE * _area(whole)


class _Path:
    """The box around the path that is being drawn, which may become a window."""

    def __init__(self) -> None:
        self._points: list[tuple[float, float]] = []
        self._is_window = False

    def follow(self, name: str, given: Any, place: _Place) -> _Place:
        if name in _POINTS:
            numbers = _numbers(given)
            for at in range(0, len(numbers), 2):
                self._points.append(_moved(place.matrix, numbers[at], numbers[at + 1]))
        elif name == "re":
            left, bottom, width, height = _numbers(given)
            for x, y in _CORNERS:
                self._points.append(_moved(place.matrix, left + x * width, bottom + y * height))
        elif name in {"W", "W*"}:
            self._is_window = True
        elif name in _ENDS_PATH:
            if self._is_window and self._points:
                place = replace(place, window=_common(place.window, _bounds(self._points)))
            self._points, self._is_window = [], False
        return place


def _within(form: Any, place: _Place) -> _Place:
    """Where a drawing draws that stands at a place; an edge that is no box cuts nothing."""
    moved, edge = form.get("/Matrix"), form.get("/BBox")
    matrix = place.matrix
    if isinstance(moved, pikepdf.Array) and len(moved) == len(_PLAIN):
        matrix = _times(_numbers(moved), matrix)
    if not isinstance(edge, pikepdf.Array) or len(edge) != len(_CORNERS):
        return _Place(matrix, place.window)
    return _Place(matrix, _common(place.window, _around(matrix, _box(edge))))


def _numbers(given: Any) -> Matrix:
    return tuple(float(one) for one in given)


def _moved(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    origin = _moved(then, e, f)
    right, up = _moved(then, a + e, b + f), _moved(then, c + e, d + f)
    return (
        *(right[0] - origin[0], right[1] - origin[1]),
        *(up[0] - origin[0], up[1] - origin[1]),
        *origin,
    )


def _around(matrix: Matrix, box: Box) -> Box:
    left, bottom, right, top = box
    return _bounds([_moved(matrix, x, y) for x in (left, right) for y in (bottom, top)])


def _bounds(points: list[tuple[float, float]]) -> Box:
    across, up = zip(*points, strict=True)
    return min(across), min(up), max(across), max(up)


def _box(said: Any) -> Box:
    left, bottom, right, top = map(float, said)
    return min(left, right), min(bottom, top), max(left, right), max(bottom, top)


def _common(one: Box, other: Box) -> Box:
    return (
        *(max(one[0], other[0]), max(one[1], other[1])),
        *(min(one[2], other[2]), min(one[3], other[3])),
    )


def _area(box: Box) -> float:
    return max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0)
