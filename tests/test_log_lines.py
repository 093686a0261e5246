"""One record is one line of the log, whatever somebody put into an address or a name."""

from __future__ import annotations

import logging

import pytest

from config.logs import KindAndPlace


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
