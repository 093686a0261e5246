"""One function for each verb: the messages of that act, and who gets them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from django.utils import timezone

from approvals.case import CHIEF_EXECUTIVE
from approvals.models import Consultation
from approvals.notices import audience
from approvals.notices.letters import DEFERRAL, Message
from approvals.notices.receipt import receipt
from approvals.work import REMINDER
from decisions.models import DeclarationKind
from decisions.register.words import plural

if TYPE_CHECKING:
    from approvals.actions.move import Move

LAST: Final = DeclarationKind.HEAD_OF_SERVICE
_TO_PUBLISH: Final = "It is the turn of the secretariat, to publish it."


def consult(moving: Move) -> Iterator[Message]:
    """Everybody who was asked; the head of service is asked to wait for the others."""
    reference = moving.paper.reference
    asked = Consultation.objects.filter(paper=moving.paper, round=moving.paper.round)
    kinds: dict[int, set[str]] = {}
    for person, kind in asked.values_list("person", "kind"):
        kinds.setdefault(person, set()).add(kind)
    last = frozenset(person for person, asked_for in kinds.items() if asked_for == {LAST})
    subject = f"{reference}: you are asked for advice"
    yield Message(
        "consult",
        frozenset(kinds) - last,
        subject=subject,
        happened=f"You were asked to advise on {reference}.",
        turn="It is your turn: read the paper and give your advice.",
    )
    yield Message(
        "consult",
        last,
        subject=subject,
        happened=f"You were asked to review {reference} as head of service.",
        turn="It is the turn of the other advisers. You will be told when all have advised.",
    )


def advise(moving: Move) -> Iterator[Message]:
    """The officer, once nobody owes advice; the head of service, once nobody else does."""
    reference, given = moving.paper.reference, moving.facts["kind"]
    owed = [row for row in moving.case.outstanding if row.kind != given]
    if not owed:
        yield Message(
            "advise",
            frozenset({moving.paper.officer_id}),
            subject=f"{reference}: all advice is given",
            happened=f"Everybody who was asked has advised on {reference}.",
            turn="It is your turn: submit the paper to the Chief Executive.",
        )
    elif [row.kind for row in owed] == [LAST]:
        yield Message(
            "advise",
            frozenset({owed[0].person_id}),
            subject=f"{reference}: your review is due",
            happened=f"Every other adviser has advised on {reference}.",
            turn="It is your turn: review the paper as head of service.",
        )


def submit(moving: Move) -> Iterator[Message]:
    """Who holds, or acts in, the office of Chief Executive today."""
    reference = moving.paper.reference
    yield Message(
        "submit",
        audience.holders(code=CHIEF_EXECUTIVE),
        subject=f"{reference}: waits for endorsement",
        happened=f"{reference} was submitted to the Chief Executive.",
        turn="It is the turn of your office: endorse the paper or send it back.",
    )


def endorse(moving: Move) -> Iterator[Message]:
    """A receipt; and who holds, or acts in, the office that decides today."""
    reference = moving.paper.reference
    yield from receipt(moving, "endorsed", "It is the turn of the office that decides.")
    yield Message(
        "endorse",
        audience.holders(pk=moving.paper.office_id),
        subject=f"{reference}: waits for a decision",
        happened=f"{reference} was endorsed.",
        turn="It is the turn of your office: decide or send the paper back.",
    )


def decide(moving: Move) -> Iterator[Message]:
    """A receipt; and the officer."""
    reference = moving.paper.reference
    yield from receipt(moving, "decided", _TO_PUBLISH)
    yield Message(
        "decide",
        frozenset({moving.paper.officer_id}),
        subject=f"{reference}: decided",
        happened=f"{reference} was decided.",
        turn=_TO_PUBLISH,
    )


def send_back(moving: Move) -> Iterator[Message]:
    """The officer, and the advisers asked in the round that ended."""
    subject = f"{moving.paper.reference}: sent back to draft"
    happened = f"{moving.paper.reference} was sent back to draft."
    yield Message(
        "send_back",
        frozenset({moving.paper.officer_id}),
        subject=subject,
        happened=happened,
        turn="It is your turn: its page says why, and what you can do.",
    )
    yield Message(
        "send_back",
        _asked(moving),
        subject=subject,
        happened=happened,
        turn="It is the turn of the originating officer. You will be told if you are asked again.",
    )


def withdraw(moving: Move) -> Iterator[Message]:
    """The officer, and the advisers asked in this round."""
    yield Message(
        "withdraw",
        _asked(moving) | {moving.paper.officer_id},
        subject=f"{moving.paper.reference}: withdrawn",
        happened=f"{moving.paper.reference} was withdrawn.",
        turn="It is nobody’s turn: the paper goes no further.",
    )


def publish(moving: Move) -> Iterator[Message]:
    """The officer and who signed the decision; who answers for a deferral, before it ends."""
    reference, publication = moving.paper.reference, moving.publication
    held = publication.not_before if publication else None
    if held is None or publication is None:
        yield Message(
            "publish",
            _officer_and_signer(moving),
            subject=f"{reference}: published",
            happened=f"{reference} was published.",
            turn="It is nobody’s turn: nothing more has to be done.",
        )
        return
    yield Message(
        "publish",
        _officer_and_signer(moving),
        subject=f"{reference}: publication deferred",
        happened=f"Publication of {reference} was deferred.",
        turn="It is nobody’s turn: it is published by itself on the day that its page names.",
    )
    if publication.owner_id is not None:
        yield Message(
            DEFERRAL,
            frozenset({publication.owner_id}),
            subject=f"{reference}: a deferral ends soon",
            happened=f"The deferral of {reference}, for which you answer, ends within "
            f"{plural(REMINDER.days, 'day')}.",
            turn="It is your turn: if it must last longer, give the secretariat a fresh reason "
            "before then. Otherwise it is published by itself.",
            due_at=max(held - REMINDER, timezone.now()),
        )


def correct(moving: Move) -> Iterator[Message]:
    """The officer and who signed the decision."""
    reference = moving.paper.reference
    yield Message(
        "correct",
        _officer_and_signer(moving),
        subject=f"{reference}: corrected",
        happened=f"A corrected edition of {reference} was made.",
        turn=_TO_PUBLISH,
    )


def _asked(moving: Move) -> frozenset[int]:
    return frozenset(row.person_id for row in moving.case.consultations)


def _officer_and_signer(moving: Move) -> frozenset[int]:
    edition = moving.case.edition
    signer = {edition.signature.signer_id} if edition else set()
    return frozenset(signer | {moving.paper.officer_id})


MESSAGES: Final[dict[str, Callable[[Move], Iterator[Message]]]] = {
    told.__name__: told
    for told in (
        consult,
        advise,
        submit,
        endorse,
        decide,
        send_back,
        withdraw,
        publish,
        correct,
    )
}
