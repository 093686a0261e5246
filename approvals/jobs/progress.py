"""How far the document of an edition is, told by its job and by why the last try failed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypedDict

from django.db.models import Max, Min, Q
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from approvals.jobs.asking import key_of
from approvals.models import DocumentRefusal, SealedDocument

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

# A worker takes a job up within seconds, and makes a long document within a minute or two.
LATE_TO_BEGIN: Final = timedelta(minutes=2)
LATE_TO_END: Final = timedelta(minutes=10)


class Stage(StrEnum):
    """Where the document of an edition is."""

    MADE = "made"
    UNASKED = "unasked"
    WAITING = "waiting"
    MAKING = "making"
    AGAIN = "again"  # it failed, and is tried again by itself
    REFUSED = "refused"  # it failed, and is not tried again by itself


@dataclass(frozen=True)
class Progress:
    """How far one document is.

    `since` is when it began to wait or to be made, `again_at` when it is tried again, `sentence`
    why the last try failed. `late` says that the worker should have done it by now.
    """

    stage: Stage
    since: datetime | None = None
    again_at: datetime | None = None
    sentence: str = ""
    late: bool = False

    @property
    def moving(self) -> bool:
        """Whether it will be made without anybody doing anything, as far as one can tell."""
        return self.stage in {Stage.WAITING, Stage.MAKING} and not self.late


def progress_of(editions: Iterable[int], now: datetime | None = None) -> dict[int, Progress]:
    """How far each of these editions' documents is. Three questions, whatever their number."""
    wanted = list(editions)
    moment = now or timezone.now()
    made = set(
        SealedDocument.objects.filter(edition__in=wanted).values_list("edition_id", flat=True)
    )
    missing = [edition for edition in wanted if edition not in made]
    jobs, refusals = _jobs(missing), _refusals(missing)
    found = {edition: Progress(Stage.MADE) for edition in made}
    for edition in missing:
        found[edition] = _progress(jobs.get(key_of(edition)), refusals.get(edition, ""), moment)
    return found


class _Times(TypedDict):
    """What a job is annotated with."""

    asked_at: datetime | None
    started_at: datetime | None


def _jobs(editions: list[int]) -> Mapping[str, WithAnnotations[ProcrastinateJob, _Times]]:
    """The newest job of each edition, by its key, with when it was asked for and taken up."""
    jobs = (
        ProcrastinateJob.objects.filter(
            queueing_lock__in=[key_of(edition) for edition in editions],
            status__in=["todo", "doing"],
        )
        .annotate(
            asked_at=Min("procrastinateevent__at", filter=Q(procrastinateevent__type="deferred")),
            started_at=Max("procrastinateevent__at", filter=Q(procrastinateevent__type="started")),
        )
        .order_by("pk")
    )
    return {str(job.queueing_lock): job for job in jobs}


def _refusals(editions: list[int]) -> Mapping[int, str]:
    """Why the last try for each edition failed."""
    rows = DocumentRefusal.objects.filter(edition__in=editions).order_by("refused_at", "pk")
    return dict(rows.values_list("edition_id", "sentence"))


def _progress(
    job: WithAnnotations[ProcrastinateJob, _Times] | None, refusal: str, now: datetime
) -> Progress:
    if job is None:
        return Progress(Stage.REFUSED if refusal else Stage.UNASKED, sentence=refusal)
    if job.status == "doing":
        late = _is_late(job.started_at, LATE_TO_END, now)
        return Progress(Stage.MAKING, since=job.started_at, late=late)
    if job.scheduled_at is not None and job.scheduled_at > now:
        return Progress(Stage.AGAIN, again_at=job.scheduled_at, sentence=refusal)
    since = job.scheduled_at or job.asked_at
    return Progress(
        Stage.WAITING,
        since=since,
        sentence=refusal if job.attempts else "",
        late=_is_late(since, LATE_TO_BEGIN, now),
    )


def _is_late(since: datetime | None, patience: timedelta, now: datetime) -> bool:
    return since is not None and now - since > patience
