"""What may stand in a log or an error report: kinds, places, paths and sentences of our own.

Most of what this service holds is not public yet, and some never will be. A value that was typed,
read or sent is therefore never told, whoever wrote the line: not by an exception's text, not by the
arguments of a library's message, not by a request, its form or its settings. What Python itself
would print of an error that nobody caught, or of a warning, is under the same rule.
"""

from __future__ import annotations

import logging
import logging.config
import re
import resource
import sys
import threading
import time
import traceback
from collections.abc import ItemsView
from types import FrameType, TracebackType
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseError
from django.http import HttpRequest, QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

_OURS: Final = ("accounts", "approvals", "components", "config", "decisions")
# Whose messages may be told with their arguments: each names paths, methods, jobs and nothing else.
_TRUSTED: Final = (*_OURS, "django.request", "django.security.csrf", "procrastinate")
# The web server may quote what it was sent, so it is believed by the sentence: these name
# processes, ports and our own code, or a method and a path.
INVALID_REQUEST: Final = "Invalid request from %s. What was wrong with it may quote it: not kept."
_SERVER_SAYS: Final = frozenset(
    {
        INVALID_REQUEST,
        "Starting gunicorn %s",
        "Listening at: %s (%s)",
        "Listening at: %s",
        "Using worker: %s",
        "Booting worker with pid: %s",
        "Worker exiting (pid: %s)",
        "Worker (pid:%s) exited with code %s.",
        "Worker (pid:%s) was sent %s!",
        "Worker (pid:%s) was sent %s! Perhaps out of memory?",
        "WORKER TIMEOUT (pid:%s)",
        "Handling signal: %s",
        "Hang up: %s",
        "Shutting down: %s",
        "Reason: %s",
        "Autorestarting worker after current request.",
        "Parent changed, shutting down: %s",
        "Connection in use: %s",
        "Invalid address: %s",
        "Can't connect to %s",
        "Exception in worker process",
        "Unhandled exception in main loop",
        "Socket error processing request.",
        "Error handling request",
        "Error handling request %s",
        "Error handling request %s %s",
        "Error handling request (no URI read)",
    }
)
# The query of an address, which may hold words that somebody searched for.
_QUERY: Final = re.compile(r"\?\S*")
# Control characters, and what some readers of logs take for the end of a line.
_BREAKS: Final = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]")
log = logging.getLogger(__name__)
_MASK: Final = SafeExceptionReporterFilter.cleansed_substitute


def configure(logging_settings: dict[str, Any]) -> None:
    """Set up logging as the settings say, and have Python say nothing past it.

    A process that ends by an error, a thread that does, an error where none can be raised, and a
    warning are lines of the log. No core is dumped: it would hold what the process was working on.
    """
    logging.config.dictConfig(logging_settings)
    logging.captureWarnings(capture=True)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Whoever set a hook of their own, as a test runner does, keeps it.
    if sys.excepthook is sys.__excepthook__:
        sys.excepthook = _ended
    if threading.excepthook is threading.__excepthook__:
        threading.excepthook = _thread_ended
    if sys.unraisablehook is sys.__unraisablehook__:
        sys.unraisablehook = _ignored


def _ended(kind: type[BaseException], error: BaseException, place: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, place)
        return
    log.critical("The process ended by an error.", exc_info=(kind, error, place))


