"""Sending forms as no browser would: encoded by hand, so that nothing is put right on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote_plus

from django.test import Client

_BOUNDARY: Final = "----countersign-tests"
_OWN: Final = {"Sec-Fetch-Site": "same-origin"}
MULTIPART: Final = f"multipart/form-data; boundary={_BOUNDARY}"
URLENCODED: Final = "application/x-www-form-urlencoded"


@dataclass
class Sent:
    """What is sent: texts by field, each perhaps several times, and files by field."""

    texts: dict[str, list[str]]
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def body(self) -> tuple[str, bytes]:
        """The content type and the body."""
        if self.files:
            return MULTIPART, _multipart(self.texts, self.files)
        return URLENCODED, self.query().encode()

    def query(self) -> str:
        """The texts as an address carries them; half a character stays half a character."""
        pairs = [(name, value) for name, values in self.texts.items() for value in values]
        return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)


# Bodies that are no form, or a broken one.
NO_FORMS: Final[Sequence[tuple[str, bytes]]] = (
    (URLENCODED, b""),
    (URLENCODED, b"&&==&%zz=%ff%fe&token=%00&" + b"a=1&" * 1_200),
    ("application/json", b'{"reason": "Words", "password": {"$ne": ""}}'),
    ("application/json", b"{"),
    ("text/plain; charset=utf-7", b"reason=+AGE-"),
    ("application/x-www-form-urlencoded; charset=utf-16", b"\xff\xfer\x00"),
    (MULTIPART, b"--" + _BOUNDARY.encode() + b"\r\nContent-Disposition: form-data; name="),
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=\xe9", b"--x"),
    (MULTIPART, b"--" + _BOUNDARY.encode() + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n@@@"),
)


def post(client: Client, address: str, content_type: str, body: bytes) -> Any:
    """Send a body as it is."""
    return client.generic("POST", address, body, content_type=content_type, headers=_OWN)


def _quoted(said: str) -> str:
    return quote_plus(said.encode("utf-8", "surrogatepass"))


def _multipart(texts: Mapping[str, Sequence[str]], files: Mapping[str, tuple[str, bytes]]) -> bytes:
    parts = [
        f'form-data; name="{name}"\r\n\r\n'.encode() + value.encode("utf-8", "surrogatepass")
        for name, values in texts.items()
        for value in values
    ] + [
        f'form-data; name="{name}"; filename="{called}"\r\n'.encode("utf-8", "surrogatepass")
        + b"Content-Type: application/pdf\r\n\r\n"
        + content
        for name, (called, content) in files.items()
    ]
    head = f"--{_BOUNDARY}\r\nContent-Disposition: ".encode()
    return b"".join(head + part + b"\r\n" for part in parts) + f"--{_BOUNDARY}--\r\n".encode()
