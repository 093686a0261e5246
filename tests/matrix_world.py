"""Two officers' papers in every state of their life, made once, for asking every page about them.

What is read here stays as it was made: whoever asks undoes what an answer changed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import Appointment, Duty, Invitation, Office, Proposal, Purpose, User, today
from approvals import actions
from approvals.sealing import development
from decisions.drafting.save import token_of
from decisions.models import FileApproval, Paper, Series, SupportingFile
from decisions.part_two import room, unread
from decisions.uploads import store
from tests import database, stages
from tests.cast import PASSWORD, Cast, assemble
from tests.people import second_secretary
from tests.sample_world import connected
from tests.upload_corpus import pdf
from tests.uploading import with_confidential_file, with_file

STATES: Final = (
    *("draft", "consultation", "endorsement", "decision", "decided", "published", "withdrawn"),
)
OFFICERS: Final = ("olu", "oona")
NOBODY: Final = "nobody"
GONE: Final = "gone"
ANONYMOUS: Final = "anonymous"
CAST: Final = (
    *("olu", "oona", "farah", "leo", "esme", "cormac", "dita", "hal"),
    *("celia", "dominic", "saba", "aud"),
)
PEOPLE: Final = (*CAST, NOBODY, GONE, ANONYMOUS)
_FILE: Final = pdf()
_CONFIDENTIAL: Final = pdf(lambda document: document.add_blank_page())
# Sessions are begun anew before anybody is asked to prove themselves again.
_FRESH_SECONDS: Final = 120


@dataclass(frozen=True)
class Held:
    """One paper as plain values: its address, its rows, and what its forms carry."""

    pk: int
    slug: str
    reference: str
    row: int
    file: int
    secret: int
    digest: str
    mark: str
    tokens: dict[str, str]


@dataclass
class Standing:
    """The papers by state and officer, the people by name, and other objects by what they are.

    `baseline` is the database as it is while nobody does anything.
    """

    name: str
    papers: dict[tuple[str, str], Held] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    advisers: dict[str, dict[str, int]] = field(default_factory=dict)
    objects: dict[tuple[str, str], int] = field(default_factory=dict)
    next_slug: str = ""
    rewritten: bytes = b""
    baseline: dict[str, str] = field(default_factory=dict)
    begun: float = -1e9
    _keys: dict[str, str] = field(default_factory=dict)

    def client(self, person: str) -> Client:
        """The browser of somebody who signed in a moment ago."""
        if time.monotonic() - self.begun > _FRESH_SECONDS:
            self._sign_in()
        client = Client(raise_request_exception=False)
        if person in self._keys:
            client.cookies[settings.SESSION_COOKIE_NAME] = self._keys[person]
        return client

    def thing(self, kind: str, whose: str, person: str) -> int:
        """The number of something of this person's own where they have one, or of another's."""
        own = self.objects.get((kind, person))
        if whose == "own" and own is not None:
            return own
        other = self.objects[kind, "other"]
        return other if other != own else self.objects[kind, "farah"]

    def keep_files(self, held: Held) -> None:
        """Put the files of a paper back where they are kept, after one was taken away."""
        row = SupportingFile.objects.get(pk=held.file)
        store.keep(held.pk, row.digest, "pdf", _FILE)
        store.keep(held.pk, row.public_digest, "pdf", self.rewritten)
        (secret,) = unread.files(Paper.objects.get(pk=held.pk))
        store.keep(held.pk, secret.digest, secret.kind, _CONFIDENTIAL)

    def _sign_in(self) -> None:
        for name, person in self.people.items():
            client = Client()
            client.force_login(person)
            self._keys[name] = client.cookies[settings.SESSION_COOKIE_NAME].value
        User.objects.filter(pk=self.people[GONE].pk).update(is_active=False)
        self.baseline = fingerprint()
        self.begun = time.monotonic()


@contextmanager
def made(template: str, blocker: DjangoDbBlocker) -> Iterator[Standing]:
    """A database of its own with everything in it, and what is in it."""
    development.make_pair()
    name = f"{settings.TEST_DATABASE}_matrix"
    standing = Standing(name)
    with blocker.unblock():
        database.create(name, template=template)
    with connected(name, blocker):
        _write(standing, assemble())
    try:
        yield standing
    finally:
        with blocker.unblock():
            database.drop(name)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens within leaves no trace in the database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def fingerprint() -> dict[str, str]:
    """A digest of every table that the staff process reads; sessions and counts of tries apart."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = "
            "c.relnamespace WHERE c.relkind = 'r' AND n.nspname IN ('public', 'conf', 'register') "
            "AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1"
        )
        tables = [name for (name,) in cursor.fetchall() if name not in UNWATCHED]
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{name}', md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), ''))"  # noqa: S608 - names from PostgreSQL's own catalogue
                f" FROM {name} t"
                for name in tables
            )
        )
        return dict(cursor.fetchall())


UNWATCHED: Final = frozenset({"django_session", "accounts_signin", "accounts_cache"})


