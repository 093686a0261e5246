"""Every way that we know of to change a sealed document: each takes a file and gives a changed one.

The table is that of a forger, not of an accident: most of these open without a warning in an
ordinary reader, and the library alone says yes to some of them.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from approvals import sealing
from tests import records
from tests.pdfs import rendered

if TYPE_CHECKING:
    from collections.abc import Callable


@cache
def sealed() -> bytes:
    """A real document, sealed once with the key of this test run."""
    return sealing.seal(rendered(records.pcd_1080))


def seal_at(pdf: bytes) -> tuple[int, int]:
    """Where the seal stands in a sealed file: from its "<" to behind its ">"."""
    (found,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    _, before, after, _ = (int(number) for number in found.byte_range)
    return before, after


def replaced(pdf: bytes, at: int, by: bytes) -> bytes:
    """The file with other bytes from this place on, and as long as before."""
    changed = pdf[:at] + by + pdf[at + len(by) :]
    assert changed != pdf
    return changed


def flip_in_page(pdf: bytes) -> bytes:
    """One bit in what a page shows."""
    at = pdf.index(b"stream\n") + 200
    return replaced(pdf, at, bytes([pdf[at] ^ 1]))


def flip_in_seal(pdf: bytes) -> bytes:
    """One digit in the middle of the seal."""
    at = seal_at(pdf)[0] + 400
    return replaced(pdf, at, b"1" if pdf[at : at + 1] != b"1" else b"2")


def fill_padding(pdf: bytes) -> bytes:
    """A digit in the zeros behind the seal, which no signature covers."""
    end = seal_at(pdf)[1]
    assert pdf[end - 9 : end] == b"00000000>"
    return replaced(pdf, end - 2, b"1")


def small_letters_in_seal(pdf: bytes) -> bytes:
    """The same seal in small letters: other bytes, the same meaning."""
    start, end = seal_at(pdf)
    return replaced(pdf, start, pdf[start:end].lower())


def damage_end(pdf: bytes) -> bytes:
    """The mark at the end of the file misspelt."""
    return replaced(pdf, pdf.rindex(b"%%EOF"), b"%%EOG")


def append(pdf: bytes) -> bytes:
    """A line behind the end."""
    return pdf + b"\n% one more line\n"


def append_a_space(pdf: bytes) -> bytes:
    """One byte behind the end."""
    return pdf + b" "


def resave(pdf: bytes) -> bytes:
    """Opened and saved by a program."""
    output = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as opened:
        opened.save(output)
    return output.getvalue()


def cut(pdf: bytes) -> bytes:
    """Without its last bytes."""
    return pdf[:-300]


def updated(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """An update behind the end that leaves every sealed byte as it is."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    change(writer)
    output = BytesIO()
    writer.write(output)  # type: ignore[no-untyped-call] # untyped upstream
    assert output.getvalue().startswith(pdf)
    return output.getvalue()


def replace_page(pdf: bytes) -> bytes:
    """An update that gives the first page other contents."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        page = _first_page(writer)
        page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
        writer.update_container(page)

    return updated(pdf, change)


def annotate(pdf: bytes) -> bytes:
    """An update that puts a note on the first page."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        page = _first_page(writer)
        note = generic.DictionaryObject(  # type: ignore[no-untyped-call] # untyped upstream
            {
                generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
                generic.pdf_name("/Subtype"): generic.pdf_name("/Text"),
                generic.pdf_name("/Contents"): generic.pdf_string("Approved, really."),
            }
        )
        page["/Annots"] = generic.ArrayObject([writer.add_object(note)])
        writer.update_container(page)

    return updated(pdf, change)


def replace_metadata(pdf: bytes) -> bytes:
    """An update that gives the file other metadata."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        stream = generic.StreamObject(stream_data=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
        writer.root["/Metadata"] = writer.add_object(stream)
        writer.update_root()  # type: ignore[no-untyped-call] # untyped upstream

    return updated(pdf, change)


def hide_pages(pdf: bytes) -> bytes:
    """An update that adds something that no kind of its own describes: an action on opening."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        writer.root["/OpenAction"] = generic.NullObject()
        writer.root["/PageLabels"] = generic.DictionaryObject()  # type: ignore[no-untyped-call] # untyped upstream
        writer.update_root()  # type: ignore[no-untyped-call] # untyped upstream

    return updated(pdf, change)


