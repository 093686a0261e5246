"""A store and a database that refuse by repeating what they were told: nobody here repeats it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote
from xml.sax.saxutils import escape

import psycopg
import pytest
from psycopg import sql
from pytest_django.fixtures import Settings

from config import env
from config.logs import KindAndPlace
from setup import devdb, run
from tests import post_office, stages
from tests.cast import assemble
from tests.error_world import canary, tables_with
from tests.kill_world import own_cluster
from tests.pages import errors, signed_in
from tests.upload_corpus import pdf
from tests.uploading import hand_in, rows

KEY: Final = canary()
SECRET: Final = canary()
ECHO: Final = canary()
WORDS: Final = canary()
# What the store says to the first question, whether the file is there; then to every other.
REFUSALS: Final = ((404, 403), (404, 500), (403, 403), (404, 0))


class Repeating(BaseHTTPRequestHandler):
    """A store that speaks S3 and refuses with everything it was sent."""

    server: Store

    def answer(self) -> None:
        """Refuse: in XML, as such stores do, or by hanging up."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("latin-1")
        told = f"{self.path} {self.headers} {body}"
        self.server.told += told
        asks = self.command == "HEAD"
        status = self.server.refusal[0 if asks else 1]
        if not status:
            self.close_connection = True
            return
        code = {403: "SignatureDoesNotMatch", 500: "InternalError"}.get(status, "NoSuchKey")
        said = f"<Error><Code>{code}</Code><Message>{ECHO} {escape(told)}</Message></Error>"
        content = b"" if asks else said.encode("utf-8", "xmlcharrefreplace")
        self.send_response(status, ECHO)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("x-amz-request-id", ECHO)
        self.end_headers()
        self.wfile.write(content)

    do_HEAD = do_GET = do_PUT = do_POST = do_DELETE = answer  # noqa: N815 - the library's names

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Store(ThreadingHTTPServer):
    """That store, how it refuses, and what it was told."""

    refusal: tuple[int, int] = (404, 403)
    told = ""


def said_of(*words: str, where: str) -> list[str]:
    """Which of the words stand there."""
    return [each for each in words if each in where]


@pytest.mark.parametrize("refusal", REFUSALS, ids=str)
def test_a_store_that_repeats_key_and_file_is_not_quoted(
    clone: str,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    refusal: tuple[int, int],
) -> None:
    cast = assemble()
    paper = stages.draft(cast)
    browser = signed_in(cast.olu)
    with Store((post_office.HOST, 0), Repeating) as store:
        store.refusal = refusal
        threading.Thread(target=store.serve_forever, daemon=True).start()
        address = f"http://{post_office.HOST}:{store.server_address[1]}"
        for name, value in {
            "S3_ENDPOINT_URL": address,
            "S3_REGION": "eu-west-2",
            "AWS_MAX_ATTEMPTS": "1",
            "STORE_RESTRICTED": "s3://ours/files",
            "STORE_RESTRICTED_KEY": KEY,
            "STORE_RESTRICTED_SECRET": SECRET,
        }.items():
            monkeypatch.setenv(name, value)
        settings.STORAGES = settings.STORAGES | {"restricted": env.store("restricted")}
        page: Any = hand_in(browser, paper, said_on_its_page(), title=WORDS)
        store.shutdown()
    wanted = [KEY] if refusal[0] == 403 else [KEY, WORDS]
    assert said_of(KEY, WORDS, where=store.told) == wanted
    assert page.status_code == 422
    assert [said.partition(",")[0] for said in errors(page)] == ["The file could not be kept"]
    lines = [KindAndPlace().format(each) for each in caplog.records]
    assert lines
    assert said_of(KEY, SECRET, ECHO, WORDS, where="\n".join(lines)) == []
    assert said_of(KEY, SECRET, ECHO, where=page.content.decode() + str(page.headers)) == []
    assert WORDS in page.content.decode()  # what was typed is shown to who typed it
    assert rows(paper) == 0
    assert [tables_with(each, clone) for each in (KEY, SECRET, ECHO, WORDS)] == [set()] * 4


def said_on_its_page() -> bytes:
    """A PDF that says the word, and keeps it readable in its bytes."""

    def say(document: Any) -> None:
        words = f"BT /F1 12 Tf 72 720 Td ({WORDS}) Tj ET".encode()
        document.pages[0].obj.Contents = document.make_stream(words)

    return pdf(say, compress_streams=False)


STAFF_ASKS: Final = [
    sys.executable,
    "manage.py",
    "shell",
    "--no-imports",
    "--command",
    "from accounts.models import User; User.objects.count()",
]
PROGRAMS: Final = {
    "mailer": ("MAILER_DATABASE_URL", env.MAILER, [*run.MAILER, "--once"]),
    "worker": ("RENDERER_DATABASE_URL", env.RENDERER, [*run.WORKER]),
    "witness": ("WITNESS_DATABASE_URL", env.WITNESS, [*run.WITNESS]),
    "staff": ("STAFF_DATABASE_URL", env.STAFF, STAFF_ASKS),
}
FORCED: Final = (*REFUSALS, *PROGRAMS)


def test_a_database_that_refuses_a_wrong_password_hears_of_it_alone(tmp_path: Path) -> None:
    """PostgreSQL itself, told to ask for passwords; each login has another than the one sent."""
    said: dict[str, str] = {}
    with own_cluster(f"canary-{os.getpid()}") as cluster:
        ask = "local all postgres trust\nlocal all all scram-sha-256\n"
        (cluster.data / "pg_hba.conf").write_text(ask)
        superuser = cluster.url.replace(devdb.OWNER, devdb.SUPERUSER)
        with psycopg.connect(superuser, autocommit=True) as connection:
            connection.execute("SELECT pg_reload_conf()")
            for _, role, _ in PROGRAMS.values():
                login = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
                connection.execute(login.format(sql.Identifier(role), sql.Literal(canary())))
        for name, (variable, role, command) in PROGRAMS.items():
            socket = quote(str(cluster.socket), safe="")
            address = f"postgresql://{role}:{SECRET}@/{devdb.DATABASE}?host={socket}"
            around = {variable: address, "COUNTERSIGN_ENV": "development"}
            around |= {"WITNESS_DIR": str(tmp_path), "WITNESS_KEY_FILE": str(tmp_path / "key")}
            done = subprocess.run(
                command,
                cwd=env.PROJECT,
                env=os.environ | around,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode != 0, name
            said[name] = done.stdout + done.stderr
        log = cluster.data.with_name(f"{cluster.data.name}.log").read_text()
    refused = [role for _, role, _ in PROGRAMS.values()]
    assert said_of(*(f'failed for user "{role}"' for role in refused), where=log) == [
        f'failed for user "{role}"' for role in refused
    ]
    assert SECRET not in log
    assert {name: SECRET in told for name, told in said.items()} == dict.fromkeys(PROGRAMS, False)
