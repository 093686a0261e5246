"""Look into a finished PDF for what a published document must have and must not have.

The document is built so that none of the findings can arise; this asks the file itself.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyhanko.pdf_utils.generic import PdfObject
    from pyhanko.pdf_utils.reader import PdfFileReader

# Entries through which a PDF runs, opens, sends or carries something.
FORBIDDEN: Final = {
    "/EmbeddedFiles": "a file hidden inside it",
    "/EmbeddedFile": "a file hidden inside it",
    "/Filespec": "a file hidden inside it",
    "/JavaScript": "a script",
    "/JS": "a script",
    "/OpenAction": "something that happens when it is opened",
    "/AA": "something that happens while it is read",
    "/Launch": "something that starts a program",
    "/SubmitForm": "something that sends data",
    "/GoToR": "a link into another file",
    "/GoToE": "a link into a hidden file",
    "/RichMedia": "sound or film",
    "/XFA": "a form that runs",
    "/Dests": "named places, which show the names given while writing",
}
_ANNOTATIONS: Final = {"/Link", "/Widget"}
_SCHEMES: Final = ("http://", "https://", "mailto:")


def findings(pdf: bytes) -> tuple[str, ...]:
    """A sentence for each thing wrong with a finished document; empty when it is fit to publish."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        reader = PdfFileReader(BytesIO(pdf))
        found = [*_missing(reader), *_inside(reader)]
    except Exception:  # noqa: BLE001 - what cannot be looked into is not published
        return ("The file cannot be read as a PDF document.",)
    return tuple(dict.fromkeys(found))


def _missing(reader: PdfFileReader) -> Iterator[str]:
    """What an accessible document must say of itself."""
    root = reader.root
    info = reader.trailer_view["/Info"] if "/Info" in reader.trailer_view else {}  # noqa: SIM401 - get() would not follow the reference
    if not str(info.get("/Title", "")).strip():
        yield "It has no title."
    if not str(root.get("/Lang", "")).strip():
        yield "It does not say what language it is in."
    if "/StructTreeRoot" not in root or not root.get("/MarkInfo", {}).get("/Marked"):
        yield "It is not tagged, so that a screen reader cannot find its way."
    if "/Metadata" not in root:
        yield "It has no metadata."


def _inside(reader: PdfFileReader) -> Iterator[str]:
    """What no object of the file may be."""
    from pyhanko.pdf_utils.generic import DictionaryObject

    for found in _objects(reader):
        if not isinstance(found, DictionaryObject):
            continue
        for name in FORBIDDEN.keys() & set(found.keys()):
            yield f"It contains {FORBIDDEN[name]} ({name})."
        for entry in ("/S", "/Type", "/Subtype"):
            value = str(found.get(entry, ""))
            if value in FORBIDDEN:
                yield f"It contains {FORBIDDEN[value]} ({value})."
        if str(found.get("/Type", "")) == "/Annot":
            kind = str(found.get("/Subtype", ""))
            if kind not in _ANNOTATIONS:
                yield f"It contains a note of the kind {kind}."
        if "/URI" in found and isinstance(found["/URI"], (str, bytes)):
            address = str(found["/URI"]).lower()
            if not address.startswith(_SCHEMES):
                yield "It contains a link to a file of the machine that made it."


def _objects(reader: PdfFileReader) -> Iterator[PdfObject]:
    """Every object that can be reached from the trailer, each once."""
    from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject

    seen: set[tuple[int, int]] = set()
    waiting: list[PdfObject] = [reader.trailer.flatten()]
    while waiting:
        found = waiting.pop()
        if isinstance(found, IndirectObject):
            place = (found.idnum, found.generation)
            if place not in seen:
                seen.add(place)
                waiting.append(found.get_object())  # type: ignore[no-untyped-call] # untyped upstream
            continue
        yield found
        if isinstance(found, DictionaryObject):
            waiting.extend(found.raw_get(key) for key in found)
        elif isinstance(found, ArrayObject):
            waiting.extend(found.raw_get(at) for at in range(len(found)))