def _thread_ended(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is not None and not isinstance(ended.exc_value, SystemExit):
        log.error("A thread ended by an error.", exc_info=ended.exc_value)


def _ignored(ignored: sys.UnraisableHookArgs) -> None:
    log.error("An error could not be raised.", exc_info=ignored.exc_value)


class KindAndPlace(logging.Formatter):
    """One line for a record; for an exception its kind and its place, without its text.

    The text of an exception is told only where it is a sentence of our own (`sentence`), or was
    scrubbed of values where it came in, as every database error is.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line, or lines where there was an exception."""
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
        line = f"{at} {record.levelname} {record.name} {_message(record)}"
        told = [line]
        if record.exc_info and record.exc_info[1] is not None:
            told += kind_and_place(record.exc_info[1])
        return "\n".join(told)


def kind_and_place(error: BaseException) -> list[str]:
    """An exception as lines: the kind and place of each error that led to it, the first one first.

    Lines of source are left out: they are the code's, but a template's may hold its context.
    """
    lines: list[str] = []
    seen: set[int] = set()
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        chain.append(current)
        hidden = current.__cause__ is None and current.__suppress_context__
        current = current.__cause__ or (None if hidden else current.__context__)
    for each in reversed(chain):
        lines += _places(each.__traceback__)
        sentence = _sentence(each)
        kind = f"{type(each).__module__}.{type(each).__qualname__}"
        lines.append(f"  {kind}: {sentence}" if sentence else f"  {kind}")
    return lines


def _places(place: TracebackType | None) -> list[str]:
    return [
        f"    {frame.filename}:{frame.lineno} in {frame.name}"
        for frame in traceback.StackSummary.extract(traceback.walk_tb(place), lookup_lines=False)
    ]


def _sentence(error: BaseException) -> str:
    # Django's word for settings that do not fit: it names them, for whoever runs the service.
    if isinstance(error, DatabaseError | ImproperlyConfigured):
        return str(error)
    is_ours = type(error).__module__.partition(".")[0] in _OURS
    return str(getattr(error, "sentence", "")) if is_ours else ""


def _message(record: logging.LogRecord) -> str:
    if not _is_trusted(record):
        return f"said something at {record.module}:{record.lineno}, which is not kept"
    told = record.getMessage()
    if record.exc_info and record.exc_info[1] is not None:
        told = _without(record.exc_info[1], told)
    # One record is one line: what breaks a line must not look like the beginning of another.
    told = _BREAKS.sub(lambda found: repr(found[0])[1:-1], told)
    return _QUERY.sub("?...", told)


def _is_trusted(record: logging.LogRecord) -> bool:
    if record.name.partition(".")[0] == "gunicorn":
        return record.msg in _SERVER_SAYS
    return any(record.name == name or record.name.startswith(f"{name}.") for name in _TRUSTED)


def _without(error: BaseException, told: str) -> str:
    """A message without the text of its exception, which procrastinate repeats there."""
    for text in (repr(error), str(error)):
        if text:
            told = told.replace(text, type(error).__qualname__)
    return told


class NothingTyped(SafeExceptionReporterFilter):
    """An error report holds no form, no cookie, no setting and no variable, in whatever mode."""

    def is_active(self, request: HttpRequest | None) -> bool:
        """Always: not even a developer's error page is an exception."""
        return True

    def get_safe_settings(self) -> dict[str, Any]:
        """No settings."""
        return {}

    def get_safe_request_meta(self, request: HttpRequest) -> dict[str, Any]:
        """The method and nothing else of the request's headers."""
        return {"REQUEST_METHOD": request.method} if hasattr(request, "method") else {}

    def get_safe_cookies(self, request: HttpRequest) -> dict[str, Any]:
        """No cookies."""
        return {}

    def get_cleansed_multivaluedict(self, request: HttpRequest, multivaluedict: Any) -> QueryDict:
        """The names of what was sent, each with a mask in place of its value."""
        masked = QueryDict("", mutable=True)
        for name in multivaluedict:
            masked[name] = _MASK
        return masked

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, str]:
        """The names of the form's fields, each with a mask in place of what was typed."""
        return {} if request is None else dict.fromkeys(request.POST, _MASK)

    def get_traceback_frame_variables(
        self, request: HttpRequest | None, tb_frame: FrameType
    ) -> ItemsView[str, Any]:
        """The names of a function's variables, each with a mask in place of its value."""
        return dict.fromkeys(tb_frame.f_locals, _MASK).items()


class KindsAndPlaces(ExceptionReporter):
    """An error report that says what the log says, and nothing that Django takes past the filter.

    That would be the exception's text, what was searched for, and the names of uploads. Nobody is
    sent a report (`LOGGING`), and no page shows one; this is for whoever changes that.
    """

    def get_traceback_text(self) -> SafeString:
        """The kind and place of each error, as plain text."""
        error = self.exc_value
        return SafeString(
            "\n".join(kind_and_place(error) if isinstance(error, BaseException) else [])
        )

    def get_traceback_html(self) -> SafeString:
        """The same for a browser."""
        return format_html("<pre>{}</pre>", str(self.get_traceback_text()))
