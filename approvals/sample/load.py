"""Load the sample papers: each in one transaction, so that a loader that is killed can go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from django.db import transaction

from accounts.models import today
from approvals.sample import pcd_1080, pcd_1828
from approvals.sample.calendar import Calendar
from approvals.sample.cast import Cast, alone
from approvals.sample.life import Life, Sample
from approvals.sample.others import OTHERS
from config.database.acting import acting_as
from decisions.models import Paper
from decisions.register.words import small_first

SAMPLES: Final[tuple[Callable[[Cast, Calendar], Sample], ...]] = (
    pcd_1080.sample,
    *OTHERS,
    pcd_1828.sample,
)


def load(cast: Cast, password: str) -> Iterator[str]:
    """Bring every sample paper that is not there yet to its state; one sentence for each.

    A paper is loaded whole or not at all. A number that another paper has is left alone.
    Raises SealingError, RenderingError or StoreError, with a sentence, when a document cannot be
    made.
    """
    calendar = Calendar(today())
    for make in SAMPLES:
        sentence = _load(make(cast, calendar), cast, password)
        if sentence:
            yield sentence


def _load(sample: Sample, cast: Cast, password: str) -> str:
    """One paper in one transaction; "" where it is there already.

    The secretariat sees every paper; each step of a life is done as whoever's step it is.
    """
    with acting_as(cast.saba.pk), transaction.atomic():
        alone()
        there = Paper.objects.filter(series__code="pcd", number=sample.number).first()
        if there is None:
            life = Life(sample, cast, password)
            sample.life(life)
            paper = life.paper
            return f"{paper.reference} {paper.title}: {small_first(paper.get_state_display())}"
    if there.sample:
        return ""
    return f"{there.reference} is a paper that somebody wrote here; it was left alone."
