"""Whose turn it is: the papers that wait for a person, and those that the person waits for.

One query finds the papers and everything that has to be said of them, whatever their number; two
more tell how far the documents are that are not made yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone

from accounts.models import Appointment, DutyKind, User
from accounts.people.in_hand import InHand
from approvals.case import CHIEF_EXECUTIVE
from approvals.jobs import Progress, Stage, progress_of
from approvals.models import (
    Advice,
    Consultation,
    Edition,
    Publication,
    Reason,
    SealedDocument,
    Signature,
)
from approvals.public_files import LOOKS
from approvals.workflow import BY_VERB
from decisions.models import (
    Contributor,
    DeclarationKind,
    FileApproval,
    Paper,
    SupportingFile,
    Version,
)
from decisions.register.words import join_words, long_date, long_time
from decisions.states import State

# How long before a deferral ends the secretariat is reminded of it.
REMINDER: Final = timedelta(days=14)
_ORDER: Final = DeclarationKind.values


@dataclass(frozen=True)
class Item:
    """One paper in somebody's list: what is to be done or awaited, where, and since when."""

    reference: str
    title: str
    url: str
    to_do: str
    do_url: str
    since: datetime
    note: str = ""


@dataclass(frozen=True)
class Work:
    """What waits for a person, and what the person waits for; the longest wait comes first."""

    waits: tuple[Item, ...]
    awaited: tuple[Item, ...]


@dataclass(frozen=True)
class _Facts:
    """A paper with what the query found out about it."""

    paper: Paper
    owed: tuple[Mapping[str, Any], ...]
    may_not_sign: bool
    sent_back_by: str
    sent_back_why: str
    has_document: bool
    progress: Progress
    published: bool
    not_before: datetime | None
    # A file for the public that nobody looked at yet, where this reader may.
    file: int | None


class _Reader:
    """The person, with what they do and hold today."""

    def __init__(self, person: User, now: datetime) -> None:
        self.person = person
        self.now = now
        duties = person.duties()
        self.is_secretariat = DutyKind.SECRETARIAT in duties
        self.looks_at_files = bool(duties & LOOKS)
        self.is_chief_executive = person.holds(CHIEF_EXECUTIVE) is not None
        self.offices = {held.office_id for held in person.appointments_today()}


def work_of(person: User, now: datetime | None = None) -> Work:
    """Everything that waits for this person, and everything this person waits for."""
    reader = _Reader(person, now or timezone.now())
    holders = _holders()
    waits, awaited = [], []
    for facts in _facts(reader):
        mine = _mine(facts, reader)
        if mine is not None:
            waits.append(mine)
        else:
            awaited.append(_others(facts, holders))
    return Work(waits=_longest_first(waits), awaited=_longest_first(awaited))


def in_hand_of(person: User) -> list[InHand]:
    """What waits for this person, for the page that deactivates them."""
    return [
        InHand(f"{item.reference}: {item.title}", item.url, item.to_do)
        for item in work_of(person).waits
    ]


def owed_advice() -> QuerySet[Consultation]:
    """Consultations of the running round that nobody has answered on the newest version."""
    newer = Version.objects.filter(
        paper=OuterRef("version__paper"), number__gt=OuterRef("version__number")
    )
    answered = Advice.objects.filter(~Exists(newer), consultation=OuterRef("pk"))
    return Consultation.objects.filter(~Exists(answered))


