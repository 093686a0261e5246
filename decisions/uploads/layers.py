"""Layers of a PDF: those that are always shown may go to the public, and no others.

In the file for the public there are no layers any more: what was on one is simply shown. So a layer
that anything hides, or may hide, would give away what its author did not show.
"""

from __future__ import annotations

from typing import Any, Final

import pikepdf

from decisions.uploads.active import Entries, dictionaries, name_of
from decisions.uploads.kinds import Unfit

# How a layer is used, and the state that goes with it; of the others only who made it is harmless.
_STATES: Final = {"/View": "/ViewState", "/Print": "/PrintState", "/Export": "/ExportState"}
_NEVER_HIDES: Final = frozenset({"/CreatorInfo", "/PageElement"})


def refuse_hidden_layers(document: pikepdf.Pdf) -> None:
    """Raise Unfit unless every layer of the document is plainly always shown."""
    layers = document.Root.get("/OCProperties")
    if layers is not None and not _all_are_shown(layers):
        _refuse()
    for thing in document.objects:
        if not all(_is_shown(entries) for entries in dictionaries(thing)):
            _refuse()


def refuse_layer(thing: Any) -> None:
    """Raise Unfit when what a passage is drawn by is no layer that could be looked at."""
    if not _is_layer(thing):
        _refuse()


def _refuse() -> None:
    raise Unfit(
        "The PDF has hidden layers, or layers that can be hidden. Show or delete them, save it as "
        "a new PDF without layers, and upload that."
    )


def _all_are_shown(layers: Any) -> bool:
    if not isinstance(layers, pikepdf.Dictionary):
        return False
    others = layers.get("/Configs", pikepdf.Array())
    return isinstance(others, pikepdf.Array) and all(
        _hides_nothing(one) for one in (layers.get("/D"), *others)
    )


def _hides_nothing(arrangement: Any) -> bool:
    """Whether an arrangement of layers shows all of them, whatever happens to the document."""
    if not isinstance(arrangement, pikepdf.Dictionary):
        return False
    if arrangement.get("/BaseState", pikepdf.Name.ON) != pikepdf.Name.ON:
        return False
    off = arrangement.get("/OFF", pikepdf.Array())
    return isinstance(off, pikepdf.Array) and len(off) == 0


def _is_shown(holder: Entries) -> bool:
    """Whether a layer, or a thing that stands on one, is shown as far as this dictionary says."""
    kind = name_of(holder, "/Type")
    if "/OC" in holder and not _is_layer(holder["/OC"]):
        return False
    if kind == "/OCG":
        return _is_used_openly(holder.get("/Usage", pikepdf.Dictionary()))
    if kind == "/OCMD":
        rule = holder.get("/P", pikepdf.Name.AnyOn)
        return "/VE" not in holder and rule in (pikepdf.Name.AnyOn, pikepdf.Name.AllOn)
    return True


def _is_layer(thing: Any) -> bool:
    return isinstance(thing, pikepdf.Dictionary) and name_of(thing, "/Type") in {"/OCG", "/OCMD"}


def _is_used_openly(usage: Any) -> bool:
    if not isinstance(usage, pikepdf.Dictionary):
        return False
    for key in usage.keys():  # noqa: SIM118 - not a mapping of Python's
        if key in _NEVER_HIDES:
            continue
        said = usage[key]
        if key not in _STATES or not isinstance(said, pikepdf.Dictionary):
            return False
        if said.get(_STATES[key], pikepdf.Name.ON) != pikepdf.Name.ON:
            return False
    return True
