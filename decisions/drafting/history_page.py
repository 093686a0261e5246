"""The history of a paper in plain words: who did what and when, with the digests that prove it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec

from accounts.models import User
from decisions.drafting.subjects import BY_CODE, PART_TWO_FILES
from decisions.models import DeclarationKind, Event
from decisions.register.words import long_date, plural

# What higher rooms know about events, such as the reason that somebody gave: each takes the events
# of a page and returns sentences by the event's key. They add themselves when the service starts.
NOTES: Final[list[Callable[[Sequence[Event]], Mapping[int, str]]]] = []

Facts = dict[str, Any]
_SENTENCES: Final = {
    "begin": "Began the paper and drew its reference.",
    "save": "Changed “{subject}”.",
    "version": "Froze the text as {version}.",
    "clear": "Let {person} read Part 2.",
    "read_part_two": "Opened Part 2.",
    "read_part_two_file": "Opened a file of Part 2.",
    "approve_file": "Found a file fit for the public.",
    "consult": "Asked {advisers} about {version}.",
    "advise": "Gave the row “{row}” on {version}: {position}.",
    "submit": "Submitted {version} to the Chief Executive.",
    "endorse": "Endorsed {version}.",
    "decide": "Signed the decision on {version}.",
    "send_back": "Sent the paper back to draft.",
    "withdraw": "Withdrew the paper.",
    "seal": "Made and sealed the document of {edition}.",
    "restricted_document": "Made a restricted document: Part 2 of {version}, sealed.",
    "publish": "Published {edition}{start}.",
    "correct": "Corrected the record: {edition}.",
}
_DIGESTS: Final = {
    "digest": "Digest of the text",
    "commitment": "Commitment to Part 2",
    "edition": "Digest of the edition",
    "document": "Digest of the document",
}


@dataclass(frozen=True)
class Entry:
    """One event as the page shows it. `proof` holds labels with digests, the chain's last."""

    at: datetime
    dated: datetime | None  # the date that a sample act carries, where it is not the clock's
    who: str
    sentence: str
    note: str
    number: int
    proof: tuple[tuple[str, str], ...]


def entries(events: Sequence[Event]) -> list[Entry]:
    """The events of one page in words. Their actors are already joined."""
    facts = {event.pk: _facts(event) for event in events}
    people = User.objects.in_bulk(
        {said["person"] for said in facts.values() if isinstance(said.get("person"), int)}
    )
    notes: dict[int, str] = {}
    for note in NOTES:
        notes |= note(events)
    return [
        Entry(
            at=event.at,
            dated=_moment(facts[event.pk].get("dated")),
            who=event.actor.name,
            sentence=_sentence(event.verb, facts[event.pk], people),
            note=notes.get(event.pk, ""),
            number=event.seq,
            proof=_proof(event, facts[event.pk]),
        )
        for event in events
    ]


def _facts(event: Event) -> Facts:
    return msgspec.json.decode(event.facts, type=dict[str, Any])


def _sentence(verb: str, facts: Facts, people: Mapping[int, User]) -> str:
    person = people.get(facts.get("person", 0))
    said = _SENTENCES.get(verb, f"{_words(verb).capitalize()}.")
    return said.format(
        subject=_label(facts),
        version=f"version {facts.get('number', '')}".strip(),
        edition=f"edition {facts.get('edition', '')}".strip(),
        person=person.name if person else "somebody",
        advisers=plural(facts.get("asked", 0), "adviser"),
        row=_row(facts),
        position=_words(facts.get("position")),
        start=_start(facts),
    )


def _label(facts: Facts) -> str:
    code = str(facts.get("subject", ""))
    if code == PART_TWO_FILES:
        return "Files of Part 2"
    subject = BY_CODE.get(code)
    return subject.label if subject else _words(facts.get("subject"))


def _row(facts: Facts) -> str:
    kind = str(facts.get("kind", ""))
    return DeclarationKind(kind).label if kind in DeclarationKind.values else _words(kind)


def _words(code: object) -> str:
    return str(code or "").replace("_", " ")


def _start(facts: Facts) -> str:
    start = _moment(facts.get("not_before"))
    return f" from {long_date(start)} on" if start else ""


def _moment(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) and text else None


def _proof(event: Event, facts: Facts) -> tuple[tuple[str, str], ...]:
    said = [
        (label, str(facts[name]))
        for name, label in _DIGESTS.items()
        if isinstance(facts.get(name), str) and facts[name]
    ]
    return (*said, ("Digest of the event", event.hash), ("Digest of the event before", event.prev))
