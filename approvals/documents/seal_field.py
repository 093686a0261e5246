"""The empty field that the seal will fill: made with the document, so that it is part of its tags.

A field that is added while sealing stands outside the structure, where a screen reader meets it
without knowing what it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pydyf

from approvals.documents.refusal import unexpected
from approvals.documents.tags import rectangle
from approvals.documents.tree import Annotation, Node, Tree
from approvals.sealing.field import FIELD, FIELD_NAME

if TYPE_CHECKING:
    from weasyprint import Document

# Printed with the page (4), and not to be changed by hand (128).
_FLAGS: Final = 132


def place(pdf: Any, document: Document, read: Tree) -> Any | None:
    """Put the field where the document keeps a place for it, on its last page.

    Returns the field, or None where there is no place for it, as in a draft. Raises RenderingError
    when there are several, or it is not on the last page.
    """
    places = [node for node in read.root.below() if node.tag == "Form"]
    if not places:
        return None
    if len(places) > 1 or places[0].page != len(document.pages) - 1:
        raise unexpected("the place for its seal is not on its last page")
    field = _field(pdf, document, places[0])
    page = pdf.objects[int(bytes(pdf.page_references[places[0].page]).split()[0])]
    _append(page, "Annots", field.reference)
    _append_field(pdf, field.reference)
    places[0].kids.append(Annotation(places[0].page, field))
    return field


def lock(field: Any) -> None:
    """Set the flags of the field; the last word, as WeasyPrint sets those of all annotations."""
    field["F"] = _FLAGS


def _field(pdf: Any, document: Document, at: Node) -> Any:
    left, bottom, right, top = rectangle(document.pages[at.page], at.box)
    empty = pydyf.Stream(
        [],
        {
            "Type": "/XObject",
            "Subtype": "/Form",
            "BBox": pydyf.Array([0, 0, right - left, top - bottom]),
            "Resources": pydyf.Dictionary(),
        },
    )
    pdf.add_object(empty)
    field = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "T": pydyf.String(FIELD),
            "TU": pydyf.String(FIELD_NAME),
            "Contents": pydyf.String(FIELD_NAME),
            "F": _FLAGS,
            "P": pdf.page_references[at.page],
            "Rect": pydyf.Array([left, bottom, right, top]),
            "AP": pydyf.Dictionary({"N": empty.reference}),
        }
    )
    pdf.add_object(field)
    return field


def _append(page: Any, entry: str, reference: bytes) -> None:
    page.setdefault(entry, pydyf.Array()).append(reference)


def _append_field(pdf: Any, reference: bytes) -> None:
    if "AcroForm" in pdf.catalog:
        raise unexpected("it has form fields that are not its seal")
    pdf.catalog["AcroForm"] = pydyf.Dictionary({"Fields": pydyf.Array([reference])})
