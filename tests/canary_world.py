"""A service with a paper in every stage, and a canary in every confidential place of each.

`planted` writes through the real actions as the staff role and publishes what can be published.
Whether each canary is really there is asked of the database itself, by `stored`, and of the files
that are kept, by `handed_in`, before a test concludes anything from not finding it elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Literal

import psycopg
from django.conf import settings
from django.test import Client
from psycopg import sql

from accounts.models import User, today
from approvals import actions
from approvals.actions.approve_file import approve_file
from approvals.models import Edition
from config import env
from decisions.drafting.files import add_confidential_file, add_public_file, remove_public_file
from decisions.drafting.save import saving, token_of
from decisions.models import Paper
from decisions.part_two import room
from decisions.part_two.models import PartTwoFile
from decisions.uploads import store
from tests import database, stages
from tests.canaries import Canaries
from tests.canary_files import plain_pdf, plain_word, planted_pdf
from tests.cast import Cast, assemble

# The stages a paper is left in. Two are readable by the public; of the deferred one nothing is.
HELD_BACK: Final = timedelta(days=30)
STAGES: Final = (
    "draft",
    "consultation",
    "advised",
    "endorsement",
    "decision",
    "decided",
    "sealed",
    "published",
    "corrected",
    "deferred",
    "sent back",
    "withdrawn",
)
READABLE: Final = frozenset({"published", "corrected"})
# How far each stage has come on the straight way to publication.
_WAY: Final = ("draft", "consultation", "advised", "endorsement", "decision", "decided", "sealed")
_AS_FAR_AS: Final = {
    "published": "sealed",
    "corrected": "sealed",
    "deferred": "sealed",
    "sent back": "advised",
    "withdrawn": "draft",
}


# Where a word stands in the files as they are kept, of every paper, and nowhere else.
IN_FILES: Final = (
    *("author", "xmp", "bookmark", "note", "private", "behind", "aside"),
    *("exif", "artist", "beside", "page"),
)
# What the file for the public shows on its page, of those that the public may read.
SHOWN: Final = "The platform of the borough is ten years old"
Kind = Literal["public", "not approved", "removed", "as handed in", "confidential"]


@dataclass(frozen=True)
class File:
    """A file beside a paper, by the digest under which somebody might ask for it."""

    paper: Paper
    kind: Kind
    digest: str
    ending: str = "pdf"

    @property
    def slug(self) -> str:
        """The slug of its paper."""
        return self.paper.slug


@dataclass
class World:
    """What was planted where, and what somebody who guesses addresses would try.

    `digests` are those of decisions and of their documents that nobody may read.
    """

    canaries: Canaries = field(default_factory=Canaries)
    slugs: dict[str, str] = field(default_factory=dict)
    files: list[File] = field(default_factory=list)
    digests: tuple[str, ...] = ()

    @property
    def readable(self) -> frozenset[str]:
        """The slugs of the decisions that everybody may read."""
        return frozenset(slug for slug, stage in self.slugs.items() if stage in READABLE)

    @property
    def allowed(self) -> frozenset[str]:
        """The digests of the files that everybody may read."""
        return frozenset(
            file.digest
            for file in self.files
            if file.kind == "public" and file.slug in self.readable
        )

    @property
    def withheld(self) -> frozenset[str]:
        """Every digest that leads nobody outside to anything."""
        return frozenset(self.digests).union(file.digest for file in self.files) - self.allowed


def planted() -> World:
    """Fill the database that staff are connected to. Needs a seal key."""
    world, cast = World(), assemble()
    for number, stage in enumerate(STAGES):
        planting = _Planting(world.canaries, cast, number, stage)
        paper = planting.paper()
        world.slugs[paper.slug] = stage
        world.files += planting.files
    editions = Edition.objects.select_related("document")
    world.digests = tuple(
        digest
        for edition in editions.filter(paper__slug__in=set(world.slugs) - world.readable)
        for digest in (edition.digest, *_file(edition))
    )
    _plant_people(world.canaries, cast)
    return world


def _file(edition: Edition) -> tuple[str, ...]:
    return (edition.document.digest,) if hasattr(edition, "document") else ()


@dataclass
class _Planting:
    """One paper on its way to its stage."""

    canaries: Canaries
    cast: Cast
    number: int
    stage: str
    files: list[File] = field(default_factory=list)

    def paper(self) -> Paper:
        """The paper, brought to its stage."""
        paper = self._draft()
        far = self._far()
        if far >= 1:
            paper = stages.ask(paper, self.cast)
        if far >= 2:
            paper = self._advise(paper)
        if far >= 3:
            self._approve(paper)
            paper = stages.submit(paper)
        if far >= 4:
            stages.endorse(paper, self.cast.celia)
        if far >= 5:
            stages.decide(paper, self.cast.dominic, interests=self._open("Interest"))
        if far >= 6:
            stages.seal(paper, self.cast.saba)
        self._last_step(stages.fresh(paper))
        return stages.fresh(paper)

    def _far(self) -> int:
        return _WAY.index(_AS_FAR_AS.get(self.stage, self.stage))

    def _secret(self, place: str) -> str:
        return self.canaries.plant(place.lower(), self.number).capitalize()

    def _open(self, place: str) -> str:
        """A canary where the words will never be published, else words without one."""
        return f"{place} of the borough." if self.stage in READABLE else self._secret(place)

    def _draft(self) -> Paper:
        cast, deferred = self.cast, self.stage == "deferred"
        until = today() + HELD_BACK if deferred else None
        paper = stages.draft(
            cast, title=f"{self._open('Title')} and its platform", deferred_until=until
        )
        stages.change(
            paper, "summary", cast.olu, executive_summary=f"{self._open('Summary')} asks for money."
        )
        for section in paper.sections.all():
            stages.write_section(paper, section.kind, cast.olu, f"{self._open('Section')} is new.")
        stages.change(paper, "part-two-question", cast.olu, has_part_two=True)
        self._part_two(paper)
        self._files(stages.fresh(paper))
        return stages.fresh(paper)

    def _part_two(self, paper: Paper) -> None:
        text = room.PartTwoText(
            body=(
                f"The supplier {self._secret('Supplier')} asks {self._secret('Price')} pounds and "
                "would go lower if the margin were spoken of again in the spring."
            ),
            rationale=f"{self._secret('Rationale')} would weaken the negotiation.",
            marking="OFFICIAL-SENSITIVE [COMMERCIAL]",
            reason="The information is commercially sensitive.",
            ends_when="the contract is complete",
            exemptions=(
                room.ExemptionText("2(2)(a)", "43", f"{self._secret('Balance')} outweighs it."),
            ),
        )
        olu = self.cast.olu
        with saving(paper.pk, "part-two", by=olu, token=token_of(paper, "part-two")) as held:
            room.write(held, text, by=olu)

    def _files(self, paper: Paper) -> None:
        """One for the public, one that was taken away again, and a confidential one."""
        cast = self.cast
        first = SHOWN if self.stage in READABLE else self._secret("Shown")
        # The rewriting leaves so little that only their pages tell two files apart.
        shown = f"{first}, says paper {self.number}"
        add_public_file(
            paper,
            title=f"{self._open('Attachment')} and its case",
            name=f"{self._secret('Name')}.pdf",
            file=planted_pdf(self._secret, shown),
            by=cast.olu,
        )
        row = paper.files.get()
        self._remember(paper, "as handed in", row.digest)
        self._remember(paper, "public" if self._far() >= 3 else "not approved", row.public_digest)
        if self.stage in ("published", "deferred"):
            self._removed(paper)
        ending = "docx" if self.number % 2 else "pdf"
        line = f"{self._secret('Page')} is on a page of Part 2"
        add_confidential_file(
            stages.fresh(paper),
            title=f"{self._secret('Pricelist')} of the supplier",
            name=f"{self._secret('Filename')}.{ending}",
            file=plain_word(line) if ending == "docx" else plain_pdf(line),
            by=cast.olu,
        )
        hidden = PartTwoFile.objects.get(paper=paper)
        self._remember(paper, "confidential", hidden.digest, ending)

    def _removed(self, paper: Paper) -> None:
        file = plain_pdf(f"Removed from paper {self.number}")
        add_public_file(paper, title="Removed", name="removed.pdf", file=file, by=self.cast.olu)
        row = paper.files.latest("pk")
        remove_public_file(paper, row.pk, by=self.cast.olu)
        self.files += [File(paper, "removed", each) for each in (row.digest, row.public_digest)]

    def _remember(self, paper: Paper, kind: Kind, digest: str, ending: str = "pdf") -> None:
        self.files.append(File(paper, kind, digest, ending))
        if kind != "public" or self.stage not in READABLE:
            self.canaries.add(digest, f"digest of the {kind} file of paper {self.number}")

    def _approve(self, paper: Paper) -> None:
        row = paper.files.get()
        approve_file(paper.pk, row.pk, by=self.cast.hal, digest=row.public_digest)

    def _advise(self, paper: Paper) -> Paper:
        finance = self.cast.advisers["finance"]
        words = f"{self._secret('Comment')} is what I think of the figures."
        paper = stages.advise(paper, finance, "finance", "content_with_comments", words)
        return stages.advise_all(paper)

    def _last_step(self, paper: Paper) -> None:
        saba, reason = self.cast.saba, f"{self.stage} because of"
        match self.stage:
            case "published":
                stages.publish(paper, saba)
            case "corrected":
                stages.publish(paper, saba)
                stages.correct(paper, saba)
                stages.seal(paper, saba)
                stages.publish(stages.fresh(paper), saba)
            case "deferred":
                stages.publish(
                    paper,
                    saba,
                    until=today() + HELD_BACK,
                    reason=self._secret("Deferral"),
                    owner=saba,
                )
            case "sent back":
                words = f"{reason} {self._secret('Reason')}."
                actions.send_back(paper.pk, by=saba, reason=words)
            case "withdrawn":
                words = f"{reason} {self._secret('Reason')}."
                actions.withdraw(paper.pk, by=self.cast.olu, reason=words)
            case _:
                pass


def _plant_people(canaries: Canaries, cast: Cast) -> None:
    """What the service knows of its people, a session that is open, and its own key."""
    for person in User.objects.all():
        canaries.add(person.email, "somebody's e-mail address")
        canaries.add(person.password, "somebody's password, hashed")
    client = Client()
    client.force_login(cast.saba)
    canaries.add(client.cookies[settings.SESSION_COOKIE_NAME].value, "an open session")
    canaries.add(settings.SECRET_KEY, "the service's secret key")


def stored(name: str) -> bytes:
    """Everything in a database, as its owner sees it: every row of every table of ours as text."""
    with psycopg.connect(database.address(env.OWNER, name)) as owner:
        tables = owner.execute(
            "SELECT schemaname, tablename FROM pg_tables"
            " WHERE schemaname IN ('public', 'conf', 'register', 'pub') ORDER BY 1, 2"
        ).fetchall()
        rows = sql.SQL("SELECT t::text FROM {} t")
        return b"\n".join(
            repr(owner.execute(rows.format(sql.Identifier(*table))).fetchall()).encode()
            for table in tables
        )


def handed_in(world: World) -> Iterator[bytes]:
    """Every file of the world's papers that is kept, as it is kept beside its paper."""
    for file in world.files:
        if file.kind != "removed":
            yield store.read(file.paper.pk, file.digest, file.ending)
