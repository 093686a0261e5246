"""Files that people hand in: judged by content, and no hostile one is let in."""

from __future__ import annotations

import re
import zlib
from contextlib import suppress
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from decisions.uploads import Kind, Unfit, inspect, rewrite
from tests.furnished import PLACES, SECRET, everything, furnished
from tests.hostile_files import HOSTILE
from tests.pdfs import text
from tests.upload_corpus import GOOD, pdf


@pytest.mark.parametrize("name", GOOD)
def test_a_file_of_each_kind_is_let_in(name: str) -> None:
    assert inspect(GOOD[name](), name) == Kind(name.split(".")[1])
    assert inspect(GOOD[name](), name.upper()) == Kind(name.split(".")[1])


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence(name: str) -> None:
    made, word = HOSTILE[name]
    with pytest.raises(Unfit) as caught:
        inspect(made(), name)
    assert word in caught.value.sentence
    assert caught.value.sentence.endswith(".")


def test_a_name_that_is_no_text_is_damage() -> None:
    with pytest.raises(Unfit, match="The PDF is damaged"):
        inspect(pdf().replace(b"/Type1", b"/\x80ype1"), "named.pdf")


def test_there_are_at_least_forty_hostile_files() -> None:
    assert len(HOSTILE) >= 40


@pytest.mark.parametrize("name", GOOD)
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_file_is_let_in_or_refused_and_never_crashes(
    name: str, data: st.DataObject
) -> None:
    file = bytearray(GOOD[name]())
    for _ in range(data.draw(st.integers(1, 6))):
        file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(file)))
    for candidate in (bytes(file), bytes(file[:cut])):
        with suppress(Unfit):
            assert inspect(candidate, name) == Kind(name.split(".")[1])


@pytest.mark.parametrize("place", PLACES)
def test_what_no_page_shows_is_not_in_the_file_for_the_public(place: str) -> None:
    before = furnished(place)
    assert inspect(before, "furnished.pdf") == Kind.PDF
    assert SECRET in everything(before)
    after = rewrite(before, "Business case")
    assert SECRET not in everything(after)
    assert text(after).startswith("The fleet")


def test_what_is_shown_to_the_public_says_what_its_pages_say_and_no_more() -> None:
    before = furnished()
    assert inspect(before, "furnished.pdf") == Kind.PDF
    assert everything(before).count(SECRET) > len(PLACES)
    after = rewrite(before, "Business case")
    assert SECRET not in everything(after)
    assert drawn(after) == drawn(before)
    assert text(after).startswith("The fleet")
    with pikepdf.open(BytesIO(after)) as document:
        (link,) = document.pages[0].obj.Annots
        assert str(link.A.URI) == "https://www.gov.uk/"
        assert str(document.open_metadata()["dc:title"]) == "Business case"
        assert set(document.Root.keys()) == {
            *("/Type", "/Pages", "/StructTreeRoot", "/MarkInfo", "/PageLabels", "/Metadata"),
            "/ViewerPreferences",
        }
        assert set(document.trailer.keys()) == {"/Root", "/ID", "/Size"}


# As it stands, so that damage meets what the file says and not how it is packed.
UNPACKED = pikepdf.ObjectStreamMode.disable
FURNISHED = furnished(compress_streams=False, object_stream_mode=UNPACKED)


@given(data=st.data())
@settings(max_examples=120, deadline=None)
def test_a_damaged_file_is_made_anew_or_refused_and_never_crashes(data: st.DataObject) -> None:
    file = bytearray(FURNISHED)
    for _ in range(data.draw(st.integers(1, 4))):
        file[data.draw(st.integers(0, len(file) - 1))] = data.draw(
            st.sampled_from(b"/ 09<>[]()RAT")
        )
    with suppress(Unfit):
        assert rewrite(bytes(file), "Business case").startswith(b"%PDF-")


def drawn(file: bytes) -> list[bytes]:
    """Each page as it is drawn, without what lies on it."""
    bare = BytesIO()
    with pikepdf.open(BytesIO(file)) as document:
        for page in document.pages:
            page.obj.Annots = pikepdf.Array()
        document.save(bare)
    pages = pypdfium2.PdfDocument(bare.getvalue())
    try:
        return [bytes(page.render(scale=1).buffer) for page in pages]
    finally:
        pages.close()


def test_the_same_file_is_rewritten_to_the_same_bytes() -> None:
    assert rewrite(furnished(), "Business case") == rewrite(furnished(), "Business case")


EARLIER = b"(The fleet)"


def changed_by_adding(*, anew: bool) -> bytes:
    """A PDF whose text was changed as programs do that only add: to a new object, or the same."""
    file: Any = IncrementalPdfFileWriter(BytesIO(pdf()))
    page = file.root["/Pages"]["/Kids"][0].get_object()
    instead = StreamObject(stream_data=b"BT /F1 12 Tf 72 720 Td (Redacted) Tj ET")
    if anew:
        page["/Contents"] = file.add_object(instead)
        file.update_container(page)
    else:
        before = page.raw_get("/Contents")
        file.objects[before.generation, before.idnum] = instead
    written = BytesIO()
    file.write(written)
    return written.getvalue()


def ever_held(file: bytes) -> bytes:
    """Every stream that stands anywhere in the bytes, whether or not the file still uses it."""
    found = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", file, re.DOTALL)
    return b"\n".join(_unpacked(one) for one in found)


def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream)
    except zlib.error:
        return stream


@pytest.mark.parametrize("anew", [True, False])
def test_an_earlier_text_of_a_page_is_gone(*, anew: bool) -> None:
    before = changed_by_adding(anew=anew)
    assert text(before) == "Redacted"
    assert EARLIER in ever_held(before)
    after = rewrite(before, "Case")
    assert text(after) == "Redacted"
    assert b"(Redacted)" in ever_held(after)
    assert EARLIER not in ever_held(after)
