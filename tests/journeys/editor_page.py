"""A page with the editor on it, served as a staff page is: same form, same files, same policy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from threading import Thread
from typing import Any, Final
from urllib.parse import parse_qs

from django.conf import settings
from django.template import engines
from playwright.sync_api import Browser, Locator, Page, expect

from accounts.middleware import CSP
from components.fields import ProseField, TextField
from components.forms import GovukForm
from tests.journeys.browser import AXE

_PAGE: Final = """
{% extends "base.html" %}
{% load crispy_forms_tags components %}
{% block title %}Background{% endblock %}
{% block main %}
  {% error_summary %}
  <h1 class="govuk-heading-l">Background</h1>
  <div class="app-measure">{% crispy form %}</div>
  <p class="govuk-body"><a class="govuk-link" href="/elsewhere">Elsewhere</a></p>
{% endblock %}
"""

# A click moves the cursor at once, the page hears of it later, and a page that has just been given
# the focus may put the cursor back once more. When it stays for six frames, the page has heard.
_SETTLED: Final = """target => new Promise((settled, failed) => {
  let frames = 0;
  let left = 600;
  const look = () => {
    frames = target.contains(getSelection().anchorNode) ? frames + 1 : 0;
    if (frames === 6) settled();
    else if (left--) requestAnimationFrame(look);
    else failed(new Error("The click moved no cursor."));
  };
  look();
})"""


class BackgroundForm(GovukForm):
    """One long text and a short one after it."""

    warns_when_left = True
    body = ProseField(label="Background", help_text="What led to this request.")
    source = TextField(label="Source", required=False)


@dataclass
class EditorPage:
    """What the page starts from, what it allows, and every form that it was sent."""

    address: str = ""
    markdown: str = ""
    policy: str = CSP
    sent: list[dict[str, str]] = field(default_factory=list)

    def html(self, form: BackgroundForm) -> str:
        """The page, drawn by the project's own templates."""
        return engines["django"].from_string(_PAGE).render({"form": form, "sample_data": False})


@contextmanager
def serving() -> Iterator[EditorPage]:
    """The page at an address of its own, for as long as the block lasts."""
    page = EditorPage()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/static/"):
                self._file()
            else:
                self._answer(page.html(BackgroundForm(initial={"body": page.markdown})))

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            typed = parse_qs(self.rfile.read(length).decode(), keep_blank_values=True)
            data = {name: values[-1] for name, values in typed.items()}
            page.sent.append(data)
            form = BackgroundForm(data)
            form.is_valid()
            self._answer(page.html(form))

        def _file(self) -> None:
            file = settings.STATIC_ROOT / self.path.removeprefix("/static/")
            if file.is_file():
                kind = guess_type(file.name)[0] or "application/octet-stream"
                self._send(200, kind, file.read_bytes())
            else:
                self._send(404, "text/plain", b"")

        def _answer(self, html: str) -> None:
            self._send(200, "text/html; charset=utf-8", html.encode())

        def _send(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", page.policy)
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - Python's name
            """Say nothing: the tests ask the page."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        page.address = f"http://127.0.0.1:{server.server_port}/"
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield page
        finally:
            server.shutdown()


class Writer:
    """Somebody who writes on that page, with the keyboard where the test does not say otherwise."""

    def __init__(self, page: Page, served: EditorPage) -> None:
        self.page = page
        self.served = served
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda message: self._hear(message.type, message.text))

    def _hear(self, kind: str, words: str) -> None:
        if kind in {"error", "warning"}:
            self.faults.append(words)

    def open(self, markdown: str = "") -> Locator:
        """The page with this text stored, and the cursor at the end of it."""
        self.served.markdown = markdown
        self.page.goto(self.served.address)
        self.text.focus()
        self.settle(self.text)
        self.page.keyboard.press("Control+End")
        self.settle(self.text)
        return self.text

    @property
    def text(self) -> Locator:
        """The text, by the label of its field."""
        return self.page.get_by_role("textbox", name="Background", exact=True)

    def button(self, words: str) -> Locator:
        """A button by its words."""
        return self.page.get_by_role("button", name=words, exact=True)

    def keys(self, *keys: str) -> None:
        """Press keys, one after another."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, *lines: str) -> None:
        """Type, with Enter between the lines."""
        for number, line in enumerate(lines):
            if number:
                self.page.keyboard.press("Enter")
            self.page.keyboard.type(line)

    def click(self, target: Locator) -> None:
        """Click to move the cursor, until the page has heard of it from the browser."""
        target.click()
        self.settle(target)

    def settle(self, target: Locator) -> None:
        """Wait until the cursor is in the target and the page knows. A plain box needs none."""
        if target.evaluate("target => target.isContentEditable"):
            target.evaluate(_SETTLED)

    def reach(self, target: Locator, key: str = "Tab") -> None:
        """Press a key until the target has the focus."""
        for _ in range(40):
            if target.evaluate("node => node === document.activeElement"):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"{key} does not reach {target}.")

    def use(self, label: str) -> None:
        """Go to the formatting buttons by their key, to one of them by the arrows, and press it."""
        button = self.button(label)
        bar = self.page.get_by_role("toolbar").filter(has=button)
        self.page.keyboard.press("Alt+F10")
        if not bar.evaluate("bar => bar.contains(document.activeElement)"):
            self.page.keyboard.press("Alt+F10")
        self.reach(button, "ArrowRight")
        self.page.keyboard.press("Enter")
        expect(self.text).to_be_focused()

    def send(self) -> str:
        """Send the form. The Markdown that the server makes of what arrives."""
        self.reach(self.button("Save and continue"))
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self.arrived

    @property
    def arrived(self) -> str:
        """The Markdown of what was sent last."""
        form = BackgroundForm(self.served.sent[-1])
        form.is_valid()
        return str(form.cleaned_data.get("body", ""))

    def accessibility_faults(self) -> list[tuple[str, list[str]]]:
        """What the accessibility checker finds on the page as it is now."""
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate("() => axe.run(document)")
        return [
            (fault["id"], [node["html"] for node in fault["nodes"]])
            for fault in found["violations"]
        ]


@contextmanager
def writing(browser: Browser, **options: Any) -> Iterator[Writer]:
    """Somebody at a fresh browser. At the end, nothing may have been reported to its console."""
    with serving() as served:
        context = browser.new_context(**options)
        context.set_default_timeout(10_000)
        writer = Writer(context.new_page(), served)
        try:
            yield writer
        finally:
            context.close()
        assert writer.faults == []