def wrote() -> bool:
    """Whether anything at all was written since this transaction began."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
        (yes,) = cursor.fetchone()
    return bool(yes)


def _write(standing: Standing, cast: Cast) -> None:
    standing.people |= cast.everybody
    standing.people[NOBODY] = User.objects.create_user(
        "nobody@countersign.example", "Nell Nobody", PASSWORD
    )
    standing.people[GONE] = User.objects.create_user(
        "gone@countersign.example", "Gus Gone", PASSWORD
    )
    second = {kind: _second(kind) for kind in cast.advisers}
    teams = {"olu": cast.advisers, "oona": second}
    for officer in OFFICERS:
        asked = teams[officer]
        standing.advisers[officer] = {kind: person.pk for kind, person in asked.items()}
        for state in STATES:
            by = standing.people[officer]
            standing.papers[state, officer] = _paper(standing, cast, state, by, asked, second)
    _objects(standing, cast)
    standing.next_slug = f"pcd-{Series.objects.get(code='pcd').next_number}"


def _second(kind: str) -> User:
    """Another adviser of this kind, whom nobody of the cast's papers asks."""
    person = User.objects.create_user(f"second.{kind}@countersign.example", f"Second {kind}")
    Duty.objects.create(person=person, kind=kind, starts=today() - timedelta(days=9))
    return person


def _paper(
    standing: Standing,
    cast: Cast,
    state: str,
    by: User,
    asked: dict[str, User],
    second: dict[str, User],
) -> Held:
    paper = stages.draft(cast, by=by, part_two=True, title=f"The {state} fleet of {by.name}")
    _files(standing, paper, by)
    if state != "draft":
        file = paper.files.get()
        FileApproval.objects.create(
            paper=paper, digest=file.public_digest, approved_by=second["head_of_service"]
        )
    _bring(stages.fresh(paper), state, cast, asked, own=by == cast.olu)
    return _held(stages.fresh(paper))


def _files(standing: Standing, paper: Paper, by: User) -> None:
    """One file for the public and one of Part 2; the first ones are looked into, the others not."""
    like = SupportingFile.objects.order_by("pk").first()
    if like is None:
        with_file(paper, by, _FILE)
        with_confidential_file(paper, by, _CONFIDENTIAL, "prices.pdf")
        row = paper.files.get()
        standing.rewritten = store.read(paper.pk, row.public_digest, "pdf")
        return
    secret = unread.files(like.paper)[0]
    like.pk, like.paper, like.added_by = None, paper, by
    said = room.FileText(
        title="Prices", name="prices.pdf", kind="pdf", size=secret.size, digest=secret.digest
    )
    with stages.by_hand(paper):
        like.save(force_insert=True)
        room.add_file(paper, said, by=by)
    store.keep(paper.pk, like.digest, "pdf", _FILE)
    store.keep(paper.pk, like.public_digest, "pdf", standing.rewritten)
    store.keep(paper.pk, secret.digest, "pdf", _CONFIDENTIAL)


def _bring(paper: Paper, state: str, cast: Cast, asked: dict[str, User], *, own: bool) -> None:
    """To its state. Olu's papers wait for what is wanting there, and Oona's have it."""
    if state == "withdrawn":
        actions.withdraw(paper.pk, by=paper.officer, reason="It is not wanted any more.")
    if state in {"draft", "withdrawn"}:
        return
    paper = stages.ask(paper, cast, asked)
    if state == "consultation" and own:
        return
    paper = stages.advise_all(paper)
    if state == "consultation":
        return
    paper = stages.submit(paper)
    if state == "endorsement":
        return
    stages.endorse(paper, cast.celia)
    if state == "decision":
        return
    stages.decide(stages.fresh(paper), cast.dominic)
    if state == "decided" and own:
        return
    stages.seal(stages.fresh(paper), cast.saba)
    if state == "published":
        stages.publish(stages.fresh(paper), cast.saba)


def _held(paper: Paper) -> Held:
    row = paper.recommendations.all()[0]
    file = paper.files.get()
    (secret,) = unread.files(paper)
    return Held(
        pk=paper.pk,
        slug=paper.slug,
        reference=paper.reference,
        row=row.pk,
        file=file.pk,
        secret=secret.pk,
        digest=file.public_digest,
        mark=stages.mark_of(paper) if paper.versions.exists() else "",
        tokens={
            **{name: token_of(paper, name) for name in ("summary", "recommendations", "part-two")},
            "row": token_of(paper, "recommendations", row.pk),
        },
    )


def _objects(standing: Standing, cast: Cast) -> None:
    """What pages about people are about: each person's own where they have one, and others'."""
    found = standing.objects
    for name, person in cast.everybody.items():
        found["person", name] = found["returning", name] = person.pk
        for kind, row in {
            "duty": Duty.objects.filter(person=person).first(),
            "appointment": Appointment.objects.filter(person=person).first(),
            "factor": Authenticator.objects.filter(user=person).first(),
        }.items():
            if row is not None:
                found[kind, name] = row.pk
    found["person", NOBODY] = standing.people[NOBODY].pk
    found["person", "other"] = cast.leo.pk
    found["returning", "other"] = standing.people[GONE].pk
    found["duty", "other"] = found["duty", "leo"]
    found["appointment", "other"] = found["appointment", "celia"]
    found["factor", "other"] = found["factor", "leo"]
    for name, owner in (("other", cast.leo), ("saba", cast.saba)):
        link = Invitation.objects.create(person=owner, purpose=Purpose.PASSWORD)
        found["link", name] = link.pk
    proposer = second_secretary()
    office = Office.objects.get(code="dmpc")
    for name, person, by in (
        ("other", cast.olu, proposer),
        ("saba", cast.esme, cast.saba),
        ("hal", cast.hal, proposer),
        ("celia", cast.celia, proposer),
    ):
        row = Proposal.objects.create(
            office=office,
            person=person,
            acting=True,
            legal_basis="A letter of the Mayor.",
            starts=today() + timedelta(days=3),
            by=by,
        )
        found["proposal", name] = row.pk
