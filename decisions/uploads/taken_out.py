"""What the rewriting of a PDF for the public leaves out, as sentences for who approves it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pikepdf

from decisions.uploads.active import lying_on, name_of
from decisions.uploads.anew import Anew
from decisions.uploads.covering import has_fields
from decisions.uploads.cut import cut_pictures

_SAID: Final = {
    "/Author": "its author",
    "/Creator": "the program that wrote it",
    "/Producer": "the program that made the PDF",
    "/Title": "its own title",
    "/Subject": "its subject",
    "/Keywords": "its keywords",
    "/CreationDate": "when it was made",
    "/ModDate": "when it was changed",
}
_HELD: Final = {
    "/Names": "A list of names inside the file.",
    "/Dests": "A list of names inside the file.",
    "/AcroForm": "A form to fill in.",
    "/OCProperties": "Layers. All of them were shown, and what they show stays.",
    "/PieceInfo": "Private data of the program that wrote it.",
    "/Threads": "An order in which to read it that the pages do not show.",
    "/Collection": "The cover of a collection of files.",
    "/AF": "A list of files that belong to it.",
}


def taken_out(document: pikepdf.Pdf, file: bytes, anew: Anew) -> list[str]:
    """One sentence for each thing in the file that the public will not get, or gets unseen.

    `anew` is what was made of the document, and knows what it left out of its parts.
    """
    found = [*_sentences(document, file), *_not_met(document, anew), *sorted(anew.left_out)]
    return list(dict.fromkeys([*found, *_not_taken_out(document, anew)]))


def _not_taken_out(document: pikepdf.Pdf, anew: Anew) -> Iterator[str]:
    if has_fields(document):
        yield (
            "Still in the file: what the fields of its form covered. The fields are gone, so what "
            "was under them is seen."
        )
    cut, is_all = cut_pictures(anew.target)
    if cut:
        yield (
            f"Still in the file: what the pages do not show of pictures that are cut ({cut}). "
            "Anybody could get at it, so find out what it is."
        )
    if not is_all:
        yield (
            "Still in the file: what the pages may not show of its pictures. They draw too much "
            "for a program to look at all of it."
        )


def _sentences(document: pikepdf.Pdf, file: bytes) -> Iterator[str]:
    info = document.trailer.get("/Info", pikepdf.Dictionary())
    keys = [str(key) for key in info.keys()]  # noqa: SIM118 - not a mapping of Python's
    if keys:
        known = [_SAID[key] for key in _SAID if key in keys]
        more = ["other facts"] if set(keys) - set(_SAID) else []
        yield f"What the file said of itself: {_listed([*known, *more])}."
    root = document.Root
    if "/Metadata" in root:
        yield "A second description of the file, of the kind that programs read."
    if "/Outlines" in root:
        yield "Its bookmarks."
    for key, sentence in _HELD.items():
        if key in root:
            yield sentence
    yield from _of_pages(document)
    yield from _of_objects(document)
    if not document.is_linearized and file.count(b"startxref") > 1:
        yield "Earlier versions of changed pages, which the file still held."


def _of_pages(document: pikepdf.Pdf) -> Iterator[str]:
    notes = inner = 0
    for page in document.pages:
        if "/Thumb" in page.obj:
            yield "Small pictures of the pages."
        if "/PieceInfo" in page.obj or "/Metadata" in page.obj:
            yield "Private data of the program that wrote it."
        for one in lying_on(page.obj):
            if name_of(one, "/Subtype") == "/Link":
                action = one.get("/A")
                inner += not isinstance(action, pikepdf.Dictionary) or "/URI" not in action
            else:
                notes += 1
    if notes:
        yield f"Notes, marks and fields that lie on the pages ({notes})."
    if inner:
        yield f"Links from one page to another ({inner})."


def _of_objects(document: pikepdf.Pdf) -> Iterator[str]:
    for thing in document.objects:
        if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            continue
        is_picture = isinstance(thing, pikepdf.Stream) and "/DCTDecode" in str(
            thing.get("/Filter", "")
        )
        if is_picture:
            yield "What cameras and programs wrote beside its photographs, if they did."


def _not_met(document: pikepdf.Pdf, anew: Anew) -> Iterator[str]:
    """What the file holds and its pages do not lead to."""
    shown = {page.obj.objgen for page in document.pages}
    met = anew.met()
    deleted = 0
    for thing in document.objects:
        if isinstance(thing, pikepdf.Stream):
            if name_of(thing, "/Subtype") in {"/Form", "/Image"} and thing.objgen not in met:
                yield "Drawings or pictures that its pages themselves do not draw."
        elif isinstance(thing, pikepdf.Dictionary):
            deleted += name_of(thing, "/Type") == "/Page" and thing.objgen not in shown
    if deleted:
        yield f"Pages that were deleted, but which the file still held ({deleted})."


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
