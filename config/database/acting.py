"""Who acts: the person for whom this process talks to PostgreSQL at this moment.

The engine tells each transaction, with SET LOCAL semantics, so that nothing is left behind for
whoever uses the connection next. Where nobody acts, policies show no row and guards let none in.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

# The command that sets a system up, before there is a person who could act. Nobody has this number,
# so no policy shows it a row; it may only add people, their duties and offices, and series.
SET_UP: Final = 0

_person: ContextVar[int | None] = ContextVar("countersign_person", default=None)


@contextmanager
def acting_as(person_id: int | None) -> Iterator[None]:
    """Act as the person with this primary key until the block ends; None means nobody."""
    before = _person.set(person_id)
    try:
        yield
    finally:
        _person.reset(before)


def acting() -> int | None:
    """The primary key of the person who acts, or None."""
    return _person.get()
