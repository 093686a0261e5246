"""The days of the sample, counted back from the day on which it is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")
SATURDAY: Final = 5


@dataclass(frozen=True)
class Calendar:
    """What day it is when the sample is loaded; everything recent is counted from it."""

    today: date

    def ago(self, working_days: int, hour: int = 10, minute: int = 0) -> datetime:
        """A moment in office hours, so many working days before today."""
        day, left = self.today, working_days
        while left > 0:
            day -= timedelta(days=1)
            left -= day.weekday() < SATURDAY
        return moment(day, hour, minute)

    def ahead(self, days: int) -> date:
        """A day after today."""
        return self.today + timedelta(days=days)

    def year(self, offset: int = 0) -> str:
        """A financial year as the papers write it ("2025/26"): this one, or years before or after.

        It begins on 1 April.
        """
        start = self.today.year - (self.today.month < 4) + offset
        return f"{start}/{(start + 1) % 100:02d}"


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """A time of day in London."""
    return datetime.combine(day, time(hour, minute), tzinfo=LONDON)
