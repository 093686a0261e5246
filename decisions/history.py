"""The only writer of events. The database numbers, dates and chains what is written here."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from accounts.models import User
from decisions.models import Event, Paper

# Facts are identifiers, numbers and digests; a sentence has spaces and does not belong in a chain.
_FACT: Final = re.compile(r"[A-Za-z0-9._:@+/-]{0,200}")


def record(paper: Paper | None, verb: str, by: User, **facts: str | int | bool | None) -> Event:
    """Write one event: who did what to which paper, with the identifiers and digests of it.

    Raises ValueError when a fact is a piece of prose, so that no words of a paper, public or not,
    can enter a chain that is published and never erased.
    """
    for name, fact in facts.items():
        if isinstance(fact, str) and not _FACT.fullmatch(fact):
            raise ValueError(f"The fact {name!r} of {verb!r} is prose. Record its digest instead.")
    text = msgspec.json.encode(facts, order="sorted").decode()
    return Event.objects.create(paper=paper, verb=verb, actor=by, facts=text)
