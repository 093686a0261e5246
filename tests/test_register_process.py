"""The public process as it is really started: its own settings, role, pool and server."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings
from pytest_django.plugin import DjangoDbBlocker

from approvals import sealing
from config import env
from tests import database
from tests.records import pcd_1080
from tests.register_world import Register, document, register
from tests.seal_world import small

ASKED = (
    "import django, json; django.setup(); from django.conf import settings as s;"
    "from django.apps import apps;"
    "print(json.dumps([s.INSTALLED_APPS, s.MIDDLEWARE, [m._meta.label for m in apps.get_models()],"
    "s.DEBUG, s.SECURE_HSTS_SECONDS, s.SECURE_SSL_REDIRECT,"
    "s.DATABASES['default']['USER'], s.DATABASES['default']['OPTIONS']['options'],"
    "s.DATABASES['default']['CONN_HEALTH_CHECKS'], sorted(s.DATABASES), sorted(s.STORAGES),"
    "{n: getattr(s, n) for n in dir(s) if n.startswith('SEAL_')}]))"
)

SECRET = (
    "SEAL_KEY_FILE",
    "SEAL_KEY_PASSPHRASE_FILE",
    "SEAL_PKCS11_KEY",
    "SEAL_PKCS11_LIB",
    "SEAL_PKCS11_PIN_FILE",
    "SEAL_PKCS11_TOKEN",
    "SEAL_TSA_URL",
)


def environment(name: str, **more: str) -> dict[str, str]:
    """What the process finds in its environment: of databases, only its own role's address."""
    kept = {key: value for key, value in os.environ.items() if "DATABASE_URL" not in key}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "config.settings.public",
        "PUBLIC_DATABASE_URL": database.address(env.PUBLIC, name),
        "COUNTERSIGN_ENV": "development",
        "DATA_DIR": str(settings.DATA_DIR),
        **more,
    }


def test_the_process_contains_the_register_and_nothing_else() -> None:
    production = environment(
        "countersign",
        COUNTERSIGN_ENV="production",
        ALLOWED_HOSTS="decisions.example",
        CONTACT_EMAIL="readers@office.example",
        SEAL_CERT_FILE="/seal/certificate.pem",
        SEAL_TRUST_FILE="/seal/trust.pem",
        SEAL_TSA_CERTS_FILE="/seal/tsa.pem",
        # What only the worker may know is not taken up, even where somebody sets it.
        **dict.fromkeys(SECRET, "secret"),
    )
    production.pop("SECRET_KEY", None)
    told = subprocess.run(
        [sys.executable, "-c", ASKED], env=production, capture_output=True, text=True, check=True
    )
    assert json.loads(told.stdout) == [
        [
            "django.contrib.postgres",
            "django.contrib.staticfiles",
            "django.forms",
            "decisions.register",
        ],
        [
            "decisions.register.middleware.PublicHeaders",
            "django.middleware.security.SecurityMiddleware",
            "decisions.register.middleware.ReadOnly",
            "whitenoise.middleware.WhiteNoiseMiddleware",
            "django.middleware.common.CommonMiddleware",
            "decisions.register.middleware.DatabaseAway",
        ],
        ["register.Live", "register.Embargo", "register.Decision"],
        False,
        31_536_000,
        True,
        "countersign_public",
        (
            "-c search_path=pub -c idle_in_transaction_session_timeout=2min"
            " -c default_transaction_read_only=on -c statement_timeout=8s"
            " -c max_parallel_workers_per_gather=0"
        ),
        True,
        ["default"],
        ["published", "staticfiles"],
        {
            "SEAL_ARCHIVE_RENEW_DAYS": 365,
            "SEAL_CERT_FILE": "/seal/certificate.pem",
            "SEAL_TRUST_FILE": "/seal/trust.pem",
            "SEAL_TSA_CERTS_FILE": "/seal/tsa.pem",
            **dict.fromkeys(SECRET, ""),
        },
    ]


