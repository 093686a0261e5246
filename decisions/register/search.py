"""What a reader asks of the list, read from the address, and the decisions that answer it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, IntegerField, Q, Value, When

from decisions.register.models import Decision
from decisions.register.reference import slug_of

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import QueryDict

LONGEST: Final = 200
YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")
# Everything PostgreSQL or an address line could choke on, NUL above all.
CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


@dataclass(frozen=True)
class Question:
    """Words to find, the year of signing, the decision maker's name; and what is wrong with them.

    `faults` has a sentence for each parameter that could not be used. `shortened` says that only
    the first LONGEST characters of the words were used.
    """

    words: str = ""
    year: str = ""
    by: str = ""
    shortened: bool = False
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def asked(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.words or self.year or self.by)

    def address(self, **extra: str | int) -> str:
        """The query string that asks the same again, with more parameters."""
        parts = {"q": self.words, "year": self.year, "by": self.by}
        return urlencode({name: value for name, value in (parts | extra).items() if value})


def question(get: QueryDict) -> Question:
    """Read the question from the address. Nothing in an address is an error of the process."""
    words = _clean(get.get("q", ""))
    year = _clean(get.get("year", ""))[:LONGEST]
    faults = {}
    if year and not YEAR.fullmatch(year):
        faults["year"] = "Enter a year as four figures, for example 2021."
    return Question(
        words=_shortened(words),
        year=year,
        by=_clean(get.get("by", ""))[:LONGEST],
        shortened=len(words) > LONGEST,
        faults=faults,
    )


def answers(asked: Question) -> QuerySet[Decision]:
    """The current editions that answer, newest first.

    A decision whose own reference was typed comes before those that only mention it. A question
    that could not be understood has no answer.
    """
    found = Decision.objects.filter(current=True).defer("content", "search")
    if asked.faults:
        return found.none()
    if asked.year:
        found = found.filter(date_signed__year=int(asked.year))
    if asked.by:
        found = found.filter(decision_maker=asked.by)
    if asked.words:
        meant = _meant(asked.words)
        matches = Q(search=SearchQuery(asked.words, search_type="websearch", config="english"))
        if meant is not None:
            first = Case(When(meant, then=Value(0)), default=Value(1), output_field=IntegerField())
            return found.filter(matches | meant).order_by(first, "-published_at", "slug")
        found = found.filter(matches)
    return found.order_by("-published_at", "slug")


def choices(asked: Question) -> tuple[list[str], list[tuple[str, str]]]:
    """What can be chosen: the years of signing, latest first, and who signed, with their offices.

    What was asked for can always be seen and undone, so it is among them even if nothing is.
    """
    found = Decision.objects.filter(current=True).order_by()
    signed = found.values_list("date_signed__year", flat=True).distinct()
    years = {str(year) for year in signed} | ({asked.year} - {""})
    offices: dict[str, list[str]] = {asked.by: []} if asked.by else {}
    for name, office in sorted(found.values_list("decision_maker", "office").distinct()):
        offices.setdefault(name, []).append(office)
    titles = {name: " and ".join(held) for name, held in sorted(offices.items())}
    makers = [(name, f"{name}, {title}" if title else name) for name, title in titles.items()]
    return sorted(years, reverse=True), makers


def _clean(text: str) -> str:
    return " ".join(CONTROL.sub(" ", text).split())


def _shortened(words: str) -> str:
    """The first LONGEST characters, cut between two words where there are two."""
    if len(words) <= LONGEST:
        return words
    return words[: LONGEST + 1].rpartition(" ")[0] or words[:LONGEST]


def _meant(words: str) -> Q | None:
    """The decision whose reference, or whose bare number, was typed."""
    slug = slug_of(words)
    if slug is not None:
        return Q(slug=slug)
    if re.fullmatch(r"[0-9]{1,9}", words):
        return Q(slug__endswith=f"-{words}")
    return None
