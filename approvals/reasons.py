"""What the history of a paper cannot know by itself: why somebody sent it back or withdrew it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from approvals.models import Reason
from decisions.models import Event


def reasons(events: Sequence[Event]) -> Mapping[int, str]:
    """The reasons given with these events, by the event's key, as sentences."""
    given = Reason.objects.filter(event__in=events).values_list("event_id", "text")
    return {event: f"Reason: {text}" for event, text in given}
