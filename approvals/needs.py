"""Each condition of the table: None when it is met, else a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from approvals import public_files
from approvals.case import Case
from approvals.models import Consultation
from decisions.models import DeclarationKind, Paper
from decisions.part_two import room


def form_complete(case: Case) -> str | None:
    """Every part of the form is filled in."""
    missing = [f for f in case.findings if f.blocking and f.subject_incomplete]
    if not missing:
        return None
    return f"The form is not complete: {missing[0].sentence}" + _and_more(len(missing) - 1)


def no_blocking_finding(case: Case) -> str | None:
    """No check found something that must be put right first."""
    blocking = [f for f in case.findings if f.blocking and not f.subject_incomplete]
    if not blocking:
        return None
    return blocking[0].sentence + _and_more(len(blocking) - 1)


def own_advice_outstanding(case: Case) -> str | None:
    """This adviser still owes advice on the newest version."""
    if case.own_outstanding:
        return None
    return (
        f"You have already given your advice on this version of {case.paper.reference}. "
        "You will be asked again if the paper changes."
    )


def head_of_service_last(case: Case) -> str | None:
    """The head of service reviews last, when everybody else has advised on this version."""
    mine = {c.kind for c in case.own_outstanding}
    if mine != {DeclarationKind.HEAD_OF_SERVICE}:
        return None
    others = [c for c in case.outstanding if c.kind != DeclarationKind.HEAD_OF_SERVICE]
    if not others:
        return None
    return (
        "The head of service reviews the paper last. Advice is still awaited from "
        f"{_people(others)}."
    )


def all_advice_given(case: Case) -> str | None:
    """Every adviser who was asked has advised on the version that goes forward."""
    if not case.outstanding:
        return None
    return f"Advice on this version is still awaited from {_people(case.outstanding)}."


def not_own_paper(case: Case) -> str | None:
    """Nobody signs a paper that they wrote, changed or advised on."""
    if case.wrote_or_changed:
        return (
            f"You wrote or changed {case.paper.reference}, so you cannot sign it. "
            "Somebody else who holds or acts in the office has to."
        )
    if any(s.signer_id == case.person.pk for s in case.signatures):
        return (
            f"You have already signed {case.paper.reference} in this round. "
            "The second signature has to be another person’s."
        )
    if case.person.pk in case.advisers:
        return (
            f"You were asked for advice on {case.paper.reference}, so you cannot sign it. "
            "Somebody else who holds or acts in the office has to."
        )
    return None


def document_sealed(case: Case) -> str | None:
    """The signed document of the newest edition has been made and sealed."""
    if case.edition is not None and hasattr(case.edition, "document"):
        return None
    return (
        f"The signed document of {case.paper.reference} has not been made yet. "
        "It has to be there before the decision can be published."
    )


def nothing_leaks(case: Case) -> str | None:
    """No passage of Part 2 stands in what would be published."""
    if case.edition is None or not leaks(case.paper, case.edition.record):
        return None
    return (
        f"A passage of Part 2 also stands in what would be published of {case.paper.reference}, "
        "so it cannot be published. Correct Part 1 first."
    )


def files_may_be_public(case: Case) -> str | None:
    """Every file for the public was looked at by a second person, and repeats nothing of Part 2."""
    return public_files.why_not_public(case.paper)


def leaks(paper: Paper, said: object) -> bool:
    """Whether a passage of Part 2 stands anywhere in a record, or in other words for the public.

    The words are taken as they are read, not as they are stored: a line break or a quotation mark
    that is written with a code must not hide a passage.
    """
    return room.shares_a_passage(paper, "\n".join(_words(msgspec.to_builtins(said))))


def _words(thing: object) -> Iterator[str]:
    """Every text in a tree of plain values, in its order."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, Mapping):
        for part in thing.values():
            yield from _words(part)
    elif isinstance(thing, Sequence):
        for part in thing:
            yield from _words(part)


def not_yet_public(case: Case) -> str | None:
    """The newest edition is not already on the public register."""
    if not case.is_public():
        return None
    return (
        f"{case.paper.reference} is already published. "
        "To change how it is written, correct it; that makes a new edition."
    )


def newest_edition_published(case: Case) -> str | None:
    """One edition at a time: the one before has been published or is set to be."""
    if case.publication is not None:
        return None
    return (
        f"The newest edition of {case.paper.reference} has not been published yet. "
        "Publish it before you correct it."
    )


def _people(consultations: Sequence[Consultation]) -> str:
    names = [f"{c.person.name} ({c.get_kind_display()})" for c in consultations]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _and_more(count: int) -> str:
    if count <= 0:
        return ""
    return f" There {'is 1 more thing' if count == 1 else f'are {count} more things'} to put right."
