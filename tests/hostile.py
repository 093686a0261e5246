"""Files made to harm whoever reads them: small ones that want much, and ones without an end."""

from __future__ import annotations

import zlib
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_MB: Final = 1024 * 1024
CATALOG: Final = b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]/SigFlags 3>>>>"
PAGES: Final = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
PAGE: Final = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"


def written(objects: dict[int, bytes], trailer: bytes = b"", prev: int | None = None) -> bytes:
    """A PDF of these objects, with a table of where they lie."""
    body, places = b"%PDF-1.7\n", {}
    for number, text in objects.items():
        places[number] = len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    table = b"".join(
        b"%d 1\n%010d 00000 n \n" % (number, place) for number, place in places.items()
    )
    start = len(body)
    before = b"/Prev %d" % prev if prev is not None else b""
    return (
        body
        + b"xref\n0 1\n0000000000 65535 f \n"
        + table
        + b"trailer\n<</Size %d/Root 1 0 R%s%s>>\nstartxref\n%d\n%%%%EOF\n"
        % (max(objects) + 1, before, trailer, start)
    )


def stream(data: bytes, extra: bytes) -> bytes:
    """A stream object that is written compressed."""
    packed = zlib.compress(data, 9)
    return b"<</Filter/FlateDecode/Length %d%s>>\nstream\n%s\nendstream" % (
        len(packed),
        extra,
        packed,
    )


@cache
def _gigabyte() -> bytes:
    """A gigabyte of nothing, packed."""
    packer = zlib.compressobj(1)
    return b"".join(packer.compress(bytes(_MB)) for _ in range(1024)) + packer.flush()


def bomb_in_an_object_stream() -> bytes:
    """A catalogue in a stream that unpacks to a gigabyte."""
    packed = _gigabyte()
    holder = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (
        len(packed),
        packed,
    )
    return _with_compressed_catalog(holder)


def bombs_in_bombs() -> bytes:
    """The same, packed twice over: a few kilobytes for a gigabyte."""
    packed = zlib.compress(_gigabyte(), 9)
    holder = (
        b"<</Type/ObjStm/N 1/First 4/Filter[/FlateDecode/FlateDecode]/Length %d>>\n"
        b"stream\n%s\nendstream" % (len(packed), packed)
    )
    return _with_compressed_catalog(holder)


def _with_compressed_catalog(holder: bytes) -> bytes:
    """The catalogue, object 1, is in object 5, says a compressed table."""
    body = b"%PDF-1.7\n"
    place = len(body)
    body += b"5 0 obj\n" + holder + b"\nendobj\n"
    table = len(body)
    rows = b"\0\0\0\0\0\0" + b"\2" + (5).to_bytes(4, "big") + b"\0"
    rows += b"\1" + place.to_bytes(4, "big") + b"\0" + b"\1" + table.to_bytes(4, "big") + b"\0"
    index = stream(rows, b"/Type/XRef/W[1 4 1]/Index[0 2 5 2]/Size 7/Root 1 0 R")
    return body + b"6 0 obj\n" + index + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % table


def deep_arrays() -> bytes:
    """Brackets within brackets, a million deep."""
    return written({1: CATALOG, 2: PAGES, 3: PAGE, 4: b"[" * 10**6 + b"]" * 10**6})


def deep_dictionaries() -> bytes:
    """Dictionaries within dictionaries."""
    return written({1: CATALOG, 2: PAGES, 3: PAGE, 4: b"<</A" * 10**5 + b" 1" + b">>" * 10**5})


def field_of_itself() -> bytes:
    """A form field that is its own child."""
    return written({1: CATALOG, 2: PAGES, 3: PAGE, 4: b"<</T(a)/Kids[4 0 R]>>"})


def fields_in_a_ring() -> bytes:
    """Fields that double at every step and lead back to the first."""
    fields = {
        number: b"<</T(a)/Kids[%d 0 R %d 0 R]>>" % (number + 1, number + 1)
        for number in range(4, 60)
    }
    return written({1: CATALOG, 2: PAGES, 3: PAGE, **fields, 60: b"<</T(a)/Kids[4 0 R]>>"})


def reference_to_itself() -> bytes:
    """An object that is nothing but a reference to itself."""
    return written({1: CATALOG, 2: b"2 0 R", 3: PAGE, 4: b"4 0 R"})


def pages_in_a_ring() -> bytes:
    """A tree of pages whose root is its own child."""
    return written({1: CATALOG, 2: b"<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]>>", 3: PAGE, 4: b"[]"})


def table_before_itself() -> bytes:
    """A table that names itself as the one before."""
    objects = {1: CATALOG, 2: PAGES, 3: PAGE, 4: b"[]"}
    place = written(objects).index(b"xref\n0 1")
    return written(objects, prev=place)


def million_objects() -> bytes:
    """A table of a million objects that are not there."""
    rows = b"0000000009 00000 n \n" * 10**6
    return (
        b"%PDF-1.7\nxref\n0 1000000\n"
        + rows
        + b"trailer\n<</Size 1000000/Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
    )


def promised_objects() -> bytes:
    """A table that promises more objects than there are bytes."""
    return (
        b"%PDF-1.7\nxref\n0 99999999999\n0000000009 00000 n \n"
        b"trailer\n<</Size 99999999999/Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
    )


def million_pages() -> bytes:
    """A tree with a million entries for one page."""
    return written(
        {1: CATALOG, 2: b"<</Type/Pages/Count 1/Kids[" + b"3 0 R " * 10**6 + b"]>>", 3: PAGE}
    )


def million_fields() -> bytes:
    """A form with a million references to one field."""
    fields = b"4 0 R " * 10**6
    return written(
        {
            1: b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[" + fields + b"]>>>>",
            2: PAGES,
            3: PAGE,
            4: b"<</FT/Sig/T(a)>>",
        }
    )


def hundred_thousand_updates() -> bytes:
    """Update upon update, each with a table of its own."""
    pdf = written({1: CATALOG, 2: PAGES, 3: PAGE, 4: b"<</FT/Sig/T(a)>>"})
    before = pdf.index(b"xref\n0 1")
    parts, length = [pdf], len(pdf)
    for _ in range(10**5):
        more = b"xref\n0 0\ntrailer\n<</Size 5/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (
            before,
            length,
        )
        before = length
        length += len(more)
        parts.append(more)
    return b"".join(parts)


def full_object_stream() -> bytes:
    """Two hundred thousand objects in one stream, each of which has to be looked for."""
    count = 200_000
    heads = b"".join(b"%d %d " % (number + 10, 2 * number) for number in range(count))
    data = heads + b"1 " * count
    holder = stream(data, b"/Type/ObjStm/N %d/First %d" % (count, len(heads)))
    return _with_compressed_catalog(holder)


def long_number() -> bytes:
    """A number of ten million digits where a length is expected."""
    return written({1: CATALOG, 2: PAGES, 3: PAGE, 4: b"<</Length " + b"9" * 10**7 + b">>"})


def no_end() -> bytes:
    """Twenty megabytes without an end."""
    return b"%PDF-1.7\n" + b"%" * (20 * _MB)


ALL: Final[tuple[Callable[[], bytes], ...]] = (
    bomb_in_an_object_stream,
    bombs_in_bombs,
    deep_arrays,
    deep_dictionaries,
    field_of_itself,
    fields_in_a_ring,
    reference_to_itself,
    pages_in_a_ring,
    table_before_itself,
    million_objects,
    promised_objects,
    million_pages,
    million_fields,
    hundred_thousand_updates,
    full_object_stream,
    long_number,
    no_end,
)
