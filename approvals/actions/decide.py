"""decide: the decision maker declares interests, gives each recommendation an outcome, signs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from accounts.models import User
from approvals.actions.move import Refused, move
from approvals.actions.signing import look, once, require_version, sign
from approvals.ceremony import Declared, OutcomeGiven, Proof
from approvals.editions import first_edition
from approvals.jobs import ask_for_document
from approvals.models import Act, OutcomeKind, Signature
from approvals.needs import leaks
from decisions.models import Paper
from decisions.register.record import Record
from decisions.wording import INTERESTS


def decide(
    paper_id: int,
    *,
    by: User,
    mark: str,
    proof: Proof,
    key: UUID,
    interests: str,
    outcomes: Sequence[OutcomeGiven],
    at: datetime | None = None,
) -> Signature:
    """Sign the decision on the version on the screen, make its first edition, ask for its document.

    `interests` is the declaration as published ("None." where there is none). Every recommendation
    needs exactly one outcome, and every outcome but "approved" its words. `proof` is how the signer
    proves that it is they who sign. Raises Refused, and then nothing is signed.
    """

    def sign_now() -> Signature:
        look(proof, by, Act.DECIDE)
        return _sign(paper_id, by, mark, proof, key, interests, outcomes, at)

    return once(paper_id, key, Act.DECIDE, by, sign_now)


def declared_by_deciding(interests: str, outcomes: Sequence[OutcomeGiven]) -> Declared:
    """What is declared by deciding: the statement, the interests, every outcome with its words."""
    given = (OutcomeGiven(each.number, each.kind, each.words.strip()) for each in outcomes)
    return Declared(INTERESTS, interests.strip(), tuple(given))


def _sign(
    paper_id: int,
    by: User,
    mark: str,
    proof: Proof,
    key: UUID,
    interests: str,
    outcomes: Sequence[OutcomeGiven],
    at: datetime | None,
) -> Signature:
    with move(paper_id, "decide", by, at=at) as moving:
        version = require_version(moving, mark)
        if not interests.strip():
            raise Refused(
                "Say whether you have an interest in this matter, and what it is.",
                field="interests",
            )
        _require_outcomes(version.record, outcomes)
        _require_nothing_confidential(moving.paper, interests, outcomes)
        declared = declared_by_deciding(interests, outcomes)
        signature = sign(moving, Act.DECIDE, version, key=key, proof=proof, declared=declared)
        endorsement = moving.case.signature(Act.ENDORSE)
        if endorsement is None:
            raise Refused("Nobody has endorsed this paper yet. Nothing was signed.")
        edition = first_edition(endorsement, signature, declared, moving.case.advised, by)
        ask_for_document(edition, by, anew=True)
        moving.facts |= {"edition": edition.digest}
    return signature


def _require_nothing_confidential(
    paper: Paper, interests: str, outcomes: Sequence[OutcomeGiven]
) -> None:
    """What is decided is published and cannot be corrected, so Part 2 stays out of it."""
    said = [("interests", interests)]
    said += [(f"words_{given.number}", given.words) for given in outcomes]
    for field, text in said:
        if leaks(paper, text):
            raise Refused(
                "A passage of Part 2 stands in words that will be published, so nothing was "
                "signed. Say it in other words.",
                field=field,
            )


def _require_outcomes(record: Record, outcomes: Sequence[OutcomeGiven]) -> None:
    """Exactly one known outcome for each recommendation. Raises Refused for the first fault."""
    given = {outcome.number: outcome for outcome in outcomes}
    if len(given) != len(outcomes) or set(given) - {r.number for r in record.recommendations}:
        raise Refused("The outcomes do not match the recommendations. Open the page again.")
    for recommendation in record.recommendations:
        outcome = given.get(recommendation.number)
        name = f"outcome_{recommendation.number}"
        if outcome is None or outcome.kind not in OutcomeKind.values:
            raise Refused(
                f"Choose an outcome for recommendation {recommendation.number}.", field=name
            )
        if outcome.kind != OutcomeKind.APPROVED and not outcome.words.strip():
            raise Refused(_ask_for_words(outcome), field=f"words_{recommendation.number}")


def _ask_for_words(outcome: OutcomeGiven) -> str:
    if outcome.kind == OutcomeKind.APPROVED_WITH_CHANGES:
        return f"Write recommendation {outcome.number} as you approve it."
    if outcome.kind == OutcomeKind.DEFERRED:
        return f"Say why recommendation {outcome.number} is deferred, and until when."
    return f"Say why recommendation {outcome.number} is not approved."