def _facts(reader: _Reader) -> Iterable[_Facts]:
    this_round = {"paper": OuterRef("pk"), "round": OuterRef("round")}
    asked = Exists(Consultation.objects.filter(person=reader.person, **this_round))
    signed = Exists(Signature.objects.filter(signer=reader.person, **this_round))
    sent_back = Reason.objects.filter(
        event__paper=OuterRef("pk"), event__verb="send_back"
    ).order_by("-event__seq")
    edition = Edition.objects.filter(paper=OuterRef("pk")).order_by("-number").values("pk")[:1]
    publications = Publication.objects.filter(edition=OuterRef("edition")).order_by(
        "-published_at", "-pk"
    )
    files = _files_for(reader)
    papers = (
        Paper.objects.filter(_concerns(reader, asked, signed, Exists(files)))
        .select_related("office", "officer")
        .annotate(
            owed=ArraySubquery(
                owed_advice()
                .filter(**this_round)
                .values(
                    found=JSONObject(kind="kind", person="person_id", name="person__name"),
                )
            ),
            wrote=Exists(Contributor.objects.filter(paper=OuterRef("pk"), person=reader.person)),
            asked=asked,
            signed=signed,
            sent_back_by=Subquery(sent_back.values("event__actor__name")[:1]),
            sent_back_why=Subquery(sent_back.values("text")[:1]),
            edition=Subquery(edition),
            has_document=Exists(SealedDocument.objects.filter(edition=OuterRef("edition"))),
            published=Exists(publications),
            not_before=Subquery(publications.values("not_before")[:1]),
            file=Subquery(files.order_by("pk").values("pk")[:1]),
        )
        .exclude(
            Q(not_before__isnull=True) | Q(not_before__lte=reader.now),
            state=State.DECIDED,
            published=True,
        )
    )
    found = list(papers)
    missing = [paper.edition for paper in found if paper.edition and not paper.has_document]
    progress = progress_of(missing) if missing else {}
    for paper in found:
        yield _Facts(
            paper=paper,
            owed=tuple(sorted(paper.owed, key=lambda row: _ORDER.index(row["kind"]))),
            may_not_sign=paper.wrote or paper.asked or paper.signed,
            sent_back_by=paper.sent_back_by or "",
            sent_back_why=paper.sent_back_why or "",
            has_document=paper.has_document,
            progress=progress.get(paper.edition, Progress(Stage.MADE)),
            published=paper.published,
            not_before=paper.not_before,
            file=paper.file,
        )


def _files_for(reader: _Reader) -> QuerySet[SupportingFile]:
    """Files of the paper asked about that nobody has approved and that this reader may look at."""
    files = SupportingFile.objects.filter(
        paper=OuterRef("pk"), paper__state__in=[State.DRAFT, State.CONSULTATION]
    )
    if not reader.looks_at_files:
        return files.none()
    approved = FileApproval.objects.filter(
        paper=OuterRef("paper"), digest=OuterRef("public_digest")
    )
    return (
        files.exclude(added_by=reader.person)
        .exclude(paper__officer=reader.person)
        .filter(~Exists(approved))
    )


def _concerns(reader: _Reader, asked: Exists, signed: Exists, files: Exists) -> Q:
    """Which papers are anything to this person."""
    reach = Q(officer=reader.person) & ~Q(state=State.WITHDRAWN)
    reach |= Q(asked, state=State.CONSULTATION) | Q(files)
    reach |= Q(signed, state__in=[State.DECISION, State.DECIDED])
    reach |= Q(office__in=reader.offices, state=State.DECISION)
    if reader.is_chief_executive:
        reach |= Q(state=State.ENDORSEMENT)
    if reader.is_secretariat:
        reach |= ~Q(state__in=[State.DRAFT, State.WITHDRAWN])
    return reach


def _holders() -> dict[str, str]:
    """Office code to who holds it today, the acting holder where there is one."""
    held = Appointment.objects.current().select_related("person", "office").order_by("acting")
    return {row.office.code: row.person.name for row in held}


def _mine(facts: _Facts, reader: _Reader) -> Item | None:
    """What this person has to do to the paper now, or None where somebody else is to act."""
    return _act(facts, reader) or _look(facts)


def _look(facts: _Facts) -> Item | None:
    """A file that this person may look at, so that it can be published."""
    if facts.file is None:
        return None
    return replace(
        _item(facts.paper, "Look at a file before it is published"),
        do_url=reverse("approve_file", args=[facts.paper.slug, facts.file]),
    )


