"""A service with a paper in every stage, and a canary in every confidential place of each.

`planted` writes through the real actions as the staff role and publishes what can be published.
Whether each canary is really there is asked of the database itself, by `stored`, before a test
concludes anything from not finding it elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import psycopg
from django.conf import settings
from django.test import Client
from psycopg import sql

from accounts.models import User, today
from approvals import actions
from approvals.models import Edition
from config import env
from decisions.drafting.save import saving, token_of
from decisions.models import Paper
from decisions.part_two import room
from tests import database, stages
from tests.canaries import Canaries
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


@dataclass
class World:
    """What was planted where, and what somebody who guesses addresses would try."""

    canaries: Canaries = field(default_factory=Canaries)
    slugs: dict[str, str] = field(default_factory=dict)
    digests: tuple[str, ...] = ()

    @property
    def readable(self) -> frozenset[str]:
        """The slugs of the decisions that everybody may read."""
        return frozenset(slug for slug, stage in self.slugs.items() if stage in READABLE)


def planted() -> World:
    """Fill the database that staff are connected to. Needs a seal key."""
    world, cast = World(), assemble()
    for number, stage in enumerate(STAGES):
        paper = _Planting(world.canaries, cast, number, stage).paper()
        world.slugs[paper.slug] = stage
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

    def paper(self) -> Paper:
        """The paper, brought to its stage."""
        paper = self._draft()
        far = self._far()
        if far >= 1:
            paper = stages.ask(paper, self.cast)
        if far >= 2:
            paper = self._advise(paper)
        if far >= 3:
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
