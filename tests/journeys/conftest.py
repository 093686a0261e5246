"""A house of its own for each journey, and people at browsers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from playwright.sync_api import Browser, sync_playwright

from accounts.models import User
from decisions.models import Series
from setup import system
from tests.cast import PASSWORD, Cast, assemble, code_of
from tests.journeys.browser import Hand, Keyboard, Pointer
from tests.journeys.processes import Doors, run_command, serving

# The browser's driver runs an event loop in this thread, which Django takes for asynchronous code.
# The tests' own few queries beside it are plain and alone.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

People = Callable[..., Hand]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window.

    Closed after each file: while its driver runs, no other test can run an event loop of its own.
    """
    program = system.browser(os.environ)
    assert program, "No browser was found. Run make test, which brings one, or set CHROMIUM."
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=program, args=QUIET, chromium_sandbox=False
        )
        yield chromium
        chromium.close()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The folder that both processes keep their files in."""
    return tmp_path


@pytest.fixture
def company(clone: str) -> Cast:
    """The cast in a database of the journey's own, whose next reference is PCD 1828."""
    cast = assemble()
    Series.objects.update(next_number=1828)
    # The processes know no quick test hashes. One slow one serves everybody.
    User.objects.update(password=make_password(PASSWORD, hasher=PBKDF2PasswordHasher()))
    return cast


@pytest.fixture
def doors(clone: str, company: Cast, data: Path) -> Iterator[Doors]:
    """Both processes, answering, on that database."""
    run_command(clone, data, "make_seal_key")
    with serving(clone, data) as open_doors:
        yield open_doors


def _people(browser: Browser, doors: Doors, kind: type[Hand]) -> Iterator[People]:
    contexts = []
    sitting: dict[str, Hand] = {}

    def person(name: str, *, again: bool = False) -> Hand:
        """Somebody of the cast at a browser, signed in; `again` gives a second browser."""
        if name in sitting and not again:
            return sitting[name]
        context = browser.new_context(java_script_enabled=kind.scripts, base_url=doors.staff)
        context.set_default_timeout(30_000)
        contexts.append(context)
        hand = kind(context)
        hand.go("/")
        hand.fill("E-mail address", f"{name}@countersign.example")
        hand.fill("Password", PASSWORD)
        hand.press("Sign in")
        hand.fill("Code", code_of(User.objects.get(email=f"{name}@countersign.example")))
        hand.press("Continue")
        sitting[name] = hand
        return hand

    yield person
    for context in contexts:
        context.close()


@pytest.fixture
def pointing(browser: Browser, doors: Doors) -> Iterator[People]:
    """People with a mouse, by first name."""
    yield from _people(browser, doors, Pointer)


@pytest.fixture
def typing_only(browser: Browser, doors: Doors) -> Iterator[People]:
    """People with the keyboard alone and scripts switched off, by first name."""
    yield from _people(browser, doors, Keyboard)


@pytest.fixture
def public(browser: Browser, doors: Doors) -> Iterator[Hand]:
    """A member of the public at the register."""
    context = browser.new_context(base_url=doors.public)
    yield Pointer(context)
    context.close()
