"""The instructions that draw a page or a drawing, without anything said between them."""

from __future__ import annotations

import warnings
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import pikepdf

from decisions.uploads.active import name_of
from decisions.uploads.kinds import Unfit
from decisions.uploads.layers import refuse_layer
from decisions.uploads.tag_names import PLAIN_TAG, TAGS

# What follows the operands of each operator: n a number, / a name, ( a text, [ numbers, T pieces of
# text, * any number of numbers, ? a name that may be missing.
_SHAPES: Final = {
    "": "q Q h S s f F f* B B* b b* n W W* BT ET T* BX EX EMC",
    "n": "w J j M i Tc Tw Tz TL Tr Ts G g",
    "nn": "m l Td TD d0",
    "nnn": "RG rg",
    "nnnn": "v y re K k",
    "nnnnnn": "cm c Tm d1",
    "/": "ri gs CS cs sh Do",
    "/n": "Tf",
    "[n": "d",
    "(": "Tj '",
    "nn(": '"',
    "T": "TJ",
    "*": "SC sc",
    "*?": "SCN scn",
}
_OPERANDS: Final = {name: shape for shape, names in _SHAPES.items() for name in names.split()}
# The resources that an operator names.
_NAMES: Final = {
    "gs": "/ExtGState",
    "Tf": "/Font",
    "sh": "/Shading",
    "Do": "/XObject",
    "CS": "/ColorSpace",
    "cs": "/ColorSpace",
    "SCN": "/Pattern",
    "scn": "/Pattern",
}
_MOST_NUMBERS: Final = 32
_MOST_MARKS: Final = 1_000_000
_SAID_BEHIND: Final = frozenset({"/ActualText", "/Alt", "/E"})


@dataclass
class Drawn:
    """What a page or a drawing draws, and what it needs for that.

    `used` names resources by their kind, `marks` the numbers by which tags find what is drawn.
    """

    content: bytes = b""
    used: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    marks: set[int] = field(default_factory=set)
    left_out: set[str] = field(default_factory=set)


def drawn(document: pikepdf.Pdf, instructions: bytes, properties: Any, inline: Any) -> Drawn:
    """What these instructions draw. `inline` makes a picture that stands among them fit.

    Raises Unfit for a layer that is none, and whatever pikepdf raises for damage.
    """
    found = Drawn()
    pieces: list[bytes] = []
    kept: list[Any] = []
    with warnings.catch_warnings():
        # Of an end in the middle of an instruction: what stands before it is drawn all the same.
        warnings.simplefilter("ignore")
        steps = pikepdf.parse_content_stream(pikepdf.Stream(document, instructions))
    for step in steps:
        if isinstance(step, pikepdf.ContentStreamInlineImage):
            pieces += [pikepdf.unparse_content_stream(kept), inline(step.iimage, found)]
            kept = []
            continue
        name = str(step.operator)
        if name in {"BDC", "BMC"}:
            kept.append(_mark(list(step.operands), properties, found))
        elif name in _OPERANDS:
            drawing = _fit(step, name, found)
            if drawing is not None:
                kept.append(drawing)
    found.content = b"\n".join([*pieces, pikepdf.unparse_content_stream(kept)])
    if instructions.count(b"%") > found.content.count(b"%"):
        found.left_out.add("Comments among the instructions that draw its pages.")
    return found


def _fit(step: Any, name: str, found: Drawn) -> Any:
    """An instruction with the operands that it takes and no others, or None."""
    shape = _OPERANDS[name]
    if not shape:
        return step if not len(step.operands) else ([], step.operator)
    given = list(step.operands)
    if shape[0] == "*":
        given, fit = given[-_MOST_NUMBERS:], _are_numbers(given, shape)
    else:
        given = given[-len(shape) :]
        fit = len(given) == len(shape) and all(map(_is, given, shape))
    if not fit:
        return None
    if name in _NAMES and isinstance(given[-1 if name != "Tf" else 0], pikepdf.Name):
        found.used[_NAMES[name]].add(str(given[-1 if name != "Tf" else 0]))
    return (given, step.operator)


def _are_numbers(given: list[Any], shape: str) -> bool:
    named = shape == "*?" and bool(given) and isinstance(given[-1], pikepdf.Name)
    return all(_is(one, "n") for one in (given[:-1] if named else given))


def _is(thing: Any, what: str) -> bool:
    match what:
        case "n":
            return isinstance(thing, int | Decimal)
        case "/":
            return isinstance(thing, pikepdf.Name)
        case "(":
            return isinstance(thing, pikepdf.String)
        case "[":
            return isinstance(thing, pikepdf.Array) and all(_is(one, "n") for one in thing)
        case _:
            return isinstance(thing, pikepdf.Array) and all(
                isinstance(one, int | Decimal | pikepdf.String) for one in thing
            )


def _mark(said: list[Any], properties: Any, found: Drawn) -> Any:
    """The beginning of a passage: its tag and its number, and nothing said behind its wording."""
    tag: Any = said[0] if said and isinstance(said[0], pikepdf.Name) else PLAIN_TAG
    more: Any = said[1] if len(said) > 1 else pikepdf.Dictionary()
    if isinstance(more, pikepdf.Name):
        more = properties.get(str(more))
    if tag == "/OC":
        refuse_layer(more)
    if not isinstance(more, pikepdf.Dictionary):
        more = pikepdf.Dictionary()
    if any(key in more for key in _SAID_BEHIND):
        found.left_out.add("Wording that stands behind the wording on the pages.")
    tag = pikepdf.Name(str(tag) if str(tag) in TAGS else PLAIN_TAG)
    number = more.get("/MCID")
    if not isinstance(number, int) or name_of(more, "/Type") in {"/OCG", "/OCMD"}:
        return ([tag], pikepdf.Operator("BMC"))
    if not 0 <= number < _MOST_MARKS:
        raise Unfit("The PDF is damaged. Save it again and upload the new file.")
    found.marks.add(number)
    return ([tag, pikepdf.Dictionary(MCID=number)], pikepdf.Operator("BDC"))
