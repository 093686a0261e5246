"""Documents are served as stored files: in parts, by digest, and only as they were sealed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.http import HttpResponse

from decisions.register import shelf, stored
from decisions.register.conditional import FRESH
from tests.records import pcd_1080
from tests.register_world import Register, register

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker

PATH: Final = "/decisions/pcd-1080/decision.pdf"
PDF: Final = b"%PDF-1.7 " + bytes(range(256)) * 2000
SIZE: Final = len(PDF)
DIGEST: Final = hashlib.sha256(PDF).hexdigest()
TAG: Final = f'"{DIGEST}"'


def file() -> Path:
    """Where the store keeps the document."""
    return Path(storages["published"].path(f"{DIGEST}.pdf"))


@pytest.fixture(scope="module")
def world(migrated: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Register]:
    with register(migrated, django_db_blocker) as made:
        if not storages["published"].exists(f"{DIGEST}.pdf"):
            storages["published"].save(f"{DIGEST}.pdf", ContentFile(PDF))
        with made.staff():
            shelf.place(pcd_1080(), pdf_digest=DIGEST)
        yield made


@pytest.fixture(autouse=True)
def _as_stored(world: Register) -> Iterator[None]:
    yield
    file().chmod(0o644)
    file().write_bytes(PDF)


def whole(response: HttpResponse) -> None:
    assert response.status_code == 200
    assert response.content == PDF
    assert response.headers["Content-Length"] == str(SIZE)
    assert "Content-Range" not in response.headers


def test_the_whole_document_is_sent_with_its_digest_as_tag(world: Register) -> None:
    response = world.get(PATH)
    whole(response)
    assert response.headers["ETag"] == TAG
    assert response.headers["Accept-Ranges"] == "bytes"
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Cache-Control"] == FRESH
    assert response.headers["Content-Disposition"] == 'inline; filename="PCD-1080-decision.pdf"'


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-99", 0, 100),
        ("bytes=100-199", 100, 200),
        ("bytes=0-0", 0, 1),
        (f"bytes=100-{SIZE * 9}", 100, SIZE),
        ("bytes=200000-", 200_000, SIZE),
        ("bytes=-300", SIZE - 300, SIZE),
        (f"bytes=-{SIZE * 9}", 0, SIZE),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE),
        ("Bytes = 5 - 9", 5, 10),
    ],
)
def test_one_range_is_answered_with_that_part(
    world: Register, asked: str, start: int, end: int
) -> None:
    response = world.get(PATH, range=asked)
    assert (response.status_code, response.content) == (206, PDF[start:end])
    assert response.headers["Content-Range"] == f"bytes {start}-{end - 1}/{SIZE}"
    assert response.headers["Content-Length"] == str(end - start)
    assert (response.headers["ETag"], response.headers["Cache-Control"]) == (TAG, FRESH)
    assert response.headers["Content-Disposition"] == 'inline; filename="PCD-1080-decision.pdf"'


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=0-9,20-29",
        "bytes=9-5",
        "bytes=-",
        "bytes=",
        "bytes=a-b",
        "bytes=0x1-9",
        "lines=0-9",
        "0-9",
        "bytes=" + "9" * 5000 + "-",
        "bytes=\u0661-\u0662",
    ],
)
def test_what_is_no_single_range_is_answered_with_the_whole(world: Register, asked: str) -> None:
    whole(world.get(PATH, range=asked))


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", f"bytes={SIZE}-{SIZE + 5}", "bytes=-0"])
def test_a_range_behind_the_end_is_refused(world: Register, asked: str) -> None:
    response = world.get(PATH, range=asked)
    assert response.status_code == 416
    assert response.headers["Content-Range"] == f"bytes */{SIZE}"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.content == b"The document is shorter than that.\n"


def test_a_part_is_sent_only_to_who_has_the_other_parts_of_the_same_document(
    world: Register,
) -> None:
    same = world.get(PATH, range="bytes=0-9", if_range=TAG)
    assert (same.status_code, same.content) == (206, PDF[:10])
    for other in ('"another"', f"W/{TAG}", "Wed, 24 Nov 2021 09:00:00 GMT"):
        whole(world.get(PATH, range="bytes=0-9", if_range=other))


def test_who_holds_the_document_gets_no_part_of_it(world: Register) -> None:
    for asked in ("bytes=0-9", f"bytes={SIZE}-"):
        response = world.get(PATH, range=asked, if_none_match=TAG)
        assert (response.status_code, response.content) == (304, b"")
        assert response.headers["ETag"] == TAG


def test_head_tells_the_length_and_sends_nothing(world: Register) -> None:
    for headers in ({}, {"range": "bytes=0-9"}):
        response = world.client(**headers).head(PATH)
        assert (response.status_code, response.content) == (200, b"")
        assert response.headers["Content-Length"] == str(SIZE)
        assert "Content-Range" not in response.headers


@pytest.mark.parametrize("headers", [{}, {"range": "bytes=0-9"}])
def test_a_document_that_was_changed_is_never_served(
    world: Register, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    """Not even the ranges that are as they were, and not even though it was served before."""
    assert world.get(PATH, **headers).status_code in {200, 206}
    times = file().stat()
    file().write_bytes(PDF[:-1] + b"!")
    # Somebody who also sets back the clock of the file is found out all the same.
    os.utime(file(), ns=(times.st_atime_ns, times.st_mtime_ns))
    response = world.get(PATH, **headers)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
    assert f"The published file {DIGEST} is not the one that was sealed." in caplog.text
    file().write_bytes(PDF)
    assert world.get(PATH, **headers).status_code in {200, 206}


def test_a_document_that_was_replaced_is_never_served(world: Register, tmp_path: Path) -> None:
    assert world.get(PATH).status_code == 200
    other = file().with_name("other")
    other.write_bytes(bytes(SIZE))
    other.replace(file())
    assert world.get(PATH, range="bytes=0-9").status_code == 503


def test_a_missing_document_is_a_sentence(world: Register) -> None:
    file().rename(file().with_suffix(".away"))
    response = world.get(PATH)
    file().with_suffix(".away").rename(file())
    assert response.status_code == 503
    assert "cannot be read at the moment" in response.content.decode()


def test_a_document_is_read_whole_once_and_not_for_each_range(
    world: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored._checked.clear()
    assert world.get(PATH, range="bytes=0-9").status_code == 206
    known = dict(stored._checked)
    assert list(known) == [DIGEST]
    monkeypatch.setattr(stored, "_is_whole", None)  # to read it whole again would now be a fault
    for start in range(0, 1000, 100):
        assert world.get(PATH, range=f"bytes={start}-{start + 99}").status_code == 206
    assert dict(stored._checked) == known
