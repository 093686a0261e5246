"""What is true of every answer of the public process: methods, headers, caches, refusals."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final, cast

import msgspec
import pytest
from django.core.handlers.base import BaseHandler
from django.db import connections
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import get_resolver
from pytest_django.plugin import DjangoDbBlocker

from config import env, urls_public
from decisions.chain.notes import Checkpoint
from decisions.register import release
from decisions.register.conditional import FRESH
from decisions.register.middleware import HEADERS, TAKES_IN
from decisions.register.record import SCHEMA_WITH_FILES, PublishedFile, Record, Reference
from tests import database
from tests.records import corrected, pcd_1080
from tests.register_world import Register, body, document, numbered, register

PAGES: Final = (
    "/",
    "/decisions/",
    "/decisions/?q=discovery&year=2021",
    "/decisions/pcd-1080/",
    "/decisions/pcd-1080/editions/1/",
    "/log/",
    "/accessibility/",
)
CHECKED: Final = "?reference=PCD+1080&digest=0123456789abcdef"
MAP: Final = b"%PDF-1.7 the sealed document of a map"
MAP_DIGEST: Final = hashlib.sha256(MAP).hexdigest()
FILES: Final = (
    f"/decisions/pcd-1080/files/{MAP_DIGEST}.pdf",
    "/decisions/pcd-1080/decision.pdf",
    "/decisions/pcd-1080/editions/1/decision.pdf",
    "/decisions/pcd-1080.json",
    "/decisions/pcd-1080/editions/1.json",
    "/decisions.json",
    "/decisions.csv",
    "/decisions.atom",
    "/robots.txt",
    "/verify/certificates.pem",
    "/log/checkpoint",
    "/log/entries.json",
    "/log/proof/pcd-1080.json",
)
OTHER: Final = {
    "/healthz": 200,
    f"/verify/{CHECKED}": 200,
    "/verify/?digest=x": 400,
    "/decisions/pcd-9999/": 404,
    "/nowhere": 404,
    "/decisions/?page=99": 404,
    "/decisions/?year=x": 400,
    "/decisions/PCD-1080/": 301,
    "/decisions/pcd-1080": 301,
}
ALL: Final = (*PAGES, *FILES, *OTHER)
SENDING: Final = (
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "PROPFIND",
)

# What a witness would sign of an empty log, without its signature.
OF_NOTHING = (
    Checkpoint("here", 0, sha256().digest(), 0, "0" * 64, datetime(2026, 1, 1, tzinfo=UTC)).text
    + "\n"
)


@pytest.fixture(autouse=True)
def _certificate(seal_key: None) -> None:
    """The certificates that the process gives out."""


def with_a_map() -> Record:
    """The second edition, with a file beside the decision."""
    assert document("a map") == MAP_DIGEST
    file = PublishedFile(digest=MAP_DIGEST, size=len(MAP))
    return msgspec.structs.replace(
        corrected(),
        schema=SCHEMA_WITH_FILES,
        supporting_documents=(Reference(title="A map", file=file),),
    )


@pytest.fixture(scope="module")
def world(migrated: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Register]:
    with register(migrated, django_db_blocker) as made:
        made.place(pcd_1080(), published_at=datetime(2021, 11, 24, 9, tzinfo=UTC))
        made.place(with_a_map())
        with database.owner_of(made.name) as owner:
            owner.execute(
                "INSERT INTO chain_checkpoint (size, seq, note) VALUES (0, 0, %s)", [OF_NOTHING]
            )
        yield made


def test_every_address_of_the_process_is_among_those_tested() -> None:
    """A new address is asked all the questions of this file, or this test says so."""
    with override_settings(ROOT_URLCONF="config.urls_public"):
        resolver = get_resolver()
        named = {str(pattern.name) for pattern in urls_public.urlpatterns}
        reached = {resolver.resolve(path.partition("?")[0]).url_name for path in (*PAGES, *FILES)}
    assert named == reached | {"healthz", "verify"}


@pytest.mark.parametrize("path", ALL)
def test_every_method_but_reading_is_refused(world: Register, path: str) -> None:
    for method in SENDING:
        if (method, path.partition("?")[0]) == ("POST", TAKES_IN):
            continue
        allowed = "GET, HEAD, POST" if path.startswith(f"{TAKES_IN}?") else "GET, HEAD"
        response = world.client().generic(method, path, b"a=b", "application/x-www-form-urlencoded")
        assert (response.status_code, response.headers["Allow"]) == (405, allowed), method
        assert "This site can only be read" in response.content.decode()
        assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ALL)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_answer_carries_the_security_headers_and_no_cookie(
    world: Register, path: str, method: str
) -> None:
    client = world.client(cookie="sessionid=abc; csrftoken=def")
    response = client.generic(method, path)
    assert "Set-Cookie" not in response.headers
    assert len(response.cookies) == 0
    for name in ("Content-Security-Policy", "Permissions-Policy", "X-Frame-Options"):
        assert response.headers[name] == HEADERS[name]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Resource-Policy"] in {"same-origin", "cross-origin"}
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert "Vary" not in response.headers


def test_the_policy_lets_nothing_in_but_our_own_files() -> None:
    assert HEADERS["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "script-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


@pytest.mark.parametrize("path", [*PAGES, *OTHER])
def test_no_page_needs_what_the_policy_forbids(world: Register, path: str) -> None:
    source = world.text(path)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=\"/static/)", source)
    assert not re.findall(r"(?:src|action)=\"(?:https?:)?//", source)


@pytest.mark.parametrize("path", ALL)
def test_head_answers_as_get_does_without_the_body(world: Register, path: str) -> None:
    got, headed = world.get(path), world.head(path)
    assert got.status_code == headed.status_code
    assert body(headed) == b""
    assert dict(got.headers) == dict(headed.headers)


# Caches


@pytest.mark.parametrize("path", [*PAGES, *FILES])
def test_a_reader_who_holds_the_answer_gets_304(world: Register, path: str) -> None:
    first = world.get(path)
    tag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == FRESH
    assert re.fullmatch(r'"[0-9a-f]{32,64}"', tag)
    again = world.get(path, if_none_match=f'"other", {tag}')
    assert (again.status_code, again.content) == (304, b"")
    assert (again.headers["ETag"], again.headers["Cache-Control"]) == (tag, FRESH)
    assert world.get(path, if_none_match='"other"').status_code == 200
    assert world.get(path).headers["ETag"] == tag


def test_minutes_bound_how_long_an_answer_is_kept() -> None:
    assert FRESH == "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"


@pytest.mark.parametrize(("path", "status"), OTHER.items())
def test_refusals_are_kept_briefly_or_not_at_all(world: Register, path: str, status: int) -> None:
    response = world.get(path)
    lasts = "public, max-age=60" if status == 301 else "no-store"
    assert (response.status_code, response.headers["Cache-Control"]) == (status, lasts)


def test_a_new_edition_changes_the_tags_of_all_that_show_it(
    migrated: str, django_db_blocker: DjangoDbBlocker
) -> None:
    shown = (
        "/",
        "/decisions/",
        "/decisions/pcd-1080/",
        "/decisions/pcd-1080/editions/1/",
        "/decisions/pcd-1080.json",
        "/decisions/pcd-1080/decision.pdf",
        "/decisions.json",
        "/decisions.csv",
        "/decisions.atom",
    )
    with register(migrated, django_db_blocker) as fresh:
        fresh.place(pcd_1080(), published_at=datetime.now(UTC) - timedelta(days=1))
        before = {path: fresh.get(path).headers["ETag"] for path in shown}
        kept = fresh.get("/decisions/pcd-1080/editions/1/decision.pdf").headers["ETag"]
        fresh.place(corrected())
        for path in shown:
            assert fresh.get(path, if_none_match=before[path]).status_code == 200, path
        same = fresh.get("/decisions/pcd-1080/editions/1/decision.pdf", if_none_match=kept)
        assert same.status_code == 304


def test_a_decision_that_fills_no_new_place_on_the_page_still_changes_its_tag(
    migrated: str, django_db_blocker: DjangoDbBlocker
) -> None:
    """The twenty rows of page 1 stay the same when an older decision is added behind them."""
    with register(migrated, django_db_blocker) as fresh:
        fresh.place(*(numbered(number) for number in range(2001, 2022)))
        tag = fresh.get("/decisions/").headers["ETag"]
        fresh.place(pcd_1080(), published_at=datetime(2021, 11, 24, tzinfo=UTC))
        assert fresh.get("/decisions/", if_none_match=tag).status_code == 200


def test_a_new_release_changes_the_tags(world: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    tag = world.get("/decisions/pcd-1080/").headers["ETag"]
    release.release.cache_clear()
    with override_settings(PUBLIC_URL="https://decisions.example"):
        assert world.get("/decisions/pcd-1080/", if_none_match=tag).status_code == 200
    release.release.cache_clear()
    assert world.get("/decisions/pcd-1080/", if_none_match=tag).status_code == 304


# Refusals


def test_an_unknown_host_is_refused(world: Register) -> None:
    response = world.get("/decisions/", host="evil.example")
    assert response.status_code == 400
    assert "The address was not understood" in response.content.decode()
    assert "evil.example" not in response.content.decode()


def test_a_forwarded_host_changes_nothing(world: Register) -> None:
    feed = world.get("/decisions.atom", x_forwarded_host="evil.example")
    assert b"evil.example" not in feed.content
    assert feed.headers["ETag"] == world.get("/decisions.atom").headers["ETag"]


@pytest.mark.parametrize("path", ["/", "/decisions/", "/decisions/pcd-1080/", "/decisions.csv"])
def test_a_database_that_does_not_answer_is_a_sentence(world: Register, path: str) -> None:
    connections["default"].close()
    connections["default"].settings_dict["NAME"] = "no_such_database"
    asking = RequestFactory(SERVER_NAME="127.0.0.1")
    try:
        handler = BaseHandler()
        handler.load_middleware()
        response = cast("HttpResponse", handler.get_response(asking.get(path)))
        health = cast("HttpResponse", handler.get_response(asking.get("/healthz")))
    finally:
        database.connect("default", env.PUBLIC, world.name, "pub")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
    assert response.headers["Cache-Control"] == "no-store"
    assert "The published decisions cannot be read at the moment." in response.content.decode()
    assert "no_such_database" not in response.content.decode()
    assert (health.status_code, health.content) == (
        503,
        b"The published decisions cannot be read.\n",
    )


def test_a_fault_of_ours_is_a_sentence_and_tells_nothing(
    world: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("decisions.register.views.listing.LATEST", "not a number: a secret")
    client = world.client()
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert "The page could not be made because of a fault" in response.content.decode()
    assert "secret" not in response.content.decode()
    assert response.headers["Cache-Control"] == "no-store"


def test_health_is_ok_while_the_decisions_can_be_read(world: Register) -> None:
    response = world.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.parametrize(("sample", "rule"), [(True, "Disallow: /"), (False, "Disallow:")])
def test_search_engines_are_kept_from_sample_data(world: Register, sample: bool, rule: str) -> None:
    with override_settings(SAMPLE_DATA=sample):
        assert world.text("/robots.txt") == f"User-agent: *\n{rule}\n"


def test_the_accessibility_statement_names_whom_to_write_to(world: Register) -> None:
    with override_settings(CONTACT_EMAIL="readers@office.example"):
        text = world.text("/accessibility/")
    assert 'href="mailto:readers@office.example"' in text
    assert "WCAG) 2.2 at level AA" in text
