"""A case: one paper seen by one person, with the facts that the table's questions need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone

from accounts.models import Appointment, DutyKind, User
from approvals.models import Act, Advice, Consultation, Edition, Publication, Signature
from approvals.notices import audience
from decisions.checks import Finding, findings
from decisions.drafting.versions import newest_version
from decisions.models import Contributor, Paper, Version
from decisions.states import State


class Role(StrEnum):
    """Who somebody is to one paper."""

    OFFICER = "originating officer"
    ADVISER = "adviser"
    CHIEF_EXECUTIVE = "Chief Executive"
    DECISION_MAKER = "decision maker"
    SECRETARIAT = "secretariat"
    AUDITOR = "auditor"
    TURN = "whoever’s turn it is"


TURN_ROLE = {
    State.DRAFT: Role.OFFICER,
    State.CONSULTATION: Role.ADVISER,
    State.ENDORSEMENT: Role.CHIEF_EXECUTIVE,
    State.DECISION: Role.DECISION_MAKER,
    State.DECIDED: Role.SECRETARIAT,
}
CHIEF_EXECUTIVE = "chief_executive"


@dataclass(frozen=True)
class Advised:
    """Advice given on the newest version, as the public record says it: `kind` is the row's."""

    kind: str
    statement: str
    adviser: str
    given_at: datetime


class Case:
    """One paper and one person. Facts are read once, when first asked for."""

    def __init__(self, paper: Paper, person: User) -> None:
        self.paper = paper
        self.person = person
        self.state = State(paper.state)

    @cached_property
    def roles(self) -> frozenset[Role]:
        """Everything this person is to this paper today."""
        duties = self.person.duties()
        held = {appointment.office_id for appointment in self.person.appointments_today()}
        roles = {
            Role.OFFICER: self.paper.officer_id == self.person.pk,
            Role.ADVISER: self.person.pk in self.advisers,
            Role.CHIEF_EXECUTIVE: self.person.holds(CHIEF_EXECUTIVE) is not None,
            Role.DECISION_MAKER: self.paper.office_id in held,
            Role.SECRETARIAT: DutyKind.SECRETARIAT in duties,
            Role.AUDITOR: DutyKind.AUDITOR in duties,
        }
        mine = {role for role, is_mine in roles.items() if is_mine}
        if TURN_ROLE.get(self.state) in mine:
            mine.add(Role.TURN)
        return frozenset(mine)

    @cached_property
    def consultations(self) -> tuple[Consultation, ...]:
        """Who was asked for advice in this round, in the order of the form."""
        rows = Consultation.objects.filter(paper=self.paper, round=self.paper.round)
        order = [kind for kind, _ in Consultation._meta.get_field("kind").flatchoices]
        return tuple(sorted(rows.select_related("person"), key=lambda c: order.index(c.kind)))

    @cached_property
    def advisers(self) -> frozenset[int]:
        """The ids of who was asked for advice in this round."""
        return frozenset(row.person_id for row in self.consultations)

    @cached_property
    def secretariat(self) -> frozenset[int]:
        """The ids of everybody whose duty is the secretariat's today."""
        return audience.secretariat()

    def read_for_signing(self) -> None:
        """Read at once what both signatures ask for; the caller holds the paper.

        Only a statement that begins when the paper is held sees what was done to it before.
        """
        asked = Consultation.objects.filter(paper=OuterRef("paper"), round=OuterRef("round"))
        wrote = Contributor.objects.filter(paper=OuterRef("paper"), person=self.person)
        version = (
            self.paper.versions.filter(round=self.paper.round)
            .annotate(
                asked=ArraySubquery(asked.values("person")),
                wrote=Exists(wrote),
                advised=ArraySubquery(_advised()),
                secretariat=ArraySubquery(audience.on_duty().values("person")),
            )
            .order_by("-number")
            .first()
        )
        if version is not None:
            self.version = version
            self.advisers = frozenset(version.asked)
            self.advised = tuple(
                Advised(**row | {"given_at": datetime.fromisoformat(row["given_at"])})
                for row in version.advised
            )
            self.wrote_or_changed = version.wrote or self.paper.officer_id == self.person.pk
            self.secretariat = frozenset(version.secretariat)

    @cached_property
    def advice(self) -> tuple[Advice, ...]:
        """Every piece of advice of this round, oldest first."""
        return tuple(
            Advice.objects.filter(consultation__in=self.consultations)
            .select_related("consultation", "version", "adviser")
            .order_by("given_at", "pk")
        )

    @cached_property
    def advised(self) -> tuple[Advised, ...]:
        """The advice on the newest version, as the public record says it."""
        return tuple(
            Advised(row.consultation.kind, row.statement, row.adviser.name, row.given_at)
            for row in self.advice
            if self.version is not None and row.version_id == self.version.pk
        )

    @cached_property
    def version(self) -> Version | None:
        """The newest version of this round."""
        return newest_version(self.paper)

    @cached_property
    def outstanding(self) -> tuple[Consultation, ...]:
        """Advice asked for and not given on the newest version."""
        given = {
            advice.consultation_id
            for advice in self.advice
            if self.version is not None and advice.version_id == self.version.pk
        }
        return tuple(c for c in self.consultations if c.pk not in given)

    @cached_property
    def own_outstanding(self) -> tuple[Consultation, ...]:
        """Advice that this person still owes on the newest version."""
        return tuple(c for c in self.outstanding if c.person_id == self.person.pk)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the paper as it stands."""
        return findings(self.paper)

    @cached_property
    def appointment(self) -> Appointment | None:
        """The appointment by which this person would sign the paper in its present state."""
        if self.state == State.ENDORSEMENT:
            return self.person.holds(CHIEF_EXECUTIVE)
        if self.state == State.DECISION:
            return self.person.holds(self.paper.office.code)
        return None

    @cached_property
    def wrote_or_changed(self) -> bool:
        """Whether this person is the officer or has saved a change to the paper."""
        return (
            self.paper.officer_id == self.person.pk
            or Contributor.objects.filter(paper=self.paper, person=self.person).exists()
        )

    @cached_property
    def signatures(self) -> tuple[Signature, ...]:
        """The signatures of this round."""
        return tuple(
            Signature.objects.filter(paper=self.paper, round=self.paper.round)
            .select_related("assertion", "office", "paper", "version")
            .order_by("signed_at")
        )

    def signature(self, act: Act) -> Signature | None:
        """The signature of one act in this round, or None."""
        return next((s for s in self.signatures if s.act == act), None)

    @cached_property
    def edition(self) -> Edition | None:
        """The newest edition of the decision, with its document where there is one."""
        return (
            Edition.objects.filter(paper=self.paper)
            .select_related("document", "signature")
            .order_by("-number")
            .first()
        )

    @cached_property
    def publication(self) -> Publication | None:
        """The newest publication of the newest edition, or None."""
        if self.edition is None:
            return None
        return self.edition.publications.order_by("-published_at", "-pk").first()

    def is_public(self, now: datetime | None = None) -> bool:
        """Whether the newest edition is on the public register now."""
        row = self.publication
        if row is None:
            return False
        return row.not_before is None or row.not_before <= (now or timezone.now())


def _advised() -> QuerySet[Advice, Any]:
    """The advice on each version of a query, as the values of `Advised`."""
    return Advice.objects.filter(
        version=OuterRef("pk"),
        consultation__paper=OuterRef("paper"),
        consultation__round=OuterRef("round"),
    ).values(
        row=JSONObject(
            kind="consultation__kind",
            statement="statement",
            adviser="adviser__name",
            given_at="given_at",
        )
    )
