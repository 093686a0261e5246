"""The sample cast, for tests: the same people as in the sample data, with a known password."""

from __future__ import annotations

from approvals.sample import cast as sample
from approvals.sample.cast import SINCE, Cast

__all__ = ["PASSWORD", "SINCE", "Cast", "assemble"]

PASSWORD = "correct horse battery staple"


def assemble() -> Cast:
    """Make the cast, its duties and appointments, and the series PCD."""
    return sample.assemble(PASSWORD)
