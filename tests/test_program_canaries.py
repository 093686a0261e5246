"""Programs that fail with a secret in hand: no line, no mail and no row tells it."""

from __future__ import annotations

import base64
import json
import os
import resource
import signal
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from approvals.models import DocumentRefusal, Notice
from config import env
from config.logs import KindAndPlace
from config.sign_in import SingleSignOn
from decisions.history import record
from decisions.models import Paper
from setup import run
from tests import database, post_office, stages
from tests.cast import assemble
from tests.error_world import canary, tables_with
from tests.seal_keys import certificate, passphrase_file, write
from tests.seal_world import World
from tests.soft_token import LABEL, soft_token
from tests.test_jobs_killed import held, is_being_made, until
from tests.test_witness import surroundings as of_witness

if TYPE_CHECKING:
    from pytest_django import Settings

SECRET: Final = canary()  # a password, a passphrase, a PIN, a code
ECHO: Final = canary()  # what the other side says in its refusal
TITLE: Final = canary()
REFUSES: Final = ("AUTH", "RCPT", "message", "hangs up")
ANSWERS: Final = ("error", "list", "token", "words")


class Spite(socketserver.ThreadingTCPServer):
    """A mail server that refuses in one way, and says back all that it was told."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, refuses: str) -> None:
        super().__init__((post_office.HOST, 0), _Spiteful)
        self.refuses = refuses
        self.told = ""

    @property
    def url(self) -> str:
        """Its address, with a name and a password."""
        return f"smtp://mailer:{SECRET}@{post_office.HOST}:{self.server_address[1]}"


class _Spiteful(socketserver.StreamRequestHandler):
    server: Spite

    def handle(self) -> None:
        self._say("220 post office")
        while line := self.rfile.readline().decode().strip():
            word = line.split(" ", 1)[0].upper()
            if word == "AUTH":
                line = base64.b64decode(line.split(" ")[-1]).decode().replace("\0", " ")
            self.server.told += f"{line}\n"
            if word == "EHLO":
                self._say("250-post office\r\n250 AUTH PLAIN")
            elif word == self.server.refuses:
                self._say(f"{'535' if word == 'AUTH' else '550'} {ECHO} {line}")
            elif word == "AUTH":
                self._say("235 come in")
            elif word == "DATA" and not self._take():
                return
            elif word != "DATA":
                self._say("250 very well")

    def _take(self) -> bool:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.decode())
            if self.server.refuses == "hangs up" and len(lines) == 2:
                return False
        self.server.told += "".join(lines)
        said = " ".join("".join(lines).split())
        self._say(f"554 {ECHO} {said[:400]}")
        return True

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def spiteful(refuses: str) -> Iterator[Spite]:
    """Such a mail server, until the block ends."""
    with Spite(refuses) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def told_in(said: str) -> list[str]:
    """Which of the words stand in what a program said."""
    return [each for each in (SECRET, ECHO, TITLE) if each in said]


def said_by(command: tuple[str, ...] | list[str], around: dict[str, str]) -> str:
    """Everything that a program says until it ends."""
    done = subprocess.run(
        command, cwd=env.PROJECT, env=around, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


@pytest.fixture
def advised(clone: str) -> Paper:
    """A paper with the word in its title and Part 2, about which six messages wait."""
    cast = assemble()
    paper = stages.draft(cast, part_two=True)
    paper = stages.ask(stages.change(paper, "title", cast.olu, title=f"On {TITLE}"), cast)
    assert "decisions_paper" in tables_with(TITLE, clone)
    return paper


@pytest.mark.parametrize("refuses", [*REFUSES, "MAIL"])
def test_a_mail_server_that_refuses_by_repeating_all_is_not_quoted(
    clone: str, advised: Paper, refuses: str
) -> None:
    before = tables_with(TITLE, clone)
    with spiteful(refuses) as server:
        around = post_office.surroundings(clone, EMAIL_URL=server.url)
        said = said_by([*run.MAILER, "--once"], around)
        assert SECRET in server.told
        assert refuses != "message" or advised.reference in server.told
        assert TITLE not in server.told
    assert said.count("was not sent at try 1: SMTP") == Notice.objects.count() == 6
    assert told_in(said) == []
    assert not Notice.objects.filter(sent_at__isnull=False).exists()
    assert "approvals_notice" not in before
    assert [tables_with(each, clone) for each in (TITLE, SECRET, ECHO)] == [before, set(), set()]


@pytest.mark.parametrize("refuses", REFUSES)
def test_the_witness_does_not_quote_it_either(
    clone: str, advised: Paper, tmp_path: Path, refuses: str
) -> None:
    record(None, "begin", advised.officer)
    with spiteful(refuses) as server:
        more = {"WITNESS_MAIL_TO": "board@office.example", "EMAIL_URL": server.url}
        command = [sys.executable, "manage.py", "witness"]
        said = said_by(command, of_witness(clone, tmp_path, **more))
        assert SECRET in server.told
        assert TITLE not in server.told
    assert "In order; signed event" in said
    assert "No mail left: SMTP" in said
    assert told_in(said) == []


WORKER: Final = """
from pathlib import Path
from config.settings.worker import *
TEMPLATES[0]["DIRS"] = [Path(__file__).with_name("templates"), *TEMPLATES[0]["DIRS"]]
"""
# What the document's template may hold: an error that quotes the title, and an address made of it.
CHOKES: Final = {
    "filter": "{{ record.title|divisibleby:record.title }}",
    "address": '<img src="https://example.org/{{ record.title }}" alt="">',
    "link": "{% url record.title %}",
}


@contextmanager
def working(name: str, folder: Path, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker whose templates and settings are a test's own; it says all into worker.log."""
    (folder / "faulty_worker.py").write_text(WORKER)
    around = os.environ | {
        "COUNTERSIGN_ENV": "development",
        "RENDERER_DATABASE_URL": database.address(env.RENDERER, name),
        "PYTHONPATH": f"{folder}{os.pathsep}{env.PROJECT}",
        **more,
    }
    command = [sys.executable, "manage.py", "work", "--settings", "faulty_worker"]
    with (folder / "worker.log").open("ab") as log:
        worker = subprocess.Popen(command, cwd=env.PROJECT, env=around, stdout=log, stderr=log)
        try:
            yield worker
        finally:
            worker.kill()
            worker.wait()


