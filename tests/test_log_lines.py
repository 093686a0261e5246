"""One record is one line of the log, whatever somebody put into an address, a name or an error."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils.log import AdminEmailHandler
from procrastinate import utils

from config.logs import KindAndPlace
from tests.cast import Cast
from tests.error_world import canary

if TYPE_CHECKING:
    from pytest_django import Settings


def broken(request: HttpRequest) -> HttpResponse:
    """A page that fails with what was typed."""
    return HttpResponse(status=int(request.POST["body"]))


urlpatterns = [path("", broken)]
handler500 = "django.views.defaults.server_error"


def line(message: str, *arguments: object) -> str:
    """What the log holds of a record, without its moment."""
    record = logging.LogRecord(
        "django.request", logging.WARNING, __file__, 1, message, arguments, None
    )
    return KindAndPlace().format(record).split(" ", 1)[1]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            "/papers/\n2026-11-23T10:00:00Z INFO made up",
            r"/papers/\n2026-11-23T10:00:00Z INFO made up",
        ),
        ("/papers/\r\nmade up", r"/papers/\r\nmade up"),
        ("/papers/\x1b[31mred", r"/papers/\x1b[31mred"),
        ("/papers/\x85made up", r"/papers/\x85made up"),
        ("/papers/\u2028made up", r"/papers/\u2028made up"),
        ("/papers/café", "/papers/café"),
    ],
)
def test_nothing_in_a_message_begins_a_line_of_its_own(given: str, told: str) -> None:
    assert line("Not Found: %s", given) == f"WARNING django.request Not Found: {told}"


def test_the_query_of_an_address_is_left_out() -> None:
    assert (
        line("Not Found: %s", "/papers/?q=secret")
        == "WARNING django.request Not Found: /papers/?..."
    )


def test_what_procrastinate_repeats_of_an_error_is_left_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    word = canary()

    async def work() -> None:
        raise LookupError(word)

    async def both() -> None:
        dying = asyncio.create_task(work(), name="listener")
        await asyncio.wait([dying])
        await utils.cancel_and_capture_errors([dying])

    asyncio.run(both())
    (record,) = (each for each in caplog.records if each.name.startswith("procrastinate"))
    assert word in record.getMessage()
    told = KindAndPlace().format(record)
    assert "listener error: LookupError\n" in told
    assert word not in told


@pytest.mark.django_db
def test_no_report_is_mailed_and_one_that_were_would_tell_kinds_and_places_alone(
    cast: Cast, settings: Settings
) -> None:
    word = canary()
    settings.ADMINS = [("Board", "board@office.example")]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    client = Client(raise_request_exception=False)
    client.force_login(cast.olu)
    settings.ROOT_URLCONF = "tests.test_log_lines"
    assert client.post(f"/?q={word}", {"body": word}).status_code == 500
    assert mail.outbox == []
    logger, handler = logging.getLogger("django.request"), AdminEmailHandler(include_html=True)
    logger.addHandler(handler)
    try:
        client.post(f"/?q={word}", {"body": word})
    finally:
        logger.removeHandler(handler)
    (sent,) = mail.outbox
    report = sent.message().as_string()
    assert "builtins.ValueError" in report
    assert word not in report
