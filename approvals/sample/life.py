"""A sample paper's life: each step is the real act, by whoever of the cast does it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from accounts import sample_codes
from accounts.models import User
from approvals import actions
from approvals.actions.approve_file import approve_file
from approvals.case import Case
from approvals.ceremony import PasswordAndCode
from approvals.editions import passages_of
from approvals.library import make_document
from approvals.models import Edition, OutcomeKind, Position
from approvals.sample import writing
from approvals.sample.cast import Cast
from approvals.sample.writing import Text
from config.database.acting import acting_as
from decisions.drafting.begin import begin
from decisions.models import Paper, SectionKind
from decisions.wording import NO_INTERESTS


@dataclass(frozen=True)
class Sample:
    """One sample paper: its number, what it says, who writes it and since when, and its life."""

    number: int
    officer: User
    begun: datetime
    text: Text
    life: Callable[[Life], None]


class Life:
    """One paper on its way. Each method is a verb of the table, or what stands between two.

    Whoever's verb it is acts in it; everything else is the secretariat's, for whom papers load.
    """

    def __init__(self, sample: Sample, cast: Cast, password: str) -> None:
        self.cast = cast
        self._password = password
        self._officer = sample.officer
        with acting_as(sample.officer.pk):
            self._paper_id = begin(
                "pcd",
                sample.text.title,
                by=sample.officer,
                sample=True,
                number=sample.number,
                at=sample.begun,
            ).pk
            writing.write(self.paper, sample.text, sample.officer)

    @property
    def paper(self) -> Paper:
        """The paper as it stands now."""
        return Paper.objects.select_related("office", "officer", "series").get(pk=self._paper_id)

    def consult(self, at: datetime, *, without: Iterable[str] = ()) -> None:
        """The officer asks everybody, except the advisers whose rows do not apply."""
        asked = {k: who for k, who in self.cast.advisers.items() if k not in set(without)}
        with acting_as(self._officer.pk):
            actions.consult(self._paper_id, by=self._officer, advisers=asked, at=at)

    def advise(
        self,
        kind: str,
        at: datetime | None,
        *,
        position: str = Position.CONTENT,
        comments: str = "",
    ) -> None:
        """One adviser advises on the newest version, in the words that the paper gives the row.

        `at` None means now, for advice on what was changed while the sample was loaded.
        """
        row = self.paper.declarations.get(kind=kind)
        with acting_as(self.cast.advisers[kind].pk):
            actions.advise(
                self._paper_id,
                by=self.cast.advisers[kind],
                kind=kind,
                mark=self._mark(),
                position=position,
                statement=row.statement,
                comments=comments,
                at=at,
            )

    def advise_all(self, given: Mapping[str, datetime]) -> None:
        """Each of these advisers is content, at these moments; the head of service comes last."""
        for kind, at in given.items():
            self.advise(kind, at)

    def rewrite(self, kind: SectionKind, body: str) -> None:
        """The officer writes a section anew while advice is being given."""
        with acting_as(self._officer.pk):
            writing.save_section(self.paper, kind, body, by=self._officer)

    def approve_files(self, *, by: User) -> None:
        """A second person finds every file for the public fit for it."""
        with acting_as(by.pk):
            for file in self.paper.files.all():
                approve_file(self._paper_id, file.pk, by=by, digest=file.public_digest)

    def submit(self, at: datetime) -> None:
        """The officer sends the paper to the Chief Executive."""
        with acting_as(self._officer.pk):
            actions.submit(self._paper_id, by=self._officer, at=at)

    def endorse(self, at: datetime) -> None:
        """The Chief Executive signs."""
        with acting_as(self.cast.celia.pk):
            actions.endorse(
                self._paper_id,
                by=self.cast.celia,
                mark=self._mark(),
                proof=self._proof(self.cast.celia),
                key=uuid4(),
                at=at,
            )

    def decide(
        self,
        at: datetime,
        outcomes: Mapping[int, tuple[OutcomeKind, str]] | None = None,
        interests: str = NO_INTERESTS,
    ) -> None:
        """The Deputy Mayor signs: every recommendation is approved unless `outcomes` says else.

        The document follows at once.
        """
        said = outcomes or {}
        numbers = range(1, self.paper.recommendations.count() + 1)
        with acting_as(self.cast.dominic.pk):
            actions.decide(
                self._paper_id,
                by=self.cast.dominic,
                mark=self._mark(),
                proof=self._proof(self.cast.dominic),
                key=uuid4(),
                interests=interests,
                outcomes=[
                    actions.OutcomeGiven(number, *said.get(number, (OutcomeKind.APPROVED, "")))
                    for number in numbers
                ],
                at=at,
            )
        make_document(self._edition(), self.cast.saba)

    def send_back(self, at: datetime, reason: str, *, by: User) -> None:
        """Whoever's turn it is, or the secretariat, returns the paper."""
        with acting_as(by.pk):
            actions.send_back(self._paper_id, by=by, reason=reason, at=at)

    def withdraw(self, at: datetime, reason: str) -> None:
        """The officer takes the paper out of the process."""
        with acting_as(self._officer.pk):
            actions.withdraw(self._paper_id, by=self._officer, reason=reason, at=at)

    def publish(self, at: datetime, *, until: date | None = None, reason: str = "") -> None:
        """The secretariat publishes the newest edition, now or on the day `until`."""
        owner = self.cast.saba if until else None
        actions.publish(
            self._paper_id, by=self.cast.saba, until=until, reason=reason, owner=owner, at=at
        )

    def correct(self, at: datetime, note: str, passage: str, before: str, after: str) -> None:
        """The secretariat writes some words of a passage anew; the document follows at once."""
        _, words = passages_of(self._edition())[passage]
        if words.count(before) != 1:
            raise ValueError(f"{before!r} does not stand exactly once in passage {passage}.")
        actions.correct(
            self._paper_id,
            by=self.cast.saba,
            note=note,
            passages={passage: words.replace(before, after)},
            at=at,
        )
        make_document(self._edition(), self.cast.saba)

    def _edition(self) -> Edition:
        return Edition.objects.filter(paper=self._paper_id).latest("number")

    def _proof(self, person: User) -> PasswordAndCode:
        """The password, and a code of this half minute, whether or not it was used already."""
        return PasswordAndCode(self._password, sample_codes.code_again(person))

    def _mark(self) -> str:
        version = Case(self.paper, self._officer).version
        if version is None:
            raise ValueError(f"{self.paper.reference} has no version that could be signed yet.")
        return version.mark
