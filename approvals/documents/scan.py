"""Look into a finished PDF for what a published document must have and must not have.

The document is built so that none of the findings can arise; this asks the file itself.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyhanko.pdf_utils.generic import DictionaryObject, PdfObject
    from pyhanko.pdf_utils.reader import PdfFileReader

    from approvals.documents.archival import Attached

# Entries through which a PDF runs, opens or sends something.
FORBIDDEN: Final = {
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
# Entries through which a PDF carries files.
_FILES: Final = frozenset({"/EmbeddedFile", "/Filespec", "/FileAttachment"})
_SCHEMES: Final = ("http://", "https://", "mailto:")


def findings(pdf: bytes, *, attached: Attached | None = None) -> tuple[str, ...]:
    """A sentence for each thing wrong with a finished document; empty when it is fit to publish.

    `attached` is the one file that it must carry, byte for byte; without it, it may carry none.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        reader = PdfFileReader(BytesIO(pdf))
        objects = list(_objects(reader))
        found = [
            *_missing(reader),
            *_inside(objects),
            *_noted(objects),
            *_carried(objects, attached),
        ]
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


def _inside(objects: list[PdfObject]) -> Iterator[str]:
    """What no object of the file may be."""
    for found in _dictionaries(objects):
        for name in FORBIDDEN.keys() & set(found.keys()):
            yield f"It contains {FORBIDDEN[name]} ({name})."
        for entry in ("/S", "/Type", "/Subtype"):
            value = str(found.get(entry, ""))
            if value in FORBIDDEN:
                yield f"It contains {FORBIDDEN[value]} ({value})."
        if "/URI" in found and isinstance(found["/URI"], (str, bytes)):
            address = str(found["/URI"]).lower()
            if not address.startswith(_SCHEMES):
                yield "It contains a link to a file of the machine that made it."


def _noted(objects: list[PdfObject]) -> Iterator[str]:
    """What is wrong with what lies on the pages: links are right, and the one field of the seal."""
    fields = 0
    for found in _dictionaries(objects):
        if "/Rect" not in found and str(found.get("/Type", "")) != "/Annot":
            continue
        kind = str(found.get("/Subtype", ""))
        if kind == "/Widget" and str(found.get("/FT", "")) == "/Sig":
            fields += 1
        elif kind == "/Widget":
            yield "It contains a form to fill in."
        elif kind != "/Link":
            yield f"It contains a note of the kind {kind}."
    if fields > 1:
        yield "It contains more fields than the one of its seal."


def _carried(objects: list[PdfObject], attached: Attached | None) -> Iterator[str]:
    """What is wrong with the files that a document carries: it has one, ours, or none."""
    found = list(_dictionaries(objects))
    kinds = [{str(one.get(entry, "")) for entry in ("/Type", "/Subtype")} for one in found]
    carriers = [
        one
        for one, kind in zip(found, kinds, strict=True)
        if kind & _FILES or "/EF" in one or "/EmbeddedFiles" in one
    ]
    if attached is None:
        if carriers:
            yield "It contains a file hidden inside it."
        return
    streams = [one for one, kind in zip(found, kinds, strict=True) if "/EmbeddedFile" in kind]
    named = [one for one in found if "/EF" in one]
    if len(streams) != 1 or len(named) != 1 or str(named[0].get("/F", "")) != attached.name:
        yield f"It does not carry {attached.name} and nothing else."
    elif not _holds(named[0], streams[0], attached):
        yield f"Its attachment {attached.name} is not the data of this decision."


def _holds(named: DictionaryObject, stream: DictionaryObject, attached: Attached) -> bool:
    """Whether the file by that name is the stream, and the stream is what was to be attached."""
    from pyhanko.pdf_utils.generic import StreamObject

    files = [named["/EF"][entry] for entry in named["/EF"]]
    return (
        isinstance(stream, StreamObject)
        and all(isinstance(one, StreamObject) and one.data == stream.data for one in files)
        and stream.data == attached.content
    )


def _dictionaries(objects: list[PdfObject]) -> Iterator[DictionaryObject]:
    from pyhanko.pdf_utils.generic import DictionaryObject

    return (one for one in objects if isinstance(one, DictionaryObject))


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