def fails(name: str, folder: Path, **more: str) -> str:
    """Have a worker fail to make the document; all that it said."""
    with working(name, folder, **more):
        until(DocumentRefusal.objects.exists, "the worker fails")
        until(lambda: not is_being_made(), "the worker puts the document back")
    assert ProcrastinateJob.objects.filter(task_name="make_document").count() == 1
    return (folder / "worker.log").read_text()


@pytest.fixture
def decided(clone: str) -> Paper:
    """A decided paper with the word in its title, whose document waits to be made."""
    cast = assemble()
    paper = stages.draft(cast)
    stages.change(paper, "title", cast.olu, title=f"On {TITLE}")
    stages.submit(stages.advise_all(stages.ask(stages.fresh(paper), cast)))
    stages.endorse(stages.fresh(paper), cast.celia)
    stages.decide(stages.fresh(paper), cast.dominic)
    assert "approvals_edition" in tables_with(TITLE, clone)
    return stages.fresh(paper)


@pytest.mark.usefixtures("seal_key")
@pytest.mark.parametrize("choke", CHOKES)
def test_a_document_that_cannot_be_typeset_is_told_without_a_word_of_it(
    clone: str, decided: Paper, tmp_path: Path, choke: str
) -> None:
    before = tables_with(TITLE, clone)
    template = tmp_path / "templates" / "documents" / "decision.html"
    template.parent.mkdir(parents=True)
    template.write_text(f"<html lang=en><title>A</title><p>A {CHOKES[choke]}</p></html>")
    said = fails(clone, tmp_path)
    assert "Edition " in said
    assert told_in(said) == []
    assert tables_with(TITLE, clone) == before


@pytest.mark.usefixtures("seal_key")
def test_a_store_that_is_away_and_a_worker_that_is_killed_tell_nothing(
    clone: str, decided: Paper, tmp_path: Path
) -> None:
    before = tables_with(TITLE, clone)
    with held(clone), working(clone, tmp_path) as killed:
        until(is_being_made, "a worker takes the document up")
        assert resource.prlimit(killed.pid, resource.RLIMIT_CORE) == (0, 0)
        os.kill(killed.pid, signal.SIGKILL)
        killed.wait()
    (tmp_path / TITLE).write_text("no folder")
    away = str(tmp_path / TITLE / "store")
    with working(clone, tmp_path, STORE_RESTRICTED=away, WORKER_SILENT_SECONDS="4"):
        until(lambda: DocumentRefusal.objects.count() == 2, "the store refuses the next worker")
    died, away = DocumentRefusal.objects.order_by("pk").values_list("sentence", flat=True)
    assert died.startswith("The program that makes documents ended while it made this one")
    said = (tmp_path / "worker.log").read_text()
    assert (away in said, told_in(said + away)) == (True, [])
    assert tables_with(TITLE, clone) == before


def test_a_wrong_passphrase_is_in_no_line_and_no_row(
    clone: str, decided: Paper, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "seal").mkdir()
    settings.SEAL_KEY_FILE = str(tmp_path / "seal" / "key.pem")
    settings.SEAL_CERT_FILE = str(tmp_path / "seal" / "certificate.pem")
    key = ec.generate_private_key(ec.SECP256R1())
    write(settings, key, certificate(key), passphrase=b"another one")
    wrong = passphrase_file(settings, SECRET.encode())
    said = fails(
        clone,
        tmp_path,
        SEAL_KEY_FILE=settings.SEAL_KEY_FILE,
        SEAL_CERT_FILE=settings.SEAL_CERT_FILE,
        SEAL_KEY_PASSPHRASE_FILE=str(wrong),
    )
    assert "Nothing was sealed because" in said
    assert "passphrase" in said
    assert told_in(said) == []
    assert tables_with(SECRET, clone) == set()