def _act(facts: _Facts, reader: _Reader) -> Item | None:
    """The verb that this person is to do now."""
    paper, state = facts.paper, State(facts.paper.state)
    is_officer = paper.officer_id == reader.person.pk
    if state == State.DRAFT and is_officer:
        return _draft(facts)
    if state == State.CONSULTATION:
        return _advice(facts, reader) or (
            _verb(paper, "submit") if is_officer and not facts.owed else None
        )
    if facts.may_not_sign and state in {State.ENDORSEMENT, State.DECISION}:
        return None
    if state == State.ENDORSEMENT and reader.is_chief_executive:
        return _verb(paper, "endorse")
    if state == State.DECISION and paper.office_id in reader.offices:
        return _verb(paper, "decide")
    if state == State.DECIDED and reader.is_secretariat:
        return _publication(facts, reader.now)
    return None


def _draft(facts: _Facts) -> Item:
    if not facts.sent_back_why:
        return _item(facts.paper, "Finish the draft")
    return _item(
        facts.paper,
        "Put right and send out again",
        note=f"Sent back by {facts.sent_back_by}: {facts.sent_back_why}",
    )


def _advice(facts: _Facts, reader: _Reader) -> Item | None:
    """Own advice still owed. The head of service waits until everybody else has advised."""
    mine = [row["kind"] for row in facts.owed if row["person"] == reader.person.pk]
    last = DeclarationKind.HEAD_OF_SERVICE
    if not mine or (mine == [last] and any(row["kind"] != last for row in facts.owed)):
        return None
    return _verb(facts.paper, "advise", note=join_words([_kind(kind) for kind in mine]))


def _publication(facts: _Facts, now: datetime) -> Item | None:
    if not facts.has_document:
        return _document(facts)
    if not facts.published:
        return _verb(facts.paper, "publish")
    if facts.not_before is None or facts.not_before - now > REMINDER:
        return None
    return _item(
        facts.paper,
        "Look at the deferral",
        "publish",
        note=f"It publishes by itself on {long_date(facts.not_before)}.",
    )


def _document(facts: _Facts) -> Item | None:
    """A document that somebody has to look after; None while it is being made."""
    progress = facts.progress
    if progress.moving:
        return None
    if progress.late and progress.since:
        return _item(
            facts.paper,
            "Find out why the signed document is not made",
            note=f"It has been waited for since {long_time(progress.since)}. The worker may not be "
            "running. Tell whoever runs the service.",
        )
    note = progress.sentence
    if progress.again_at:
        note += f" It is tried again by itself on {long_time(progress.again_at)}."
    return _item(facts.paper, "Make the signed document", note=note)


def _others(facts: _Facts, holders: Mapping[str, str]) -> Item:
    """Who has to act on a paper that this person waits for."""
    paper, state = facts.paper, State(facts.paper.state)
    if state == State.CONSULTATION and not facts.owed:
        return _item(paper, f"{paper.officer.name} to submit it")
    if state == State.CONSULTATION:
        names = [f"{row['name']} ({_kind(row['kind'])})" for row in facts.owed]
        return _item(paper, f"Advice from {join_words(names)}")
    if state == State.ENDORSEMENT:
        return _item(paper, f"Endorsement by {_holder(holders, CHIEF_EXECUTIVE)}")
    if state == State.DECISION:
        return _item(paper, f"Decision by {_holder(holders, paper.office.code)}")
    if facts.not_before is not None:
        return _item(paper, f"Publication on {long_date(facts.not_before)}")
    if not facts.has_document and facts.progress.moving:
        return _item(paper, "The signed document, which is being made")
    return _item(paper, "Publication by the secretariat")


def _holder(holders: Mapping[str, str], code: str) -> str:
    return holders.get(code, "nobody yet: the office has no holder today")


def _kind(kind: str) -> str:
    return str(DeclarationKind(kind).label)


def _verb(paper: Paper, verb: str, note: str = "") -> Item:
    return _item(paper, BY_VERB[verb].label, verb, note)


def _item(paper: Paper, to_do: str, verb: str = "", note: str = "") -> Item:
    url = reverse("paper", args=[paper.slug])
    return Item(
        reference=paper.reference,
        title=paper.title,
        url=url,
        to_do=to_do,
        do_url=reverse(verb, args=[paper.slug]) if verb else url,
        since=paper.state_since,
        note=note,
    )


def _longest_first(items: list[Item]) -> tuple[Item, ...]:
    return tuple(sorted(items, key=lambda item: (item.since, item.reference)))
