"""Photographs in a file for the public: the picture is the same, and there is nothing beside it."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from typing import Final

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from decisions.uploads import Unfit, rewrite
from decisions.uploads.pictures import without_boxes, without_notes
from tests.pdfs import strings
from tests.upload_corpus import pdf, with_picture

SECRET: Final = b"Zanderquist"
FAX: Final = b"\x26\xa1\x00\x10\x01"
EXIF: Final = b"\xff\xe1\x00\x13Exif\0\0" + SECRET
COMMENT: Final = b"\xff\xfe\x00\x0d" + SECRET
RESTARTS: Final = range(0xD0, 0xD8)


def photograph(kind: str = "JPEG", **options: object) -> bytes:
    """A picture of many colours, as a camera makes one."""
    image = Image.radial_gradient("L").resize((64, 48))
    coloured = Image.merge("RGB", (image, image.transpose(Image.Transpose.ROTATE_180), image))
    file = BytesIO()
    coloured.save(file, kind, **options)
    return file.getvalue()


def dots(picture: bytes) -> bytes:
    with Image.open(BytesIO(picture)) as image:
        return image.convert("RGB").tobytes()


def after_start(picture: bytes, segment: bytes) -> bytes:
    return picture[:2] + segment + picture[2:]


def between_scans(picture: bytes, segment: bytes) -> bytes:
    first_scan = picture.index(b"\xff\xda")
    next_table = picture.index(b"\xff\xc4", first_scan)
    return picture[:next_table] + segment + picture[next_table:]


def in_tile(picture: bytes, note: bytes) -> bytes:
    """A JPEG 2000 with a note at the head of its tile."""
    tile = picture.index(b"\xff\x90")
    data = picture.index(b"\xff\x93", tile)
    length = int.from_bytes(picture[tile + 6 : tile + 10], "big")
    assert length
    longer = (length + len(note)).to_bytes(4, "big")
    head = picture[: tile + 6] + longer + picture[tile + 10 : data]
    return as_drawing(head + note + picture[data:])


def as_drawing(picture: bytes) -> bytes:
    """The drawing of a JPEG 2000 without its boxes."""
    return picture[picture.index(b"\xff\x4f\xff\x51") :]


PLAIN: Final = photograph(quality=80)
SCANS: Final = photograph(quality=80, progressive=True)
RESTARTING: Final = photograph(quality=80, restart_marker_rows=1)
BOXED: Final = photograph("JPEG2000")
JPX_NOTE: Final = b"\xff\x64\x00\x0f\x00\x01" + SECRET

# What a picture says beside itself: the picture with it, and the picture.
JPEGS: Final[dict[str, tuple[bytes, bytes]]] = {
    "the camera's notes": (after_start(PLAIN, EXIF), PLAIN),
    "a comment": (after_start(PLAIN, COMMENT), PLAIN),
    "a comment after padding": (after_start(PLAIN, b"\xff\xff\xff" + COMMENT), PLAIN),
    "a reserved segment": (after_start(PLAIN, b"\xff\xf5\x00\x0d" + SECRET), PLAIN),
    "a long note on the colours": (
        after_start(PLAIN, b"\xff\xee\x00\x19Adobe\0\x64\0\0\0\0\x01" + SECRET),
        after_start(PLAIN, b"\xff\xee\x00\x0eAdobe\0\x64\0\0\0\0\x01"),
    ),
    "a comment between scans": (between_scans(SCANS, COMMENT), SCANS),
    "the camera's notes between scans": (between_scans(SCANS, EXIF), SCANS),
    "a comment where restarts are": (after_start(RESTARTING, COMMENT), RESTARTING),
    "a tail": (PLAIN + SECRET, PLAIN),
    "the tail of an earlier, larger picture": (SCANS + SECRET + b"\xff\xd9", SCANS),
    "a second picture": (PLAIN + after_start(PLAIN, EXIF), PLAIN),
}
JPXS: Final[dict[str, tuple[bytes, bytes]]] = {
    "a box": (BOXED + b"\0\0\0\x13xml " + SECRET, BOXED),
    "a second drawing": (BOXED + b"\0\0\0\x13jp2c" + SECRET, BOXED),
    "a box in the head": (
        BOXED.replace(
            BOXED[BOXED.index(b"jp2h") - 4 : BOXED.index(b"jp2h") + 4],
            (
                int.from_bytes(BOXED[BOXED.index(b"jp2h") - 4 : BOXED.index(b"jp2h")], "big") + 19
            ).to_bytes(4, "big")
            + b"jp2h"
            + b"\0\0\0\x13xml "
            + SECRET,
        ),
        BOXED,
    ),
    "a note before the tile": (
        as_drawing(BOXED).replace(b"\xff\x90", JPX_NOTE + b"\xff\x90", 1),
        as_drawing(BOXED),
    ),
    "a note in the tile": (in_tile(BOXED, JPX_NOTE), as_drawing(BOXED)),
    "a tail": (as_drawing(BOXED) + SECRET, as_drawing(BOXED)),
}


@pytest.mark.parametrize("place", JPEGS)
def test_a_photograph_shows_the_same_and_says_no_more(place: str) -> None:
    before, picture = JPEGS[place]
    assert SECRET in before
    after = without_notes(before)
    assert SECRET not in after
    assert dots(after) == dots(picture)
    assert after == without_notes(picture)
    assert after.count(b"\xff\xd8") == after.count(b"\xff\xd9") == 1


@pytest.mark.parametrize("place", JPXS)
def test_a_jpeg_2000_shows_the_same_and_says_no_more(place: str) -> None:
    before, picture = JPXS[place]
    assert SECRET in before
    after = without_boxes(before)
    assert SECRET not in after
    assert dots(after) == dots(picture)
    assert after == without_boxes(picture)


@pytest.mark.parametrize(
    ("filters", "pack"),
    [
        ("ASCII85Decode", lambda data: base64.a85encode(data) + b"~>"),
        ("FlateDecode", zlib.compress),
        ("ASCIIHexDecode FlateDecode", lambda data: zlib.compress(data).hex().encode() + b">"),
    ],
)
@pytest.mark.parametrize("last", ["DCTDecode", "CCITTFaxDecode"])
def test_a_picture_that_is_packed_once_more_is_cleaned_all_the_same(
    filters: str, pack: Callable[[bytes], bytes], last: str
) -> None:
    jpeg, picture = JPEGS["the camera's notes"]
    held, expected = (jpeg, without_notes(picture)) if last == "DCTDecode" else (FAX, FAX)

    def change(document: pikepdf.Pdf) -> None:
        with_picture(pack(held))(document)
        photo = document.pages[0].obj.Resources.XObject.Photo
        names = [*filters.split(), last]
        photo.Filter = pikepdf.Array([pikepdf.Name(f"/{name}") for name in names])
        how = [pikepdf.Dictionary() for _ in filters.split()]
        photo.DecodeParms = pikepdf.Array([*how, pikepdf.Dictionary(Columns=64, K=-1)])

    with pikepdf.open(BytesIO(rewrite(pdf(change), "Case"))) as document:
        photo = document.pages[0].obj.Resources.XObject.Photo
        assert photo.Filter == pikepdf.Name(f"/{last}")
        assert photo.read_raw_bytes() == expected
        assert photo.get("/DecodeParms") == pikepdf.Dictionary(Columns=64, K=-1)


def test_a_picture_that_is_packed_in_an_unknown_way_is_refused() -> None:
    def change(document: pikepdf.Pdf) -> None:
        with_picture(PLAIN)(document)
        photo = document.pages[0].obj.Resources.XObject.Photo
        photo.Filter = pikepdf.Array([pikepdf.Name.JPXDecode, pikepdf.Name.DCTDecode])

    with pytest.raises(Unfit, match="packed so that it cannot be cleaned"):
        rewrite(pdf(change), "Case")


def test_a_photograph_with_restarts_is_kept_whole() -> None:
    assert any(bytes([0xFF, mark]) in RESTARTING for mark in RESTARTS)
    assert dots(without_notes(RESTARTING)) == dots(RESTARTING)


@pytest.mark.parametrize("place", JPEGS)
def test_what_stands_beside_a_photograph_is_not_in_the_file_for_the_public(place: str) -> None:
    before = pdf(with_picture(JPEGS[place][0]))
    assert SECRET.decode() in strings(before)
    assert SECRET.decode() not in strings(rewrite(before, "Case"))


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"\xff\xd8",
        b"\xff\xd8\xff\xd9",
        PLAIN[2:],
        PLAIN[:-2],
        PLAIN[: len(PLAIN) // 2],
        PLAIN[:30],
        after_start(PLAIN, b"\xff\xfe\x00\x01"),
        after_start(PLAIN, b"\xff\xfe\xff\xff"),
        after_start(PLAIN, b"no segment"),
    ],
)
def test_a_damaged_photograph_is_refused_with_a_sentence(damaged: bytes) -> None:
    with pytest.raises(Unfit, match="A picture in the PDF is damaged"):
        rewrite(pdf(with_picture(damaged)), "Case")


@pytest.mark.parametrize("cleaning", [(without_notes, SCANS), (without_boxes, BOXED)])
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_picture_is_cleaned_or_refused_and_never_crashes(
    cleaning: tuple[Callable[[bytes], bytes], bytes], data: st.DataObject
) -> None:
    clean, picture = cleaning
    file = bytearray(picture)
    for _ in range(data.draw(st.integers(1, 6))):
        file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
    for candidate in (bytes(file), bytes(file[: data.draw(st.integers(0, len(file)))])):
        with suppress(Unfit):
            cleaned = clean(candidate)
            assert clean(cleaned) == cleaned
