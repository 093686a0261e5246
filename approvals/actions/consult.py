"""consult: the originating officer asks advisers, all at once, about a frozen version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from accounts.models import Duty, User
from approvals.actions.move import Move, Refused, move
from approvals.models import Consultation
from decisions.drafting.versions import take_version
from decisions.models import DeclarationKind, Paper, Reader
from decisions.part_two import room

# The form asks for these on every paper; the others may not apply.
ALWAYS: Final = (
    DeclarationKind.FINANCE,
    DeclarationKind.LEGAL,
    DeclarationKind.EQUALITIES,
    DeclarationKind.HEAD_OF_SERVICE,
)


def consult(
    paper_id: int, *, by: User, advisers: Mapping[str, User], at: datetime | None = None
) -> Paper:
    """Freeze the paper and ask one adviser of each kind given.

    `advisers` maps a DeclarationKind to a person who does that duty today. Raises Refused when a
    kind that every paper needs has nobody, or a person does not do that duty or wrote the paper.
    """
    with move(paper_id, "consult", by, at=at) as moving:
        for needed in ALWAYS:
            if needed not in advisers:
                raise Refused(f"Choose who gives the {needed.label} row.", field=needed)
        for kind, person in advisers.items():
            _ask(moving, DeclarationKind(kind), person, by)
        version = take_version(moving.paper, by, at=moving.at)
        moving.facts = {"number": version.number, "digest": version.digest, "asked": len(advisers)}
    return moving.paper


def _ask(moving: Move, kind: DeclarationKind, person: User, by: User) -> None:
    paper = moving.paper
    if not Duty.objects.current().filter(person=person, kind=kind).exists():
        raise Refused(f"{person.name} does not give the {kind.label} row today.", field=kind)
    if person.pk == paper.officer_id:
        raise Refused("You cannot advise on your own paper. Choose somebody else.", field=kind)
    Consultation.objects.create(
        paper=paper,
        round=paper.round,
        kind=kind,
        person=person,
        asked_by=by,
        asked_at=moving.at,
    )
    Reader.objects.get_or_create(paper=paper, person=person)
    if paper.has_part_two:
        room.clear(paper, person, by=by, reason=f"{kind.label} adviser")
