"""Layers in a PDF for the public: only those that are always shown, whatever a reader does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pikepdf
import pytest

from decisions.uploads import Kind, Unfit, inspect, rewrite
from tests.pdfs import strings, text
from tests.upload_corpus import annotation, pdf

SECRET: Final = "Zanderquist"
Layers = Callable[[pikepdf.Pdf, Any], Any]
OFF, ON = pikepdf.Name.OFF, pikepdf.Name.ON


def layered(change: Layers) -> bytes:
    """A PDF that says something more on a layer; what the change answers, the layer is drawn by."""

    def furnish(document: pikepdf.Pdf) -> None:
        layer = document.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=pikepdf.String("Prices"))
        )
        document.Root.OCProperties = pikepdf.Dictionary(
            OCGs=pikepdf.Array([layer]), D=pikepdf.Dictionary(ON=pikepdf.Array([layer]))
        )
        page = document.pages[0].obj
        page.Resources.Properties = pikepdf.Dictionary(Layer=change(document, layer) or layer)
        more = f" /OC /Layer BDC BT /F1 12 Tf 72 600 Td ({SECRET}) Tj ET EMC"
        page.Contents = document.make_stream(page.Contents.read_bytes() + more.encode())

    return pdf(furnish)


def off(document: pikepdf.Pdf, layer: Any) -> None:
    document.Root.OCProperties.D = pikepdf.Dictionary(OFF=pikepdf.Array([layer]))


def all_off(document: pikepdf.Pdf, layer: Any) -> None:
    document.Root.OCProperties.D = pikepdf.Dictionary(BaseState=OFF)


def unchanged(document: pikepdf.Pdf, layer: Any) -> None:
    document.Root.OCProperties.D = pikepdf.Dictionary(BaseState=pikepdf.Name.Unchanged)


def no_arrangement(document: pikepdf.Pdf, layer: Any) -> None:
    del document.Root.OCProperties.D


def list_of_arrangements(document: pikepdf.Pdf, layer: Any) -> None:
    document.Root.OCProperties = pikepdf.Array([document.Root.OCProperties])


def other_arrangement(document: pikepdf.Pdf, layer: Any) -> None:
    hiding = pikepdf.Dictionary(Name=pikepdf.String("For the public"), OFF=pikepdf.Array([layer]))
    document.Root.OCProperties.Configs = pikepdf.Array([hiding])


def no_list(document: pikepdf.Pdf, layer: Any) -> None:
    document.Root.OCProperties.D.OFF = pikepdf.Dictionary(X=layer)


def used(**usage: Any) -> Layers:
    def change(document: pikepdf.Pdf, layer: Any) -> None:
        layer.Usage = pikepdf.Dictionary(**usage)
        event = pikepdf.Dictionary(
            Event=pikepdf.Name.View,
            Category=pikepdf.Array([pikepdf.Name(f"/{key}") for key in usage]),
            OCGs=pikepdf.Array([layer]),
        )
        document.Root.OCProperties.D.AS = pikepdf.Array([event])

    return change


def members(**rule: Any) -> Layers:
    def change(document: pikepdf.Pdf, layer: Any) -> Any:
        membership = pikepdf.Dictionary(Type=pikepdf.Name.OCMD, OCGs=pikepdf.Array([layer]), **rule)
        return document.make_indirect(membership)

    return change


def not_this_one(document: pikepdf.Pdf, layer: Any) -> Any:
    return members(VE=pikepdf.Array([pikepdf.Name.Not, layer]))(document, layer)


def picture_on_no_layer(document: pikepdf.Pdf, layer: Any) -> None:
    annotation(document, Subtype=pikepdf.Name.Stamp, OC=pikepdf.Array([layer]))


HIDDEN: Final[dict[str, Layers]] = {
    "switched off": off,
    "all switched off": all_off,
    "as it was before": unchanged,
    "no arrangement": no_arrangement,
    "an array of arrangements": list_of_arrangements,
    "off in another arrangement": other_arrangement,
    "no list of those that are off": no_list,
    "not on screens": used(View=pikepdf.Dictionary(ViewState=OFF)),
    "not on paper": used(Print=pikepdf.Dictionary(PrintState=OFF)),
    "not in other files": used(Export=pikepdf.Dictionary(ExportState=OFF)),
    "only from close": used(Zoom=pikepdf.Dictionary(min=8)),
    "only for some": used(User=pikepdf.Dictionary(Name=pikepdf.String("Olu"))),
    "no dictionary of use": used(View=pikepdf.Array([OFF])),
    "shown when its layer is off": members(P=pikepdf.Name.AllOff),
    "shown when one layer is off": members(P=pikepdf.Name.AnyOff),
    "shown by a rule": not_this_one,
    "a layer of no kind": picture_on_no_layer,
}
SHOWN: Final[dict[str, Layers]] = {
    "shown": lambda document, layer: None,
    "shown with its layers": members(),
    "shown with all of its layers": members(P=pikepdf.Name.AllOn),
    "shown everywhere": used(
        View=pikepdf.Dictionary(ViewState=ON), Print=pikepdf.Dictionary(PrintState=ON)
    ),
    "of a program": used(CreatorInfo=pikepdf.Dictionary(Subtype=pikepdf.Name.Technical)),
}


@pytest.mark.parametrize("case", HIDDEN)
def test_a_layer_that_may_be_hidden_is_refused_for_the_public(case: str) -> None:
    file = layered(HIDDEN[case])
    assert SECRET in strings(file)
    assert inspect(file, "drawing.pdf") == Kind.PDF
    with pytest.raises(Unfit, match="hidden layers, or layers that can be hidden"):
        rewrite(file, "Drawing")


@pytest.mark.parametrize("case", SHOWN)
def test_a_layer_that_is_always_shown_stays(case: str) -> None:
    file = layered(SHOWN[case])
    after = rewrite(file, "Drawing")
    assert text(after) == text(file) == f"The fleet {SECRET}"