def test_the_process_does_not_start_without_an_address_for_readers() -> None:
    production = environment("countersign", COUNTERSIGN_ENV="production", CONTACT_EMAIL="")
    told = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        env=production,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode != 0
    assert "CONTACT_EMAIL is not set. Set it to the e-mail address" in told.stderr


@pytest.fixture
def served(migrated: str, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Register, int]]:
    """The process itself, behind a socket that was open before it started."""
    with register(migrated, django_db_blocker) as world, socket.socket() as listening:
        world.place(pcd_1080())
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        command = [
            *(sys.executable, "-m", "gunicorn", "--bind", f"fd://{listening.fileno()}"),
            *("--threads", "2", "--no-control-socket", "config.wsgi_public"),
        ]
        process = subprocess.Popen(
            command,
            env=environment(world.name),
            pass_fds=[listening.fileno()],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield world, listening.getsockname()[1]
        finally:
            process.terminate()
            process.wait(timeout=20)


def ask(
    port: int, method: str, path: str, body: bytes = b"", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, path, body or None, headers)
    response = connection.getresponse()
    answer = response.status, dict(response.getheaders()), response.read()
    connection.close()
    return answer


def test_the_process_serves_readers_and_survives_a_lost_connection(
    served: tuple[Register, int],
) -> None:
    world, port = served
    assert ask(port, "GET", "/healthz")[::2] == (200, b"ok\n")
    status, headers, page = ask(port, "GET", "/decisions/pcd-1080/")
    assert (status, b"23 November 2021" in page) == (200, True)
    assert "Set-Cookie" not in headers
    pdf = ask(port, "GET", "/decisions/pcd-1080/decision.pdf")
    assert (pdf[0], pdf[1]["ETag"]) == (200, f'"{document("PCD 1080, edition 1")}"')
    part = ask(port, "GET", "/decisions/pcd-1080/decision.pdf", Range="bytes=1-3")
    assert (part[0], part[1]["Content-Range"].partition("/")[0], part[2]) == (
        206,
        "bytes 1-3",
        b"PDF",
    )
    assert ask(port, "HEAD", "/decisions/pcd-1080/decision.pdf")[::2] == (200, b"")
    assert ask(port, "HEAD", "/decisions.csv")[::2] == (200, b"")
    assert ask(port, "POST", "/decisions/")[0] == 405
    assert ask(port, "BREW", "/decisions/")[0] == 405
    assert ask(port, "GET", "/static/../../config/env.py")[0] == 404

    # Every connection of the pool is cut, as by a restart of PostgreSQL. No reader notices.
    with database.superuser_of(world.name) as superuser:
        cut = superuser.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = %s",
            [env.PUBLIC],
        ).fetchall()
    assert (True,) in cut
    assert {ask(port, "GET", "/decisions/")[0] for _ in range(4)} == {200}


@pytest.mark.usefixtures("seal_key")
def test_the_process_judges_what_is_handed_in(served: tuple[Register, int]) -> None:
    _, port = served
    form = {"Content-Type": "multipart/form-data; boundary=mark"}
    head = b'--mark\r\nContent-Disposition: form-data; name="document"; filename="a.pdf"\r\n\r\n'
    for pdf, answer in (
        (sealing.seal(small()), b"Our seal, but not a document published here"),
        (small(), b"Not a document of ours"),
    ):
        body = head + pdf + b"\r\n--mark--\r\n"
        status, headers, page = ask(port, "POST", "/verify/", body, **form)
        assert (status, answer in page) == (200, True)
        assert "Set-Cookie" not in headers
        assert headers["Cache-Control"] == "no-store"
    # More than is taken is refused by its announced length alone, and the process goes on.
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(
            b"POST /verify/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; "
            b"boundary=mark\r\nContent-Length: 900000000\r\n\r\n"
        )
        assert line.recv(12) == b"HTTP/1.1 413"
    assert ask(port, "GET", "/healthz")[::2] == (200, b"ok\n")