def save_again(pdf: bytes) -> bytes:
    """An update that changes nothing."""
    return updated(pdf, lambda writer: writer.update_root())  # type: ignore[no-untyped-call] # untyped upstream


def _first_page(document: Any) -> Any:
    page = document.root["/Pages"]
    while "/Kids" in page:
        page = page["/Kids"][0]
    return page


def hide_in_the_gap(pdf: bytes) -> bytes:
    """Other pages between the two sealed parts, so that every byte seems to be covered.

    A signature leaves out the place where it stands itself. Here that place is made wider than the
    signature, and what is hidden in it replaces the first page. The sealed parts keep every byte.
    Whoever only adds up the lengths of the parts and of the signature finds nothing missing: the
    signature, written as plain bytes and not as digits, takes half the room that it seems to.
    """
    before, after = seal_at(pdf)
    reader = PdfFileReader(BytesIO(pdf))
    (found,) = reader.embedded_signatures
    table = int(pdf[pdf.rindex(b"startxref") :].split()[1])
    rest = pdf[after:]
    page = _first_page(reader)
    evil = page.raw_get("/Contents").reference.idnum
    seal = found.sig_field.raw_get("/V").reference.idnum
    size = 4 * (table - before)
    gap_end = before + 2 * size + 2
    offsets = {
        ref.idnum: place + (gap_end - after if place >= after else 0)
        for ref in reader.xrefs.explicit_refs_in_revision(found.signed_revision)
        if isinstance(place := reader.xrefs[ref], int)
    }
    objects = b""
    start = table + 20 * (len(offsets) + 4) + 40 * len(offsets) + 500
    for number, text in (
        (evil, _evil_page()),
        (seal, _seal_elsewhere(found, (0, before, gap_end, len(rest)), size)),
    ):
        offsets[number] = start + len(objects)
        objects += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    forged = _table(reader, found.signed_revision, offsets)
    gap = pdf[before:after].ljust(table - before) + forged
    gap = gap.ljust(start - before) + objects
    gap = gap.ljust(gap_end - before)
    assert len(gap) == gap_end - before
    changed = pdf[:before] + gap + rest
    assert changed[table : table + 4] == b"xref"
    return changed


def _evil_page() -> bytes:
    drawn = b"BT ET % another page"
    return b"<</Length %d>>\nstream\n%s\nendstream" % (len(drawn), drawn)


def _seal_elsewhere(found: Any, byte_range: tuple[int, ...], size: int) -> bytes:
    """The dictionary of the seal with other ranges, and its signature as plain bytes."""
    plain: bytes = found.pkcs7_content.rstrip(b"\0").ljust(size, b"\0")
    for letter in (b"\\", b"(", b")", b"\r"):
        plain = plain.replace(letter, b"\\r" if letter == b"\r" else b"\\" + letter)
    written = BytesIO()
    entries = {
        key: found.sig_object.raw_get(key)
        for key in found.sig_object
        if key not in {"/ByteRange", "/Contents"}
    }
    generic.DictionaryObject(entries).write_to_stream(written, None)  # type: ignore[no-untyped-call] # untyped upstream
    kept: bytes = written.getvalue().rstrip()
    ranges = b" ".join(b"%d" % number for number in byte_range)
    return kept.removesuffix(b">>") + b"/ByteRange [" + ranges + b"] /Contents (" + plain + b")>>"


def _table(reader: PdfFileReader, revision: int, offsets: dict[int, int]) -> bytes:
    """A table of where the objects of the last revision lie, and what comes before it."""
    lines = b"".join(
        b"%d 1\n%010d 00000 n \n" % (number, place) for number, place in sorted(offsets.items())
    )
    trailer = reader.trailer.flatten(revision)
    before = int(reader.xrefs.get_startxref_for_revision(revision - 1))
    root = trailer.raw_get("/Root").reference.idnum
    return b"xref\n%strailer\n<</Size %d /Root %d 0 R /Prev %d>>\n" % (
        lines,
        int(trailer["/Size"]),
        root,
        before,
    )
