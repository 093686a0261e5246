"""Invented papers, one for every other state and turn that a paper's life can take."""

from __future__ import annotations

from typing import Final

from approvals.sample.others.charging_points import sample as charging_points
from approvals.sample.others.exhibition_vehicle import sample as exhibition_vehicle
from approvals.sample.others.interpreters import sample as interpreters
from approvals.sample.others.media_monitoring import sample as media_monitoring
from approvals.sample.others.surrender_bins import sample as surrender_bins
from approvals.sample.others.unfinished import sample as unfinished
from approvals.sample.others.vehicle_workshop import sample as vehicle_workshop
from approvals.sample.others.workstations import sample as workstations
from approvals.sample.others.youth_outreach import sample as youth_outreach

OTHERS: Final = (
    charging_points,  # approved with changes, published, corrected
    exhibition_vehicle,  # refused, published
    vehicle_workshop,  # decided, publication deferred
    media_monitoring,  # withdrawn
    interpreters,  # decided, not yet published
    surrender_bins,  # with the Chief Executive
    youth_outreach,  # sent back once
    workstations,  # out for advice
    unfinished,  # draft, half filled
)
