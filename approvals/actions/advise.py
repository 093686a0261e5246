"""advise: an adviser gives a position and a statement on the version they were shown."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from approvals.actions.move import Refused, move
from approvals.case import Case
from approvals.models import Advice, Consultation, Position
from decisions.models import DeclarationKind


def advise(
    paper_id: int,
    *,
    by: User,
    kind: str,
    mark: str,
    position: str,
    statement: str,
    comments: str = "",
    at: datetime | None = None,
) -> Advice:
    """Record advice on the newest version.

    `mark` is that of the version on the screen; when the paper changed meanwhile nothing is
    recorded. `statement` is published with the paper, `comments` never are. Raises Refused.
    """
    with move(paper_id, "advise", by, at=at) as moving:
        case = moving.case
        consultation = next((c for c in case.own_outstanding if c.kind == kind), None)
        version = case.version
        if consultation is None or version is None:
            raise Refused("You do not owe this advice. Nothing was recorded.")
        if version.mark != mark:
            raise Refused(
                f"{moving.paper.reference} changed after you opened it, so your advice was not "
                "recorded. What changed is shown below; read it and send your advice again."
            )
        _require_last(case, consultation)
        if not statement.strip():
            raise Refused("Write the statement that is published.", field="statement")
        if Position(position) != Position.CONTENT and not comments.strip():
            raise Refused("Say what your comments are.", field="comments")
        advice = Advice.objects.create(
            consultation=consultation,
            version=version,
            adviser=by,
            position=position,
            statement=statement.strip(),
            comments=comments.strip(),
            given_at=moving.at,
        )
        moving.facts = {"kind": kind, "position": position, "number": version.number}
    return advice


def _require_last(case: Case, consultation: Consultation) -> None:
    """The head of service reviews last, even one who also advises. Raises Refused."""
    last = DeclarationKind.HEAD_OF_SERVICE
    if consultation.kind == last and any(row.kind != last for row in case.outstanding):
        raise Refused(
            "The head of service reviews the paper last, and other advice is still awaited. "
            "Nothing was recorded."
        )
