"""The register as open data: the same facts of a decision in JSON, CSV and Atom."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from decisions.register.record import OUTCOME_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from decisions.register.models import Decision

LONDON: Final = ZoneInfo("Europe/London")
# A spreadsheet takes a cell that begins so for a formula, and would run it.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
# Characters that XML 1.0 cannot hold, not even escaped.
NOT_XML: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
COLUMNS: Final = (
    "reference",
    "title",
    "outcome",
    "decision_maker",
    "office",
    "date_signed",
    "published_at",
    "edition",
    "edition_published_at",
    "capital",
    "revenue",
    "income",
    "summary",
    "sample",
    "page",
    "data",
    "document",
    "digest",
    "document_digest",
)


def absolute(path: str) -> str:
    """An address that works outside this site too."""
    return settings.PUBLIC_URL.rstrip("/") + path


def facts(row: Decision) -> dict[str, str | int | bool]:
    """What lists of open data say of one decision. Money in pounds; times are those of London.

    `digest` is the SHA-256 of the file at `data`, `document_digest` that of the file at `document`.
    """
    return {
        "reference": row.reference,
        "title": row.title,
        "outcome": OUTCOME_WORDS[row.outcome],
        "decision_maker": row.decision_maker,
        "office": row.office,
        "date_signed": row.date_signed.isoformat(),
        "published_at": _london(row.published_at),
        "edition": row.edition,
        "edition_published_at": _london(row.edition_published_at),
        "capital": str(row.capital),
        "revenue": str(row.revenue),
        "income": str(row.income),
        "summary": row.summary,
        "sample": row.sample,
        "page": absolute(reverse("decision", args=[row.slug])),
        "data": absolute(reverse("decision_json", args=[row.slug])),
        "document": absolute(reverse("decision_pdf", args=[row.slug])),
        "digest": row.digest,
        "document_digest": row.pdf_digest,
    }


def csv_lines(rows: Iterable[Decision]) -> Iterator[str]:
    """A header and a line for each decision. No cell can be taken for a formula."""
    line = io.StringIO()
    writer = csv.writer(line, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for row in rows:
        values = facts(row)
        writer.writerow([_cell(values[column]) for column in COLUMNS])
        yield _taken(line)
    yield _taken(line)


def atom(rows: Iterable[Decision]) -> str:
    """An Atom feed: an entry for each decision, updated when a new edition of it is published."""
    feed = Atom1Feed(
        title="Decisions – Countersign",
        link=absolute(reverse("decision_list")),
        feed_url=absolute(reverse("decision_atom")),
        feed_guid=absolute(reverse("decision_atom")),
        description="",
        subtitle="Decisions as they are published, and corrections to them.",
        language="en-GB",
    )
    for row in rows:
        page = absolute(reverse("decision", args=[row.slug]))
        feed.add_item(
            title=_xml(_entry_title(row)),
            link=page,
            unique_id=page,
            description=_xml(row.summary),
            author_name=_xml(f"{row.decision_maker}, {row.office}"),
            pubdate=row.published_at,
            updateddate=row.edition_published_at,
            categories=(OUTCOME_WORDS[row.outcome], *(("Sample data",) if row.sample else ())),
        )
    return str(feed.writeString("utf-8"))


def _entry_title(row: Decision) -> str:
    corrected = f" (edition {row.edition}, corrected)" if row.edition > 1 else ""
    return f"{row.reference}: {row.title}{corrected}"


def _cell(value: str | int | bool) -> str:  # noqa: FBT001 - a column of yes and no
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    if text.startswith(FORMULA) and not NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def _taken(line: io.StringIO) -> str:
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text


def _xml(text: str) -> str:
    return NOT_XML.sub(" ", text)


def _london(moment: datetime) -> str:
    return moment.astimezone(LONDON).isoformat(timespec="seconds")
