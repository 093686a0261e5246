"""A small real mail server on this machine, which keeps what it takes; and mailers that use it."""

from __future__ import annotations

import os
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Final

from django.core.mail.backends.smtp import EmailBackend

from approvals.notices.sending import ABOUT_PAPERS
from config import env
from tests import database

HOST: Final = "127.0.0.1"
PATIENCE: Final = 60  # seconds that anything may take on a busy machine


class PostOffice(socketserver.ThreadingTCPServer):
    """Takes mail by SMTP. `refused` are addresses it knows not; `on_taking` runs before it says
    that it has taken a message.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__((HOST, 0), _Conversation)
        self.taken: list[EmailMessage] = []
        self.refused: set[str] = set()
        self.on_taking: Callable[[], object] = lambda: None

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def ids(self) -> list[str]:
        """The Message-ID of everything taken, in order."""
        return [str(message["Message-ID"]) for message in self.taken]


class _Conversation(socketserver.StreamRequestHandler):
    server: PostOffice

    def handle(self) -> None:
        self._say("220 post office")
        while line := self.rfile.readline().decode().strip():
            word = line.split(" ", 1)[0].upper()
            if word == "DATA":
                self._take()
            elif word == "QUIT":
                self._say("221 goodbye")
                break
            elif word == "RCPT" and any(f"<{name}>" in line for name in self.server.refused):
                self._say("550 nobody of that name")
            else:
                self._say("250 very well")

    def _take(self) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        message = message_from_bytes(b"".join(lines), policy=policy.default)
        self.server.taken.append(message)
        self.server.on_taking()
        self._say("250 taken")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def open_for_mail() -> Iterator[PostOffice]:
    """A mail server that listens until the block ends."""
    with PostOffice() as office:
        thread = threading.Thread(target=office.serve_forever, daemon=True)
        thread.start()
        try:
            yield office
        finally:
            office.shutdown()
            thread.join()


@contextmanager
def as_mailer(name: str) -> Iterator[None]:
    """Work in the mailer's role meanwhile."""
    database.connect("default", env.MAILER, name, "public")
    try:
        yield
    finally:
        database.connect("default", env.STAFF, name)


def channel(office: PostOffice) -> EmailBackend:
    """A way to the mail server."""
    return EmailBackend(host=HOST, port=office.port, timeout=PATIENCE)


def send(
    name: str, office: PostOffice, how: Callable[[EmailBackend], int] = ABOUT_PAPERS.send_due
) -> int:
    """Send in the mailer's role; how many messages were taken."""
    with as_mailer(name):
        return how(channel(office))


def surroundings(name: str, **more: str) -> dict[str, str]:
    """What a mailer finds in its environment."""
    own = {"COUNTERSIGN_ENV": "development"}
    return os.environ | own | {"MAILER_DATABASE_URL": database.address(env.MAILER, name)} | more