def test_a_wrong_pin_is_in_no_line_and_no_row(
    clone: str, decided: Paper, authorities: World, tmp_path: Path
) -> None:
    token = soft_token(tmp_path)
    token.keep(authorities.key_file("seal"), "seal")
    (tmp_path / "wrong").write_text(SECRET)
    said = fails(
        clone,
        tmp_path,
        SEAL_CERT_FILE=str(authorities.write("pin.pem", authorities.chain("seal"))),
        SEAL_PKCS11_LIB=str(token.library),
        SEAL_PKCS11_TOKEN=LABEL,
        SEAL_PKCS11_KEY="seal",
        SEAL_PKCS11_PIN_FILE=str(tmp_path / "wrong"),
    )
    assert "the PIN in SEAL_PKCS11_PIN_FILE does not open the token" in said
    assert told_in(said) == []
    assert tables_with(SECRET, clone) == set()


PROGRAMS: Final = {
    "mailer": ("MAILER_DATABASE_URL", env.MAILER, [*run.MAILER, "--once"]),
    "worker": ("RENDERER_DATABASE_URL", env.RENDERER, [*run.WORKER]),
    "witness": ("WITNESS_DATABASE_URL", env.WITNESS, [*run.WITNESS]),
}
FORCED: Final = (*REFUSES, "MAIL", *REFUSES, *CHOKES, *PROGRAMS, *PROGRAMS, *ANSWERS)


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("rest", ["", "/and more"])
def test_no_program_tells_the_password_of_a_database_that_it_does_not_reach(
    program: str, rest: str, tmp_path: Path
) -> None:
    """A slash that was not written as %2F ends the host there: Python's refusal quotes it."""
    variable, role, command = PROGRAMS[program]
    address = f"postgresql://{role}:{SECRET}{rest}@127.0.0.1:1/countersign"
    if rest:
        with pytest.raises(ValueError, match=SECRET):
            _ = urlsplit(address).port
    else:
        assert urlsplit(address).password == SECRET
    around = {"COUNTERSIGN_ENV": "development", variable: address, "WITNESS_DIR": str(tmp_path)}
    said = said_by(command, os.environ | around | {"WITNESS_KEY_FILE": str(tmp_path / "key")})
    assert ("cannot be read: its port is no number" if rest else "  psycopg") in said
    assert told_in(said) == []


class Spiteful(BaseHTTPRequestHandler):
    """A provider of single sign-on that answers a code with all that it was sent, in one way."""

    server: Provider

    def do_GET(self) -> None:
        """What it says of itself."""
        own = self.server.url
        doors = {name: f"{own}/{name}" for name in ("authorization_endpoint", "token_endpoint")}
        self._say(200, json.dumps(doors | {"issuer": own, "jwks_uri": f"{own}/keys"}))

    def do_POST(self) -> None:
        """Refuse a code."""
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        name = base64.b64decode(self.headers["Authorization"].split(" ")[1]).decode()
        self.server.told = f"{sent} {name}"
        said = f"{ECHO} {self.server.told}"
        status, answer = {
            "error": (400, {"error": "invalid_grant", "error_description": said}),
            "list": (200, [said]),
            "token": (200, {"access_token": said, "id_token": said, "token_type": said}),
        }.get(self.server.refuses, (500, said))
        self._say(status, json.dumps(answer))

    def _say(self, status: int, answer: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(answer.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Provider(ThreadingHTTPServer):
    """That provider, its way of refusing, and what it was told."""

    refuses = ""
    told = ""

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{post_office.HOST}:{self.server_address[1]}"


@pytest.mark.parametrize("refuses", ANSWERS)
def test_a_provider_that_repeats_code_and_secret_is_not_quoted(
    clone: str, settings: Settings, caplog: pytest.LogCaptureFixture, refuses: str
) -> None:
    browser = Client(raise_request_exception=False)
    with Provider((post_office.HOST, 0), Spiteful) as provider:
        provider.refuses = refuses
        threading.Thread(target=provider.serve_forever, daemon=True).start()
        settings.OIDC = SingleSignOn(provider.url, "us", SECRET, name="it", acr="", max_age=60)
        sent = browser.get("/account/sso/")
        state = parse_qs(urlsplit(sent["Location"]).query)["state"][0]
        page = browser.get("/account/sso/back/", {"state": state, "code": TITLE})
        provider.shutdown()
    assert told_in(provider.told) == [SECRET, TITLE]
    assert page.status_code == 403
    lines = [KindAndPlace().format(each) for each in caplog.records]
    assert lines
    assert told_in("\n".join(lines) + page.content.decode() + str(page.headers)) == []
    assert [tables_with(each, clone) for each in (TITLE, SECRET, ECHO)] == [set()] * 3
