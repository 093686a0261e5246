"""What the witness sends by mail: the newest checkpoint once a day, and at once why it refuses.

A checkpoint in many mailboxes is a copy that nobody can call back. It names events by number and
holds digests alone, so it may go anywhere.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from smtplib import SMTPException
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from config import env
from decisions.chain.notes import Checkpoint

logger = logging.getLogger(__name__)

PATIENCE_SECONDS: Final = 30
EVERY: Final = timedelta(days=1)
CHECKPOINT: Final = """\
The witness has verified the chain of events and the public log of {origin}, and signed this:

{note}
Keep this message. If the service ever shows another history, it proves which one came first.
"""
REFUSAL: Final = """\
The witness of {origin} found something that is not in order, and has signed nothing since. What it
found:

{findings}

Keep the database as it is, and see “The witness” in the guide for operators before anything else.
"""


class Post:
    """The addresses that are told, and what they were told last, noted beside the own copy."""

    def __init__(self, origin: str, folder: Path, to: Sequence[str]) -> None:
        self._origin = origin
        self._folder = folder
        self._to = list(to)

    def tell_checkpoint(self, made: Checkpoint, note: str) -> None:
        """Send a checkpoint, unless one was sent within a day. In order again: forget a refusal."""
        self._refused.unlink(missing_ok=True)
        sent = self._sent
        if sent.exists() and made.at - _moment(sent) < EVERY:
            return
        text = CHECKPOINT.format(origin=self._origin, note=note)
        if self._send(f"Checkpoint at event {made.seq}: {self._origin}", text):
            sent.write_text(made.at.isoformat())

    def tell_refusal(self, findings: Sequence[str]) -> None:
        """Send what was found, once for as long as the same is found."""
        said = "\n".join(f"- {finding}" for finding in findings)
        mark = hashlib.sha256(said.encode()).hexdigest()
        if self._refused.exists() and self._refused.read_text() == mark:
            return
        text = REFUSAL.format(origin=self._origin, findings=said)
        if self._send(f"NOT IN ORDER: the witness of {self._origin} refuses to sign", text):
            self._folder.mkdir(parents=True, exist_ok=True)
            self._refused.write_text(mark)

    @property
    def _sent(self) -> Path:
        return self._folder / "mailed"

    @property
    def _refused(self) -> Path:
        return self._folder / "refused"

    def _send(self, subject: str, text: str) -> bool:
        """Whether it left. No trouble with mail keeps the witness from signing."""
        if not self._to:
            return False
        sender = env.text("MAIL_FROM") or settings.CONTACT_EMAIL
        try:
            EmailMessage(subject, text, sender, self._to, connection=_channel()).send()
        except (OSError, SMTPException) as error:
            logger.error("No mail left: %s. It is tried again.", type(error).__name__)  # noqa: TRY400 - its kind says enough
            return False
        return True


def _channel() -> BaseEmailBackend:
    """The way to the mail server of EMAIL_URL. Raises ImproperlyConfigured."""
    mail = env.mail()
    if not mail.host:
        return get_connection(mail.backend, file_path=settings.DATA_DIR / "mail")
    return get_connection(
        mail.backend,
        host=mail.host,
        port=mail.port,
        username=mail.user,
        password=mail.password,
        use_ssl=mail.tls_from_the_start,
        use_tls=mail.tls_on_request,
        timeout=PATIENCE_SECONDS,
    )


def _moment(file: Path) -> datetime:
    """When a checkpoint was sent last; long ago where the note cannot be read."""
    try:
        return datetime.fromisoformat(file.read_text())
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
