"""Numbers used once. The server draws one for a person, a paper and an act, and signs it.

It is given to the page and comes back with the passkey's answer; nothing is kept until something is
signed. That it is used once is said by the table of assertions, in the transaction that signs.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

from django.core import signing
from django.utils import timezone

LIFE: Final = timedelta(minutes=10)
SIZE: Final = 32
_SALT: Final = "approvals.ceremony.nonce"


class Expired(Exception):
    """The number was drawn too long ago."""


class Foreign(Exception):
    """This server drew no such number for this person, paper and act."""


def issue(person_id: int, paper_id: int, act: str, *, at: datetime | None = None) -> str:
    """A token that holds a fresh nonce; `at` is when it is drawn, now unless said otherwise."""
    drawn = (at or timezone.now()).timestamp()
    held = {"for": [person_id, paper_id, act], "at": drawn, "n": secrets.token_hex(SIZE)}
    return signing.dumps(held, salt=_SALT)


def opened(token: str, person_id: int, paper_id: int, act: str) -> bytes:
    """The nonce in a token that was issued for this. Raises Foreign or Expired."""
    try:
        held = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, UnicodeError) as error:
        raise Foreign from error
    if held["for"] != [person_id, paper_id, act]:
        raise Foreign
    if timezone.now().timestamp() - held["at"] > LIFE.total_seconds():
        raise Expired
    return bytes.fromhex(held["n"])
