"""The sample, loaded once into a database of its own, and what can be asked of it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import psycopg
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from approvals.workflow import VERBS
from config import env
from decisions.models import Event, Paper
from decisions.register.record import Record
from tests import ambient, database

PAPERS: Final = {
    1080: "decided",
    1811: "decided",
    1812: "decided",
    1813: "decided",
    1814: "withdrawn",
    1815: "decided",
    1816: "endorsement",
    1817: "draft",
    1818: "consultation",
    1819: "draft",
    1828: "decision",
}
# Words that stand in one Part 2 each, and nowhere else.
SECRETS: Final = {1080: "Marlpit", 1813: "Copperdown", 1818: "Larkmoor", 1828: "Thornquill"}


@contextmanager
def connected(name: str, blocker: DjangoDbBlocker) -> Iterator[None]:
    """Point the staff process's connection at a database, and back again."""
    before = dict(connections["default"].settings_dict)
    with blocker.unblock():
        database.connect("default", env.STAFF, name)
        try:
            yield
        finally:
            connections.close_all()
            connections["default"].settings_dict.update(before)


def command(name: str, folder: Path, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    """Start one of the project's commands on a database, with its files in a folder."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "COUNTERSIGN_ENV": "development",
        "COUNTERSIGN_TEST_DB": name,
        "SAMPLE_DATA": "1",
        "DATA_DIR": str(folder),
        **variables,
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=env.PROJECT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(name: str, folder: Path, *arguments: str, **variables: str) -> tuple[int, str, str]:
    """Run one of the project's commands to its end: exit code, output, complaint."""
    process = command(name, folder, *arguments, **variables)
    said, complaint = process.communicate()
    return process.returncode, said, complaint


def states() -> dict[int, str]:
    """Number to state, of every paper there is."""
    return dict(Paper.objects.order_by("number").values_list("number", "state"))


def verbs(number: int) -> tuple[str, ...]:
    """What was done to a paper, in order: the verbs of the table."""
    events = Event.objects.filter(paper__number=number, verb__in=VERBS).order_by("seq")
    return tuple(events.values_list("verb", flat=True))


def lives(name: str) -> dict[int, tuple[str, ...]]:
    """Everything that was done to each paper of a database, saves and all, in order."""
    with psycopg.connect(database.address(env.STAFF, name)) as staff:
        ambient.speak(staff)
        rows = staff.execute(
            "SELECT p.number, e.verb FROM decisions_event e "
            "JOIN decisions_paper p ON p.id = e.paper_id ORDER BY e.seq"
        ).fetchall()
    found: dict[int, list[str]] = {}
    for number, verb in rows:
        found.setdefault(number, []).append(verb)
    return {number: tuple(verbs) for number, verbs in found.items()}


def newest_record(number: int) -> Record:
    """The newest version of a paper."""
    version = Paper.objects.get(number=number).versions.latest("number")
    return version.record


def published(name: str) -> dict[tuple[str, int], tuple[Record, str, datetime]]:
    """What the public's own database role can read: (slug, edition) to record, document, moment."""
    url = database.address(env.PUBLIC, name)
    with psycopg.connect(url, options="-c search_path=pub") as public:
        rows = public.execute(
            "SELECT slug, edition, content, pdf_digest, edition_published_at FROM decision"
        ).fetchall()
    return {
        (slug, edition): (Record.from_json(content), pdf, moment)
        for slug, edition, content, pdf, moment in rows
    }


def hash_of(event: Event) -> str:
    """An event's hash, worked out from its documented form by other means than PostgreSQL's."""
    fields = (
        str(event.seq),
        event.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        event.db_role,
        "" if event.paper_id is None else str(event.paper_id),
        str(event.actor_id),
        event.verb,
        event.facts,
        event.prev,
    )
    encoded = (field.encode() for field in fields)
    return hashlib.sha256(
        b"\0" + b"".join(len(text).to_bytes(4, "big") + text for text in encoded)
    ).hexdigest()


def utc(*moment: int) -> datetime:
    """A moment in UTC, which is London's time in November."""
    year, month, day, hour, minute = moment
    return datetime(year, month, day, hour, minute, tzinfo=UTC)
