"""Read PDF files back, the way a reader, a screen reader and a suspicious person would."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pikepdf
import pypdfium2

from approvals import documents
from approvals.documents.archival import Attached

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from decisions.register.record import Record


@lru_cache(maxsize=64)
def rendered(build: Callable[[], Record], *, draft: bool = False) -> bytes:
    """The document of the record that `build` makes; made once for all tests that read it."""
    return documents.render(build(), draft=draft)


def attachment(record: Record) -> Attached:
    """The file of data that the document of a record carries."""
    return Attached(
        name=f"{record.slug}.json",
        content=record.to_json().encode(),
        description="",
        created=datetime(2021, 11, 23, tzinfo=UTC),
        modified=datetime(2021, 11, 23, tzinfo=UTC),
    )


def pages(pdf: bytes) -> list[str]:
    """The text of each page in the order in which it is drawn, with single spaces."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        found = []
        for page in document:
            text = page.get_textpage()
            found.append(" ".join(str(text.get_text_range()).split()))
            text.close()
            page.close()
        return found
    finally:
        document.close()


def text(pdf: bytes) -> str:
    """The text of the whole document, page after page."""
    return " ".join(pages(pdf))


def in_order(pdf: bytes, *wanted: str) -> list[str]:
    """Those of the wanted texts that are found one after another: all of them, if all is well."""
    whole, at, found = text(pdf), 0, []
    for piece in wanted:
        place = whole.find(piece, at)
        if place >= 0:
            found.append(piece)
            at = place + len(piece)
    return found


def strings(pdf: bytes) -> str:
    """Every string, name and decoded stream of every object, to look for what must not be there."""
    found = []
    with pikepdf.open(BytesIO(pdf)) as opened:
        for thing in opened.objects:
            if isinstance(thing, pikepdf.Stream):
                found.append(_content(thing).decode("latin-1"))
            found.extend(_strings(thing, depth=0))
    return "\n".join([*found, text(pdf)])


def _content(stream: pikepdf.Stream) -> bytes:
    """What a stream holds; of a picture, which only a viewer can unpack, the bytes themselves."""
    try:
        return stream.read_bytes()
    except pikepdf.PdfError:
        return stream.read_raw_bytes()


def _strings(thing: Any, depth: int) -> Iterator[str]:
    """The strings and names inside one object; references are other objects' business."""
    if depth and getattr(thing, "is_indirect", False):
        return
    if isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        for key in thing.keys():  # noqa: SIM118 - a PDF dictionary is not iterable
            yield str(key)
            yield from _strings(thing[key], depth + 1)
    elif isinstance(thing, pikepdf.Array):
        for inner in thing:
            yield from _strings(inner, depth + 1)
    else:
        yield str(thing)
