"""Look into an upload in a process of its own, so that a hostile one cannot take this one down.

What comes back is checked like anything from outside.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import msgspec

from decisions.register.verify import process
from decisions.uploads.kinds import LARGEST, Kind, Unfit
from decisions.uploads.words import LONGEST

logger = logging.getLogger(__name__)

SECONDS: Final = 60.0
WAITS_FOR: Final = 20.0  # seconds for its turn: one file at a time in each process
LARGEST_PUBLIC: Final = LARGEST + LARGEST // 4
_CHILD: Final = Path(__file__).with_name("child.py")
# A letter of the words can take twelve bytes of JSON.
_LONGEST_ANSWER: Final = LARGEST_PUBLIC + 12 * LONGEST + 100_000
_turn = threading.Lock()


class NotLookedInto(Exception):
    """No file could be looked into now, whatever is in it; the message says what to do."""


class _Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    refusal: Annotated[str, msgspec.Meta(max_length=600)] = ""
    kind: Kind | None = None
    size: Annotated[int, msgspec.Meta(ge=0, le=LARGEST_PUBLIC)] = 0
    words: Annotated[str, msgspec.Meta(max_length=LONGEST + 1)] = ""
    unread_pages: Annotated[int, msgspec.Meta(ge=0)] = 0
    taken_out: Annotated[
        list[Annotated[str, msgspec.Meta(max_length=300)]], msgspec.Meta(max_length=40)
    ] = []


@dataclass(frozen=True)
class Looked:
    """What a file is. `public` is the PDF that may be published, where that was asked for.

    `words` is what can be read on its pages, `unread_pages` on how many nothing can, `taken_out`
    what the public will not get, as sentences.
    """

    kind: Kind
    digest: str
    public: bytes = b""
    words: str = ""
    unread_pages: int = 0
    taken_out: tuple[str, ...] = ()

    @property
    def public_digest(self) -> str:
        """SHA-256 of the file for the public, in hexadecimal."""
        return hashlib.sha256(self.public).hexdigest()


def look_into(file: bytes, name: str, *, title: str = "", public: bool = False) -> Looked:
    """What a file is, and with `public` the same file as it may be published under this title.

    Raises Unfit with a sentence when it is not let in, NotLookedInto when none could be now.
    """
    if len(file) > LARGEST or not file:
        # The bounds of the process itself are wider: such a file never gets there.
        from decisions.uploads.inspect import inspect

        inspect(file, name)
    if not _turn.acquire(timeout=WAITS_FOR):
        raise NotLookedInto(
            "Other people’s files are being looked into. Wait a minute and upload the file again."
        )
    first: dict[str, object] = {"name": name, "title": title, "public": public}
    try:
        answer = process.ask(_CHILD, first, file, seconds=SECONDS, longest=_LONGEST_ANSWER)
    except process.NotStarted as error:
        logger.error("No file can be looked into: %s.", error)  # noqa: TRY400 - a sentence, not a trace
        raise NotLookedInto(
            "Files cannot be looked into at the moment. Try again in a few minutes; if it fails "
            "again, tell whoever runs the service."
        ) from error
    finally:
        _turn.release()
    return _looked(answer, hashlib.sha256(file).hexdigest())


def _looked(answer: bytes, digest: str) -> Looked:
    line, _, public = answer.partition(b"\n")
    try:
        found = msgspec.json.decode(line, type=_Answer)
    except msgspec.DecodeError:
        found = None
    if found is not None and found.refusal:
        raise Unfit(found.refusal)
    if found is None or found.kind is None or found.size != len(public):
        # It ended half way: out of time or out of memory, at its own limits or at ours.
        raise Unfit(
            "To look into the file takes more time or memory than any document needs, so it is not "
            "let in. Save it again, or split it, and upload that."
        )
    return Looked(
        kind=found.kind,
        digest=digest,
        public=public,
        words=found.words.replace("\0", ""),
        unread_pages=found.unread_pages,
        taken_out=tuple(found.taken_out),
    )
