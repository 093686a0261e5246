"""A register for tests: committed rows placed by the staff role, read as the public role.

`Register` works on a database of its own. Its client runs the public process's own middleware,
addresses and database role inside the test.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, cast

import msgspec
import psycopg
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connections
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, override_settings
from psycopg import sql
from pytest_django.plugin import DjangoDbBlocker

from config import env
from config.settings import public
from decisions.register import shelf
from decisions.register.models import Embargo
from decisions.register.record import Record
from tests import database
from tests.records import pcd_1080

_names = itertools.count(1)

PROCESS: Final[dict[str, Any]] = {
    "ROOT_URLCONF": public.ROOT_URLCONF,
    "MIDDLEWARE": public.MIDDLEWARE,
}


def numbered(number: int, record: Record | None = None, **changes: Any) -> Record:
    """The record of PCD 1080, or another, under another number."""
    names = {"reference": f"PCD {number}", "slug": f"pcd-{number}"}
    return msgspec.structs.replace(record or pcd_1080(), **(names | changes))


def document(name: str) -> str:
    """Put a document among the published files; its digest."""
    pdf = f"%PDF-1.7 the sealed document of {name}".encode()
    digest = hashlib.sha256(pdf).hexdigest()
    if not storages["published"].exists(f"{digest}.pdf"):
        storages["published"].save(f"{digest}.pdf", ContentFile(pdf))
    return digest


class Reader(Client):
    """Somebody who reads every answer to its end, so that no file stays open behind it."""

    def request(self, **request: Any) -> Any:
        """The answer, with its body whole."""
        response: Any = super().request(**request)
        if not isinstance(response, StreamingHttpResponse):
            return response
        return HttpResponse(body(response), status=response.status_code, headers=response.headers)


@dataclass(frozen=True)
class Register:
    """One database with a register in it."""

    name: str

    @contextmanager
    def staff(self) -> Iterator[None]:
        """Work as the staff process does."""
        database.connect("default", env.STAFF, self.name)
        try:
            yield
        finally:
            database.connect("default", env.PUBLIC, self.name, "pub")

    def place(self, *records: Record, **how: Any) -> None:
        """Place editions as the staff process does, each with a document of its own."""
        with self.staff():
            for record in records:
                name = f"{record.reference}, edition {record.edition}"
                shelf.place(record, pdf_digest=document(name), **how)

    def let_pass(self, time: timedelta) -> None:
        """Move every moment in the register into the past by so much, as if the time had passed."""
        with psycopg.connect(database.address(env.OWNER, self.name)) as owner:
            for table, moment in (("live", "published_at"), ("embargo", "not_before")):
                statements = (
                    "ALTER TABLE register.{table} DISABLE TRIGGER refuse_change",
                    (
                        "UPDATE register.{table} SET placed_at = placed_at - {time},"
                        " first_published_at = first_published_at - {time},"
                        " {moment} = {moment} - {time}"
                    ),
                    "ALTER TABLE register.{table} ENABLE ALWAYS TRIGGER refuse_change",
                )
                for statement in statements:
                    owner.execute(
                        sql.SQL(statement).format(
                            table=sql.Identifier(f"register_{table}"),
                            moment=sql.Identifier(moment),
                            time=sql.Literal(time),
                        )
                    )

    def deferred(self, slug: str) -> Embargo:
        """A deferred edition as the staff process reads it."""
        with self.staff():
            return Embargo.objects.filter(slug=slug).latest("placed_at")

    def client(self, **headers: str) -> Client:
        """A reader of the public site."""
        if connections["default"].settings_dict["NAME"] != self.name:
            database.connect("default", env.PUBLIC, self.name, "pub")
        return Reader(headers=headers, SERVER_NAME="127.0.0.1")

    def get(self, path: str, **headers: str) -> HttpResponse:
        """Open an address of the public site."""
        return cast("HttpResponse", self.client(**headers).get(path))

    def head(self, path: str) -> HttpResponse:
        """Ask for the headers of an address of the public site."""
        return cast("HttpResponse", self.client().head(path))

    def text(self, path: str) -> str:
        """The whole body at an address, as text."""
        return body(self.get(path)).decode()

    def sql(self) -> psycopg.Connection[Any]:
        """A connection of the public role, for what no page would ask."""
        return psycopg.connect(database.address(env.PUBLIC, self.name), autocommit=True)


def without_papers(name: str) -> None:
    """Let a database's register take records of which there is no paper.

    Pages, search and feeds are tried with records of every shape, made up for it; a paper with
    signatures and a sealed document behind each would be another test. Only whoever owns the tables
    can take these guards away; they have tests of their own (test_published_as_signed.py).
    """
    with database.owner_of(name) as owner:
        for shelf_ in ("register_live", "register_embargo"):
            for guard in ("check_3_signed", "placing_is_told"):
                owner.execute(f"DROP TRIGGER {guard} ON register.{shelf_}")


def body(response: HttpResponse | StreamingHttpResponse) -> bytes:
    """The whole body of an answer, streamed or not."""
    if isinstance(response, StreamingHttpResponse):
        return b"".join(cast("Iterator[bytes]", response.streaming_content))
    return response.content


@contextmanager
def register(template: str, blocker: DjangoDbBlocker) -> Iterator[Register]:
    """A new register in a database of its own, and the public process to read it with."""
    name = f"{template}_register{next(_names)}"
    before = dict(connections["default"].settings_dict)
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    # The staff process adds to the list that both settings files share; the public one does not.
    options = public.TEMPLATES[0]["OPTIONS"] | {
        "context_processors": ["django.template.context_processors.request"]
    }
    templates = [public.TEMPLATES[0] | {"OPTIONS": options}]
    with blocker.unblock(), override_settings(**PROCESS, TEMPLATES=templates):
        database.create(name, template=template)
        without_papers(name)
        database.connect("default", env.PUBLIC, name, "pub")
        try:
            yield Register(name)
        finally:
            connections.close_all()
            connections["default"].settings_dict.update(before)
            database.drop(name)
