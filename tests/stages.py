"""Papers brought to each state of their life by the cast, through the real actions.

`draft` begins and fills a paper; every later stage takes the same options and goes on from there.
A step (`ask`, `advise`, …) takes a paper that already exists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import uuid4

from django.db import transaction
from django.db.models import F

from accounts.models import User
from approvals import actions
from approvals.case import Case
from approvals.ceremony import PasswordAndCode
from approvals.library import make_document
from approvals.models import Edition, OutcomeKind, Publication, SealedDocument, Signature
from decisions.drafting.begin import begin
from decisions.drafting.save import replace_rows, saving, token_of
from decisions.models import FundingKind, Paper, RecommendationVerb
from decisions.part_two import room
from decisions.part_two.models import PartTwo
from decisions.states import State
from tests.cast import PASSWORD, Cast, code_of

TITLE: Final = "A platform that is fit for the years ahead"
# Words that stand in Part 2 of every paper made here, and nowhere else.
SECRET: Final = (
    "The supplier Quillfeather will go as low as 1,337,042 pounds when pressed on the margin"
)
RECOMMENDATIONS: Final[tuple[dict[str, Any], ...]] = (
    {
        "verb": RecommendationVerb.APPROVE,
        "text": "capital spending of £3.049m on building the platform",
        "amount": Decimal("3049000.00"),
        "kind": FundingKind.CAPITAL,
        "up_to": False,
    },
    {
        "verb": RecommendationVerb.APPROVE,
        "text": "the award of work orders of £1.810m to the supplier",
        "amount": Decimal("1810000.00"),
        "kind": FundingKind.CAPITAL,
        "up_to": True,
    },
)


def fresh(paper: Paper) -> Paper:
    """The paper as it stands in the database now."""
    return Paper.objects.select_related("office", "officer", "series").get(pk=paper.pk)


def mark_of(paper: Paper) -> str:
    """The mark of the version that a page of this paper would show now."""
    version = Case(fresh(paper), paper.officer).version
    assert version is not None
    return version.mark


def proof_of(person: User) -> PasswordAndCode:
    """What somebody of the cast types to sign."""
    return PasswordAndCode(PASSWORD, code_of(person))


# Steps: one act each, by whoever of the cast does it.


def change(paper: Paper, subject: str, by: User, **fields: Any) -> Paper:
    """Save fields of one subject, as the form does."""
    with saving(paper.pk, subject, by=by, token=token_of(fresh(paper), subject)) as held:
        for name, value in fields.items():
            setattr(held, name, value)
    return fresh(paper)


def change_rows(paper: Paper, subject: str, by: User, rows: Sequence[dict[str, Any]]) -> Paper:
    """Replace the rows of one subject, as the form does."""
    with saving(paper.pk, subject, by=by, token=token_of(fresh(paper), subject)) as held:
        replace_rows(held, subject, list(rows))
    return fresh(paper)


def write_section(paper: Paper, kind: str, by: User, body: str) -> Paper:
    """Write one section, as the form does."""
    subject = f"section-{kind}"
    with saving(paper.pk, subject, by=by, token=token_of(fresh(paper), subject)) as held:
        section = held.sections.get(kind=kind)
        section.body = body
        section.save()
    return fresh(paper)


def write_part_two(paper: Paper, by: User, body: str = SECRET) -> Paper:
    """Write Part 2 with everything that it needs."""
    text = room.PartTwoText(
        body=body,
        rationale="Publication would weaken the position in the negotiation.",
        marking="OFFICIAL-SENSITIVE [COMMERCIAL]",
        reason="The information is commercially sensitive.",
        ends_when="the contract is complete",
        exemptions=(room.ExemptionText("2(2)(a)", "43", "The public gains by a lower price."),),
    )
    with saving(paper.pk, "part-two", by=by, token=token_of(fresh(paper), "part-two")) as held:
        room.write(held, text, by=by)
    return fresh(paper)


def plant(paper: Paper, **fields: Any) -> None:
    """Put words into Part 2 that no form would take."""
    with by_hand(paper):
        PartTwo.objects.filter(paper=paper).update(**fields)


@contextmanager
def by_hand(paper: Paper) -> Iterator[None]:
    """Parts that are written by hand, in one transaction with a save of their paper."""
    with transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(version=F("version") + 1)
        yield


def fill(
    paper: Paper, by: User, *, part_two: bool = False, deferred_until: date | None = None
) -> Paper:
    """Fill in everything that the form asks for."""
    change(paper, "title", by, forum="iam", scheme_paragraph="4.8")
    change(paper, "summary", by, executive_summary="This paper asks for money for a platform.")
    change_rows(paper, "recommendations", by, RECOMMENDATIONS)
    for section in paper.sections.all():
        write_section(paper, section.kind, by, f"What is to be said of {section.heading}.")
    change(
        paper,
        "deferral",
        by,
        deferred=deferred_until is not None,
        deferred_until=deferred_until,
        deferral_reason="The contract is still to be signed." if deferred_until else "",
        deferral_owner=by if deferred_until else None,
    )
    change(paper, "part-two-question", by, has_part_two=part_two)
    if part_two:
        write_part_two(paper, by)
    with saving(paper.pk, "declarations", by=by, token=token_of(paper, "declarations")) as held:
        for row in held.declarations.all():
            row.confirmed = True
            row.save()
    return fresh(paper)


def ask(paper: Paper, cast: Cast, advisers: Mapping[str, User] | None = None) -> Paper:
    """The officer asks every adviser of the cast, or these."""
    actions.consult(paper.pk, by=paper.officer, advisers=advisers or cast.advisers)
    return fresh(paper)


def advise(
    paper: Paper, person: User, kind: str, position: str = "content", comments: str = ""
) -> Paper:
    """One adviser advises on the newest version."""
    actions.advise(
        paper.pk,
        by=person,
        kind=kind,
        mark=mark_of(paper),
        position=position,
        statement=f"The {kind.replace('_', ' ')} adviser has read the paper.",
        comments=comments,
    )
    return fresh(paper)


def advise_all(paper: Paper, but: Sequence[str] = ()) -> Paper:
    """Everybody who still owes advice gives it, the head of service last, except these kinds."""
    case = Case(fresh(paper), paper.officer)
    for consultation in case.outstanding:
        if consultation.kind not in but:
            advise(paper, consultation.person, consultation.kind)
    return fresh(paper)


def submit(paper: Paper) -> Paper:
    """The officer sends the paper to the Chief Executive."""
    actions.submit(paper.pk, by=paper.officer)
    return fresh(paper)


def endorse(paper: Paper, by: User, *, mark: str | None = None) -> Signature:
    """The Chief Executive, or who acts, signs the newest version, or the one of this mark."""
    return actions.endorse(
        paper.pk, by=by, mark=mark or mark_of(paper), proof=proof_of(by), key=uuid4()
    )


def decide(
    paper: Paper,
    by: User,
    outcomes: Mapping[int, tuple[str, str]] | None = None,
    interests: str = "None.",
) -> Signature:
    """The decision maker signs; every recommendation is approved unless `outcomes` says else."""
    said = outcomes or {}
    version = Case(fresh(paper), by).version
    assert version is not None
    return actions.decide(
        paper.pk,
        by=by,
        mark=version.mark,
        proof=proof_of(by),
        key=uuid4(),
        interests=interests,
        outcomes=[
            actions.OutcomeGiven(asked.number, *said.get(asked.number, (OutcomeKind.APPROVED, "")))
            for asked in version.record.recommendations
        ],
    )


def seal(paper: Paper, by: User) -> SealedDocument:
    """The document of the newest edition is rendered, sealed and kept."""
    edition = Edition.objects.filter(paper=paper).order_by("-number").first()
    assert edition is not None
    return make_document(edition, by)


def correct(paper: Paper, by: User) -> Edition:
    """The secretariat writes the summary anew and tells the public why."""
    return actions.correct(
        paper.pk,
        by=by,
        note="The summary left out what the money is for.",
        passages={"summary": "This paper asks for money for a platform, and says what for."},
    )


def publish(paper: Paper, by: User, **deferral: Any) -> Publication:
    """The secretariat publishes the newest edition."""
    return actions.publish(paper.pk, by=by, **deferral)


# Stages: a new paper, brought to a state.


def blank(cast: Cast, *, title: str = TITLE, by: User | None = None, sample: bool = False) -> Paper:
    """A draft with nothing but its title."""
    return fresh(begin("pcd", title, by=by or cast.olu, sample=sample))


def draft(
    cast: Cast,
    *,
    title: str = TITLE,
    by: User | None = None,
    part_two: bool = False,
    deferred_until: date | None = None,
    sample: bool = False,
) -> Paper:
    """A draft that is complete and can be sent out for advice."""
    paper = blank(cast, title=title, by=by, sample=sample)
    return fill(paper, by or cast.olu, part_two=part_two, deferred_until=deferred_until)


def consultation(cast: Cast, **options: Any) -> Paper:
    """A paper out for advice; nobody has advised yet."""
    return ask(draft(cast, **options), cast)


def advised(cast: Cast, **options: Any) -> Paper:
    """A paper out for advice on which everybody has advised."""
    return advise_all(consultation(cast, **options))


def endorsement(cast: Cast, **options: Any) -> Paper:
    """A paper with the Chief Executive."""
    return submit(advised(cast, **options))


def decision(cast: Cast, **options: Any) -> Paper:
    """A paper that awaits the decision maker."""
    paper = endorsement(cast, **options)
    endorse(paper, cast.celia)
    return fresh(paper)


def decided(
    cast: Cast, *, outcomes: Mapping[int, tuple[str, str]] | None = None, **options: Any
) -> Paper:
    """A decided paper; its document has not been made yet."""
    paper = decision(cast, **options)
    decide(paper, cast.dominic, outcomes)
    return fresh(paper)


def sealed(cast: Cast, **options: Any) -> Paper:
    """A decided paper with its sealed document. Needs a seal key: see the fixture `seal_key`."""
    paper = decided(cast, **options)
    seal(paper, cast.saba)
    return fresh(paper)


def published(cast: Cast, **options: Any) -> Paper:
    """A paper that the public can read. Needs a seal key."""
    paper = sealed(cast, **options)
    publish(paper, cast.saba)
    return fresh(paper)


def withdrawn(cast: Cast, **options: Any) -> Paper:
    """A paper taken back from draft."""
    paper = draft(cast, **options)
    actions.withdraw(paper.pk, by=paper.officer, reason="The money came from elsewhere.")
    return fresh(paper)


BY_STATE: Final[dict[State, Callable[..., Paper]]] = {
    State.DRAFT: draft,
    State.CONSULTATION: consultation,
    State.ENDORSEMENT: endorsement,
    State.DECISION: decision,
    State.DECIDED: decided,
    State.WITHDRAWN: withdrawn,
}
