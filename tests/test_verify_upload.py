"""Taking in a file: what is refused before it is read, and how many may wait."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, cast

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from decisions.register.middleware import TAKES_IN
from decisions.register.verify import upload
from decisions.register.verify.apart import LARGEST
from tests.register_world import Register, register
from tests.test_verify_page import heading, shown

if TYPE_CHECKING:
    from django.http import HttpResponse
    from pytest_django.plugin import DjangoDbBlocker

MARK: Final = "mark"
FORM: Final = f"multipart/form-data; boundary={MARK}"
pytestmark = pytest.mark.usefixtures("seal_key")


@pytest.fixture(scope="module")
def world(migrated: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Register]:
    with register(migrated, django_db_blocker) as made:
        yield made


def send(world: Register, body: bytes, kind: str = FORM, **environ: Any) -> HttpResponse:
    client = world.client()
    return cast("HttpResponse", client.generic("POST", TAKES_IN, body, kind, **environ))


def part(content: bytes, name: str = "document", file: str = "decision.pdf") -> bytes:
    head = f'--{MARK}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n\r\n'
    return head.encode() + content + b"\r\n"


END: Final = f"--{MARK}--\r\n".encode()


def refused(response: HttpResponse, status: int, sentence: str) -> None:
    body = response.content.decode()
    assert response.status_code == status
    assert f'<li><a href="#document">{sentence}</a></li>' in body
    assert "<title>Error: Check a document" in body
    assert 'aria-describedby="document-hint document-error"' in body
    assert response.headers["Cache-Control"] == "no-store"


class _Untouchable(BytesIO):
    """A body that must not be read."""

    def read(self, *_: Any) -> bytes:
        raise AssertionError("The body was read.")

    readline = read


def test_a_file_that_is_too_large_is_refused_before_it_is_read(world: Register) -> None:
    sentence = "The selected file must be smaller than 25 MB. No document of ours is larger"
    for length in (str(LARGEST + 70_000), "9" * 30, "-1", "x"):
        unread: Any = {"CONTENT_LENGTH": length, "wsgi.input": _Untouchable(b"secret")}
        refused(send(world, b"", **unread), 413, sentence)


def test_a_file_one_byte_too_large_is_refused_and_the_largest_is_judged(world: Register) -> None:
    refused(
        send(world, part(bytes(LARGEST + 1)) + END),
        413,
        "The selected file must be smaller than 25 MB. No document of ours is larger",
    )
    response = send(world, part(bytes(LARGEST)) + END)
    assert (response.status_code, heading(response)) == (200, "This file cannot be read")


@pytest.mark.parametrize(
    "body", [END, part(b"%PDF", name="other") + END, part(b"", file="") + END, b""]
)
def test_no_file_is_an_error_beside_its_field(world: Register, body: bytes) -> None:
    refused(send(world, body), 400, "Select the PDF file that you want to check")


def test_an_empty_file_is_named_so(world: Register) -> None:
    refused(send(world, part(b"") + END), 400, "The selected file is empty. Select another file")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"nothing of the sort", "multipart/form-data"),
        (b"nothing of the sort", "multipart/form-data; boundary=" + "x" * 300),
        (part(b"%PDF"), "multipart/form-data; boundary=\u00e9"),
        (b"".join(part(b"x", name=f"f{n}") for n in range(200)) + END, FORM),
        (
            b"".join(
                f'--{MARK}\r\nContent-Disposition: form-data; name="f{n}"\r\n\r\nx\r\n'.encode()
                for n in range(2000)
            )
            + END,
            FORM,
        ),
    ],
)
def test_a_form_that_is_none_is_refused_with_a_sentence(
    world: Register, body: bytes, kind: str
) -> None:
    refused(
        send(world, body, kind),
        400,
        "The file did not arrive whole. Select it again and send it once more",
    )


def test_other_kinds_of_form_hold_no_file(world: Register) -> None:
    for kind in ("application/x-www-form-urlencoded", "application/json", "text/plain"):
        refused(
            send(world, b"document=%25PDF", kind),
            400,
            "Select the PDF file that you want to check",
        )


def test_only_the_first_file_is_looked_at(world: Register) -> None:
    response = send(world, part(b"no document") + part(b"%PDF-1.7 second") + END)
    assert (response.status_code, heading(response)) == (200, "This file cannot be read")


def test_a_file_that_does_not_arrive_in_time_is_given_up(
    world: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line is hung up, however slowly bytes drip in, and the place is free again."""
    monkeypatch.setattr(upload, "ARRIVES_WITHIN", 0.2)
    ours, theirs = socket.socketpair()
    with ours, theirs, ours.makefile("rb") as arriving:
        theirs.sendall(part(b"the beginning of a file"))
        slow: Any = {
            "CONTENT_LENGTH": "1000",
            "CONTENT_TYPE": FORM,
            "wsgi.input": arriving,
            "gunicorn.socket": ours,
        }
        refused(
            send(world, b"", **slow),
            400,
            "The file did not arrive whole. Select it again and send it once more",
        )
    assert hand_in(world).status_code == 200


BUSY: Final = (
    "Other people’s documents are being checked. Wait a minute, then select your file again. "
    "You can check by reference and digest at once"
)


def hand_in(world: Register) -> HttpResponse:
    file = SimpleUploadedFile("decision.pdf", b"no document", "application/pdf")
    return cast("HttpResponse", world.client().post(TAKES_IN, {"document": file}))


def test_when_the_queue_is_full_a_sentence_says_so_before_anything_is_read(
    world: Register,
) -> None:
    with upload.place(), upload.place():
        unread: Any = {"CONTENT_LENGTH": "1000", "wsgi.input": _Untouchable(b"secret")}
        response = send(world, b"", **unread)
        refused(response, 503, BUSY)
        assert response.headers["Retry-After"] == "60"
        # Reading the register and asking by digest wait for nobody.
        assert world.get("/decisions/").status_code == 200
        asked = world.get("/verify/?reference=PCD+1&digest=0123456789abcdef")
        assert heading(asked) == "Nothing published here matches"
    assert hand_in(world).status_code == 200


def test_who_waits_too_long_for_the_turn_hears_that_it_is_busy(
    world: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload, "WAITS_FOR", 0.01)
    with upload.turn():
        refused(hand_in(world), 503, BUSY)
    assert hand_in(world).status_code == 200


def test_a_place_and_a_turn_are_given_back_whatever_happens(world: Register) -> None:
    for _ in range(3):
        assert send(world, b"", "multipart/form-data").status_code == 400
        assert hand_in(world).status_code == 200
    with upload.place(), upload.place(), upload.turn():
        pass


def test_one_file_is_judged_at_a_time(world: Register) -> None:
    """The second waits for its turn and gets it."""
    order: list[str] = []

    def wait() -> None:
        with upload.turn():
            order.append("second")

    with upload.turn():
        second = threading.Thread(target=wait)
        second.start()
        order.append("first")
    second.join(timeout=20)
    assert order == ["first", "second"]


def test_the_words_of_the_refusal_say_that_there_is_another_way(world: Register) -> None:
    with upload.place(), upload.place():
        assert "Give the reference and the digest" in shown(hand_in(world))
